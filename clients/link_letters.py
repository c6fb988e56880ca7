"""The letters of safe links: looked at again at the moment of sending, when alone the address is put in; and the link's own
reminder on the working day before the answer is due."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from agency import clock
from agency.flow import lock
from agency.workdays import calendar
from clients.models.link import PLACE, SafeLink
from clients.purposes import PURPOSES
from clients.tokens import address_of, hash_of, token_of


def text_now(letter):
    """The text as it may leave now; None if the link is no longer live, or the letter is for an address of before."""
    link = SafeLink.objects.with_names().filter(pk=letter.about).first()
    if link is None or not link.is_live or link.sent_to != letter.to:
        return None
    _mend(link)
    return letter.body.replace(PLACE, address_of(link.seed))


def _mend(link):
    """The house has another key than when the link was made: what was sent before opens nothing, what leaves now does."""
    current = hash_of(token_of(link.seed))
    if current != link.token_hash:
        SafeLink.objects.filter(pk=link.pk).update(token_hash=current)  # no field of its history


def write_reminders(now):
    """Write to the contacts whose answer is due on the next working day, once each, in the agency's morning."""
    there = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    today = there.date()
    if there.hour < settings.DIGEST_HOUR or not calendar().is_open(today):
        return
    due = SafeLink.objects.waiting(now).filter(remind_on__lte=today, due_on__gte=today)
    for key in list(due.order_by("pk").values_list("pk", flat=True)):
        _remind_once(key)


@transaction.atomic
def _remind_once(key):
    link = SafeLink.objects.with_names().get(pk=key)
    lock(link)
    if link.remind_on is None:
        return  # another machine was here first
    SafeLink.objects.filter(pk=key).update(remind_on=None, reminded_at=clock.now())  # nobody's move: no line of its history
    if link.is_live and PURPOSES[link.purpose].reminds:
        link.write_reminder()
