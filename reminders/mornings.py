"""When a mail may leave: by the recipient's own clock, on the agency's working days."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def zone_of(person):
    """The person's zone; the agency's for somebody who has named none."""
    return ZoneInfo(person.time_zone or settings.TIME_ZONE)


def local_day(instant, person):
    """The date where the person is, at this instant."""
    return instant.astimezone(zone_of(person)).date()


def morning(day, person):
    """The instant (UTC) of the digest hour on `day` where the person is; on the wall's clock, whatever summer time does."""
    return datetime.combine(day, time(settings.DIGEST_HOUR), zone_of(person)).astimezone(UTC)


def next_morning(day, person, workdays):
    """The morning of `day`, or of the next working day if the agency is closed on it."""
    return morning(workdays.on_or_after(day), person)


def coming_morning(instant, person, workdays):
    """The first morning of a working day that is still to come at `instant`."""
    day = local_day(instant, person)
    morning_of_day = next_morning(day, person, workdays)
    return morning_of_day if morning_of_day > instant else next_morning(day + timedelta(days=1), person, workdays)


def leaves_at(instant, person, workdays):
    """When news made at `instant` may leave: at once on a working day of the agency, else the next working morning."""
    day = local_day(instant, person)
    return instant if workdays.is_open(day) else next_morning(day, person, workdays)
