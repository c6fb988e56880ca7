"""Safe links as the rest of the house uses them: purposes are registered, links sent, shown on a record's page, taken back.

What a contact meets behind the address is in `clients.door`, the form of an answer in `clients.answering`.
"""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from agency.pages import make_move
from clients.models.link import PLACE, SafeLink
from clients.purposes import PURPOSES, Purpose, register
from clients.visitor import BY_LINK, Visitor

__all__ = ["BY_LINK", "PLACE", "PURPOSES", "Purpose", "SafeLink", "Visitor", "link_move", "links_of", "register"]
MOST = 50


def links_of(record, person):
    """The links to a record, newest first, each with the `moves` open to `person`; for `clients/_links.html`.

    Who has just been written to is not offered to be reminded.
    """
    links = list(SafeLink.objects.about(record).visible_to(person).with_names()[:MOST])
    rights = {right: person.has_perm(right, record) for right in {link.right for link in links}}
    for link in links:
        link.subject = record
        link.moves = [it for it in link.moves_open_to(Held(rights)) if it.name != "remind" or link.is_rested]
    return links


class Held:
    """A person's rights on one record, read at once for all its links."""

    def __init__(self, rights):
        self.rights = rights

    def has_perm(self, right, record):
        return self.rights.get(right, False)


@require_POST
def link_move(request, pk, name):
    """Remind of a link or take it back, from the page of its record."""
    link = get_object_or_404(SafeLink.objects.visible_to(request.user).with_names(), pk=pk)
    return make_move(request, link, name, url=link.get_absolute_url())
