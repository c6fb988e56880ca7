"""Asking for files in a form, and reading no more of them than may be kept."""

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agency.files.looking import MB, examine
from agency.files.types import ENDINGS, TAKEN
from agency.refusals import Refused

HINT, LARGER = _("{taken}; up to {most} MB each."), _("{taken}; up to {most} MB each, video and sound up to {media} MB.")


class TooLarge(UploadedFile):
    """Stands for a file of which nothing was kept once it was too large."""


def takes_media(view):
    """Marks a view whose form asks for video and sound: one such file of UPLOAD_MEDIA_MB may come with its other files."""
    view.takes_media = True
    return view


class KeepWithinLimits(FileUploadHandler):
    """Reads away, without keeping it, what is larger than a file may be; a form larger than all its files is not read."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        media = is_asked_for_media(self.request)
        self.most = settings.UPLOAD_MEDIA_MB if media else settings.UPLOAD_MB
        if content_length > (settings.UPLOAD_FILES * settings.UPLOAD_MB + 5 + media * settings.UPLOAD_MEDIA_MB) * MB:
            raise RequestDataTooBig("The form is larger than all the files it may bring.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.read = 0

    def receive_data_chunk(self, raw_data, start):
        self.read += len(raw_data)
        return None if self.read > self.most * MB else raw_data

    def file_complete(self, file_size):
        if self.read <= self.most * MB:
            return None
        for handler in self.request.upload_handlers:  # what one behind this has begun to keep is let go
            handler.upload_interrupted()
        return TooLarge(name=self.file_name, size=self.read)


def is_asked_for_media(request):
    """Whether the address takes video and sound, and somebody who has logged in sends it."""
    found = getattr(request, "resolver_match", None)
    user = getattr(request, "user", None)
    return bool(found and getattr(found.func, "takes_media", False) and user and user.is_authenticated)


class FileInput(forms.ClearableFileInput):
    """Offers the types that are taken; the server looks into the file all the same."""

    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs=None, *, several=False):
        self.allow_multiple_selected = several
        wanted = {"accept": ",".join(f".{ending}" for ending in ENDINGS)} | ({"multiple": True} if several else {})
        super().__init__(wanted | (attrs or {}))


class UploadField(forms.FileField):
    """One file, looked into: cleaned it is an `Arrived`, or None where it may be left out.

    media: video and sound may be as large as UPLOAD_MEDIA_MB; the view that takes the form is marked `takes_media`.
    """

    default_error_messages = {"required": _("Please choose a file."), "invalid": _("Please choose the file again.")}

    def __init__(self, *, several=False, media=False, help_text="", **kwargs):
        self.media = media
        limits = {"taken": TAKEN, "most": settings.UPLOAD_MB, "media": settings.UPLOAD_MEDIA_MB}
        hint = help_text or format_lazy(LARGER if media else HINT, **limits)
        super().__init__(widget=kwargs.pop("widget", FileInput(several=several)), help_text=hint, **kwargs)

    def clean(self, data, initial=None):
        return self.looked_into(data) if data else super().clean(data, initial)

    def looked_into(self, upload):
        try:
            return examine(upload, media=self.media)
        except Refused as why:
            raise ValidationError(str(why)) from why


class FilesField(UploadField):
    """Several files at once. The good ones stand in `arrived` even where another is refused; that is told beside the field."""

    arrived = ()  # a form's own, made when it is cleaned: fields are copied, but not what hangs on them

    def __init__(self, **kwargs):
        super().__init__(several=True, **kwargs)

    def clean(self, data, initial=None):
        self.arrived, given, refused = [], [it for it in data or [] if it], []
        if not given:
            return super().clean(None, initial) or []
        if len(given) > settings.UPLOAD_FILES:
            raise ValidationError(_("Please send up to %(n)d files at once.") % {"n": settings.UPLOAD_FILES})
        for upload in given:
            try:
                self.arrived.append(self.looked_into(upload))
            except ValidationError as why:
                refused.extend(why.messages)
        if refused:
            raise ValidationError(refused)
        return self.arrived
