"""The files of a record: added, handed out, read beside a form, taken away. Who sees the record sees its files.

The same pages serve every kind of record that names an `attach_right`.
"""

from itertools import chain
from uuid import uuid5

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agency.files import served
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import require
from clients.forms import FilesForm, ReasonForm
from clients.models import Attachment
from clients.models.attachment import attach, attachments_of
from clients.models.record import business_models


class Files(list):
    """The files of a record for its page, and where to add more; `form` only for those who may."""

    def __init__(self, record, person, form=None):
        super().__init__(attachments_of(record))
        self.record, self.kind, self.may_add = record, record._meta.label_lower, record.may_attach(person)
        self.form = (form or FilesForm(auto_id=f"{record._meta.model_name}_file_%s")) if self.may_add else None


def files_of(record, person):
    """What `clients/_files.html` shows on the record's page. Two queries, however many files there are."""
    return Files(record, person)


def record_with_files(person, kind, pk):
    """The record of this kind (`briefs.brief`) that `person` sees, or 404."""
    for model in business_models():
        if model._meta.label_lower == kind and model.attach_right:
            return get_object_or_404(model.objects.visible_to(person), pk=pk)
    raise Http404


def visible_file(person, pk, **more):
    """The file, unless it was taken away or its record is not for `person`: then there is none."""
    return get_object_or_404(Attachment.objects.visible_to(person).kept().select_related("client"), pk=pk, **more)


# ── Files that a browser sends one by one ───────────────────────────────────────────────────────
def is_sent_alone(request):
    """Whether a script (`sending-files`) sends a file by itself and waits to hear what became of it."""
    return request.headers.get("Accept", "") == "application/json"


def told_of_file(request, form, keep, *, line="clients/_file.html", **shown):
    """What the script is told: 201 with the line of the file for the list, or 422 with the sentence why it is not kept.

    keep: keeps what the form has looked into and returns the attachments; the caller has asked the right. A token that comes
    twice (a retry after a broken connection) has to give the same attachment again.
    """
    try:
        if form.is_valid():
            lines = [render_to_string(line, {"file": it, **shown}, request) for it in keep()]
            return JsonResponse({"html": "".join(lines)}, status=201)
    except Refused as why:
        return JsonResponse({"refused": str(why)}, status=422)
    return JsonResponse({"refused": " ".join(chain.from_iterable(form.errors.values()))}, status=422)


# ── The pages ───────────────────────────────────────────────────────────────────────────────────
@require_safe
def file(request, pk, name):
    attachment = visible_file(request.user, pk, name=name)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return served(content, name=attachment.name, media_type=attachment.media_type, request=request)


@require_http_methods(["GET", "HEAD", "POST"])
def files(request, kind, pk):
    record = record_with_files(request.user, kind, pk)
    require(request.user, record.attach_right, record)
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    if form.is_bound and _add(request, record, form):
        return redirect(record)
    shown = {"record": record, "files": Files(record, request.user, form), "form": form}
    return render(request, "clients/files.html", shown, status=422 if form.is_bound else 200)


def _add(request, record, form):
    """Keep what is good; whether all of it was. Sent twice, a form adds its files once."""
    whole, added = form.is_valid(), 0
    token, note = form.cleaned_data.get("token"), form.cleaned_data.get("note")
    if token is None or note is None:
        return False
    for arrived in form.fields["files"].arrived:
        attach(record, arrived, by=request.user, note=note, token=uuid5(token, f"{arrived.name} {arrived.sha256}"))
        added += 1
    if added:
        messages.success(request, ngettext("%(n)d file is added.", "%(n)d files are added.", added) % {"n": added})
    return whole


@require_http_methods(["GET", "HEAD", "POST"])
def file_take_away(request, pk):
    attachment = visible_file(request.user, pk)
    record = attachment.subject
    require(request.user, record.attach_right, record) if record.attach_right else _nowhere()
    if attachment.is_cited:
        raise Refused(_("“%(file)s” proves a decision; it stays where it is.") % {"file": attachment})
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(
        form, lambda: (attachment.take_away(by=request.user, reason=form.cleaned_data["reason"]),)
    ):  # fmt: skip
        messages.success(request, _("“%(file)s” is taken away. Its name and digest stay in the trail.") % {"file": attachment})
        return redirect(record)
    shown = {"attachment": attachment, "record": record, "form": form}
    return render(request, "clients/file_take_away.html", shown, status=422 if form.is_bound else 200)


def _nowhere():
    raise Http404


@require_safe
def file_text(request, pk):
    """The text of a document, to copy from."""
    attachment = visible_file(request.user, pk)
    return render(request, "clients/file_text.html", {"attachment": attachment, "record": attachment.subject})
