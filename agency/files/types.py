"""Which files are taken, what is said where one is not, and what they may be called."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agency.refusals import Refused

NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument."
NEVER_IN_NAMES = re.compile(r'[<>:"|?*%#&;\\/]')


@dataclass(frozen=True)
class Type:
    """A type of file that is taken: what people call it, how its names may end, whether a browser shows it.

    drawn: a picture, drawn anew before it is kept · played: video or sound, kept as it came and handed out in parts.
    """

    label: Any
    endings: tuple
    shown: bool = False
    drawn: bool = False
    played: bool = False


TYPES = {
    "image/png": Type(_("PNG picture"), ("png",), shown=True, drawn=True),
    "image/jpeg": Type(_("JPEG picture"), ("jpg", "jpeg"), shown=True, drawn=True),
    "image/webp": Type(_("WebP picture"), ("webp",), shown=True, drawn=True),
    "image/gif": Type(_("GIF picture"), ("gif",), shown=True, drawn=True),
    "application/pdf": Type("PDF", ("pdf",), shown=True),
    f"{OFFICE}wordprocessingml.document": Type(_("Word document"), ("docx",)),
    f"{OFFICE}spreadsheetml.sheet": Type(_("Excel workbook"), ("xlsx",)),
    f"{OFFICE}presentationml.presentation": Type(_("PowerPoint presentation"), ("pptx",)),
    "text/plain": Type(pgettext_lazy("a type of file", "Text"), ("txt",)),
    "text/csv": Type("CSV", ("csv",)),
    "message/rfc822": Type(pgettext_lazy("a type of file", "E-mail"), ("eml",)),
    "video/mp4": Type(_("MP4 video"), ("mp4", "m4v"), shown=True, played=True),
    "video/webm": Type(_("WebM video"), ("webm",), shown=True, played=True),
    "audio/mpeg": Type(_("MP3 sound"), ("mp3",), shown=True, played=True),
    "audio/mp4": Type(_("M4A sound"), ("m4a",), shown=True, played=True),
    "audio/wav": Type(_("WAV sound"), ("wav",), shown=True, played=True),
    "audio/ogg": Type(_("Ogg sound"), ("ogg", "oga"), shown=True, played=True),
}
WITH_TEXT = ("application/pdf", f"{OFFICE}wordprocessingml.document")
ENDINGS = tuple(ending for kind in TYPES.values() for ending in kind.endings)
PLAYED = tuple(ending for kind in TYPES.values() if kind.played for ending in kind.endings)
TAKEN = _("PNG, JPEG, WebP, GIF, PDF, DOCX, XLSX, PPTX, TXT, CSV, EML, MP4, WebM, MP3, M4A, WAV or OGG")

REFUSALS = {
    "empty": _("“%(name)s” is empty. Please choose the file again."),
    "too_large": _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or send it in parts."),
    "ending": _("“%(name)s” is of a type that is not taken here. Please send %(taken)s."),
    "wrong_type": _("“%(name)s” is in truth of another type: %(type)s. Give it the right ending and send it again."),
    "foreign": _("“%(name)s” is not taken: its content is %(type)s. Please send %(taken)s."),
    "unknown": _("“%(name)s” holds something that is not taken here. Please send %(taken)s."),
    "broken": _("“%(name)s” cannot be opened: it is damaged or cut off. Please save it anew and send it again."),
    "locked": _("“%(name)s” is protected by a password. Please save it without one and send it again."),
    "two_things": _("“%(name)s” is two files in one. Please save it anew from its program and send it again."),
    "too_many_pixels": _("“%(name)s” has %(n)s million pixels; up to %(limit)s are taken. Please make it smaller."),
    "too_many_frames": _("“%(name)s” is made of %(n)s pictures; up to %(limit)s are taken."),
    "too_many_pages": _("“%(name)s” has %(n)s pages; up to %(limit)s are taken. Please send it in parts."),
    "too_much_inside": _("“%(name)s” unpacks to more than is taken. Please save it anew, or as a PDF."),
    "too_heavy": _("“%(name)s” takes too long to look through. Please make it smaller or simpler."),
    "macros": _("“%(name)s” holds a program (macros). Please save it without and send it again."),
    "no_document": _("“%(name)s” is an archive and no document. Please send the documents in it one by one."),
    "no_letter": _("“%(name)s” is no e-mail as a mail program saves it."),
    "markup": _("“%(name)s” holds a web page or a drawing made of code, which is not taken. A PDF or a PNG of it is."),
    "program": _("“%(name)s” is a program and is not taken."),
}
LIMITS = {
    "too_large": "UPLOAD_MB", "too_many_pixels": "UPLOAD_MEGAPIXELS",
    "too_many_frames": "UPLOAD_FRAMES", "too_many_pages": "UPLOAD_PAGES",
}  # fmt: skip


def refusal(code, name, **words):
    """The sentence for a file that is not taken."""
    limit = getattr(settings, LIMITS.get(code, ""), "")
    words = {"name": name, "limit": limit, "taken": TAKEN, "type": words.pop("type", ""), **words}
    return Refused(REFUSALS.get(code, REFUSALS["unknown"]) % words)


# ── Names ───────────────────────────────────────────────────────────────────────────────────────
def clean_name(given):
    """A name that can be shown and saved anywhere: no path, no control or direction characters, at most NAME long."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    name = " ".join(NEVER_IN_NAMES.sub(" ", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:NAME]
    return f"{stem[: NAME - 1 - len(ending)].rstrip('. ')}.{ending}" if len(ending) < 10 else name[:NAME]


def ending_of(name):
    return name.rpartition(".")[2].lower() if "." in name else ""
