"""Looking into a file that somebody sent: in a process of its own, which it may hang or kill (`decoding/`)."""

import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from agency.files.types import ENDINGS, PLAYED, TYPES, clean_name, ending_of, refusal

MB = 1024 * 1024
LETTERS = 200_000  # of the text read from a document
SECONDS, MEMORY_MB = 10, 1_500
DECODING = Path(__file__).with_name("decoding")


class Scrap(File):
    """A file without a name, which is gone when nobody holds it any more."""

    def __init__(self):
        super().__init__(TemporaryFile())  # noqa: SIM115 (closed below)

    def __del__(self):
        self.close()


@dataclass
class Arrived:
    """A file that may be kept. sha256 is of what is kept, `arrived` of what was sent: a picture is drawn anew in between."""

    name: str
    media_type: str
    content: File
    size: int
    sha256: str
    arrived: str


def examine(upload, *, media=False):
    """What `upload` (an uploaded file) is by its content. Raises Refused with a sentence.

    media: it came by a form that asks for video and sound, which may be larger (UPLOAD_MEDIA_MB).
    """
    name = clean_name(upload.name or "")
    shown = name or _("The file")
    check(upload, shown, settings.UPLOAD_MEDIA_MB if media and ending_of(name) in PLAYED else settings.UPLOAD_MB)
    content, digest = copied(upload)
    drawn = Scrap()
    found = decode("look", content, outs=[drawn], ending=ending_of(name))
    if "refused" in found:
        raise refusal(found["refused"], shown, type=found.get("name", ""), n=found.get("n", ""))
    kind = found["type"]
    if ending_of(name) not in TYPES[kind].endings:
        raise refusal("wrong_type", shown, type=TYPES[kind].label)
    if not TYPES[kind].drawn:
        return Arrived(name, kind, content, upload.size, digest, digest)
    return Arrived(name, kind, drawn, drawn.seek(0, 2), digest_of(drawn), digest)


def check(upload, name, limit):
    """What can be said before anybody looks into it."""
    if upload.size > limit * MB:
        raise refusal("too_large", name, limit=limit)
    if not upload.size:
        raise refusal("empty", name)
    if ending_of(str(name)) not in ENDINGS:
        raise refusal("ending", name)


def copied(upload):
    """A nameless copy of what was sent, and its digest."""
    content, digest = Scrap(), sha256()
    for chunk in upload.chunks():
        content.write(chunk)
        digest.update(chunk)
    content.flush()
    return content, digest.hexdigest()


def digest_of(file):
    """The SHA-256 of an open file from its beginning."""
    file.seek(0)
    digest = sha256()
    while chunk := file.read(MB):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def text_of(content):
    """(reading, text) of an open file of WITH_TEXT: `read`, `none` where there are no words, `unreadable`."""
    found = decode("read", content)
    if found.get("reading") != "read":
        return ("none" if found.get("reading") == "none" else "unreadable"), ""
    text = found["text"].encode("utf-8", "replace").decode()
    return "read", "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})


def decode(task, content, *, outs=(), beside=None, **asked):
    """What the process of `agency/decoding` answers; one that is killed or dies has found the file too heavy.

    It inherits nothing of ours: no environment, no open files but those it works on. outs: where it writes what it draws ·
    beside: a second file to read · asked: what else the task has to know.
    """
    content.seek(0)
    files = {"outs": [it.fileno() for it in outs], "beside": beside.fileno() if beside else -1}
    command = [sys.executable, "-s", "-E", str(DECODING), task, json.dumps(limits() | files | asked)]
    try:
        done = subprocess.run(
            command, stdin=content, capture_output=True, timeout=SECONDS, env={"LC_ALL": "C.UTF-8"}, check=True,
            pass_fds=[it.fileno() for it in (*outs, beside) if it], cwd="/",
        )  # fmt: skip
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "too_heavy"}
    finally:
        content.seek(0)


def limits():
    return {
        "ending": "", "seconds": SECONDS, "memory_mb": MEMORY_MB, "letters": LETTERS,
        "unpacked_mb": settings.UPLOAD_UNPACKED_MB, "megapixels": settings.UPLOAD_MEGAPIXELS,
        "frames": settings.UPLOAD_FRAMES, "pages": settings.UPLOAD_PAGES,
    }  # fmt: skip
