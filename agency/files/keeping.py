"""Keeping a file below MEDIA_ROOT, or in whatever store STORAGES names, and handing it out so that no browser runs it."""

import re
import secrets

from django.core.files.storage import default_storage
from django.http import FileResponse

from agency.files.types import TYPES

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def random_name(_instance=None, _filename=""):
    """Where a file lies in the private storage: nothing in it can be guessed or read."""
    name = secrets.token_hex(32)
    return f"files/{name[:2]}/{name[2:]}"


def stored(arrived):
    """Put the content into the private storage; returns its name there."""
    return default_storage.save(random_name(), arrived.content)


def served(file, *, name, media_type, request=None):
    """The answer that hands out a stored file: shown only if a browser can do no more with it than show it.

    Of video and sound a browser may ask for a part (`Range` of `request`), so that one can wind on.
    """
    kind = TYPES.get(media_type)
    played = bool(kind and kind.played)
    part = asked_part(request, file.size) if played and request else None
    how = {"as_attachment": not (kind and kind.shown), "filename": name, "content_type": media_type}
    response = FileResponse(Part(file, *part) if part else file, **how)
    if played:
        response["Accept-Ranges"] = "bytes"
    if part:
        tell_part(response, *part, file.size)
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────
def asked_part(request, size):
    """(first, last) byte of the one part that is asked for; (size, size - 1) where there is no such part; None for all of it.

    Several parts at once, or words that mean nothing, are answered with the whole file, as the protocol allows.
    """
    found = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or request.method != "GET" or "If-Range" in request.headers:
        return None
    first, last = (int(digits) if digits else None for digits in found.groups())
    if first is None:
        return (max(size - last, 0), size - 1) if last else (size, size - 1) if last == 0 else None
    if last is not None and last < first:
        return None
    return (first, min(size - 1 if last is None else last, size - 1)) if first < size else (size, size - 1)


class Part:
    """Reads an open file from `first` to `last`, both included."""

    def __init__(self, file, first, last):
        self.file, self.left, self.close = file, last - first + 1, file.close
        file.seek(first)

    def read(self, most):
        found = self.file.read(min(most, self.left))
        self.left -= len(found)
        return found


def tell_part(response, first, last, size):
    is_there = first < size
    response.status_code = 206 if is_there else 416
    response["Content-Range"] = f"bytes {first}-{last}/{size}" if is_there else f"bytes */{size}"
    response["Content-Length"] = last - first + 1
