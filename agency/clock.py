"""The one clock. All code asks here what time it is, so that a past can be laid down and a test can stand on a day."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from zoneinfo import ZoneInfo

from django.utils import timezone

_stopped_at = ContextVar("accord_clock", default=None)


def now():
    """This instant, aware, in UTC."""
    return _stopped_at.get() or timezone.now()


def today():
    """The agency's date, whatever zone the person who looks at the page has chosen."""
    return timezone.localdate(now(), timezone.get_default_timezone())


def today_for(person):
    """The date where the person is: due dates are read in the person's own zone. Without a zone, the agency's date."""
    return now().astimezone(ZoneInfo(person.time_zone)).date() if person.time_zone else today()


@contextmanager
def at(instant):
    """Inside this block it is `instant` (aware) and stays so. Blocks nest; each gives back the time it found."""
    if timezone.is_naive(instant):
        raise ValueError("The clock is set to an aware instant only.")
    before = _stopped_at.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _stopped_at.reset(before)
