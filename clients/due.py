"""News of the client file, told once by the move that made it; and the safe links: their letters, and what ran out."""

from datetime import timedelta
from functools import partial

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from agency import clock
from clients.ladder import Ladder
from clients.link_letters import text_now, write_reminders
from clients.models import Client, Requirement, SafeLink
from clients.models.link import KIND
from reminders.registry import Due, Kind, Post, register, register_post

LOOK_BACK = timedelta(days=7)  # so long a worker may have been away and the sender still hears of it


def expired(today):
    """Links that ran out unanswered: told once to whoever sent them, or to the client's salesman if that colleague has left."""
    now = clock.now()
    lapsed = SafeLink.objects.filter(state=SafeLink.State.SENT, expires_at__lte=now, expires_at__gt=now - LOOK_BACK)
    links = list(lapsed.with_names().order_by("pk"))
    ladder = Ladder({link.client_id for link in links})
    for link in links:
        sender = link.created_by if link.created_by.is_active else ladder.salesman(link.client_id)
        if sender and not link.is_adrift:
            yield Due(subject=link, recipient=sender, rung=1, due_on=over_on(link), text=partial(sentence, link))


def sentence(link):
    words = {"contact": link.contact.named, "what": link.label}
    return _("%(contact)s has not answered: the link has expired (%(what)s).") % words


def over_on(link):
    return localdate(link.expires_at)


def is_unanswered(link, due_on, today):
    return link.state == SafeLink.State.SENT and link.is_expired and over_on(link) == due_on


register_post(Post(KIND, text=text_now, write=write_reminders))
register(
    Kind(
        "clients.link_expired",
        label=_("Links that nobody answered"),
        view_right="clients.view_client",
        model=SafeLink,
        owed=expired,
        is_due=is_unanswered,
    )
)

register(Kind("clients.seat_news", label=_("Seats on clients"), view_right="clients.view_client", model=Client))
register(
    Kind("clients.requirement_broken", label=_("Broken requirements"), view_right="clients.view_client", model=Requirement)
)
register(Kind("clients.client.shared", label=_("Shares"), view_right="clients.view_client", model=Client))
