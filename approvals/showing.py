"""A version as it is shown, inside and to the client: its files as pieces, page by page, with the pins that stand on them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from approvals.models import DraftComment
from approvals.models.page_image import pages_of
from clients.models import Attachment
from clients.models.attachment import attachments_of


@dataclass
class Shown:
    """One page of a file. url, thumb: where its image lies for whoever looks; empty while it is not drawn."""

    number: int
    url: str
    thumb: str
    width: int
    height: int
    sentence: str = ""
    is_waiting: bool = False
    pins: list = field(default_factory=list)


@dataclass
class Piece:
    """One file of a version. number: from 1 · kind: pages, film, sound or file."""

    number: int
    file: Attachment
    kind: str
    url: str
    pages: list
    comments: list = field(default_factory=list)


def kind_of(media_type, pages):
    if media_type.startswith("video/"):
        return "film"
    if media_type.startswith("audio/"):
        return "sound"
    return "pages" if pages else "file"


def pieces_of(version, comments, *, file_url: Callable, page_url: Callable):
    """The files of a version in their order, with the comments that stand on them. Two queries.

    file_url(file, number), page_url(file, number, page, thumb): the addresses, which differ inside and for a client.
    """
    files, drawn = list(attachments_of(version)), {}
    for page in pages_of(files):
        drawn.setdefault(page.attachment_id, []).append(page)
    pieces = []
    for number, file in enumerate(files, start=1):
        own = [it for it in comments if it.file == number]
        pages = [shown(file, number, page, own, page_url) for page in drawn.get(file.pk, [])]
        kind, url = kind_of(file.media_type, pages), file_url(file, number)
        for it in own:
            it.played_at = f"{url}#t={it.second}" if it.second is not None else ""
        pieces.append(Piece(number, file, kind, url, pages, own))
    return pieces


def shown(file, number, page, comments, page_url):
    url, thumb = (page_url(file, number, page.number, small) if page.is_ready else "" for small in (False, True))
    pins = [it for it in comments if it.is_pin and it.page == page.number]
    return Shown(page.number, url, thumb, page.width, page.height, page.sentence, page.is_waiting, pins)


def comments_on(version):
    """The threads shown with a version, of whoever they are meant for."""
    return of_draft(DraftComment.objects.on(version).threads(), version)


def comments_for_client(version):
    """The threads a client's contact reads and writes in; nothing that is internal."""
    return of_draft(DraftComment.objects.on(version).for_client().threads(), version)


def of_draft(threads, version):
    """The threads, each knowing the draft in hand."""
    found = list(threads)
    for it in found:
        it.draft = version.draft
    return found
