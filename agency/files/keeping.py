"""Keeping a file below MEDIA_ROOT, or in whatever store STORAGES names, and handing it out so that no browser runs it."""

import secrets

from django.core.files.storage import default_storage
from django.http import FileResponse

from agency.files.types import TYPES


def random_name(_instance=None, _filename=""):
    """Where a file lies in the private storage: nothing in it can be guessed or read."""
    name = secrets.token_hex(32)
    return f"files/{name[:2]}/{name[2:]}"


def stored(arrived):
    """Put the content into the private storage; returns its name there."""
    return default_storage.save(random_name(), arrived.content)


def served(file, *, name, media_type):
    """The answer that hands out a stored file: shown only if a browser can do no more with it than show it."""
    kind = TYPES.get(media_type)
    response = FileResponse(file, as_attachment=not (kind and kind.shown), filename=name, content_type=media_type)
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
