"""What a safe link can be for. Each app registers its purposes in `client_pages.py`; this floor knows them only from here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PURPOSES = {}


@dataclass(frozen=True)
class Purpose:
    """What a contact is asked to do.

    name: e.g. "briefs.playback" · label: as the client reads it ("Confirm our summary of your brief"), lazily translated ·
    page(request, link) answers GET, HEAD and POST; only POST decides, and the link and its record are locked by then ·
    right: who sends such a link, reminds of it and takes it back, asked on the record ·
    parts(request, link, rest): answers what lies below the address of the link: the pictures and files of what it shows, and
    comments that are sent; never an answer. As for a page, only POST changes something, with record and link locked ·
    reminds: whether the contact is written to once on the working day before the answer is due.
    """

    name: str
    label: Any
    page: Callable
    right: str = "clients.send_document"
    reminds: bool = True
    parts: Callable | None = None


def register(purpose):
    """Make a purpose known. Refuses a name taken twice."""
    if purpose.name in PURPOSES:
        raise ValueError(f"The purpose of links {purpose.name!r} is registered twice.")
    PURPOSES[purpose.name] = purpose
    return purpose
