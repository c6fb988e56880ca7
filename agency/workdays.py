"""Working days: weekends and public holidays of a country, and the agency's own exceptions to them.

Every "in two working days" of the house is counted here, so that a due date, a reminder and a schedule never disagree.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils.translation import gettext as _

from agency.models import AgencyDay

FIRST, LAST = date(1970, 1, 1), date(2100, 12, 31)
DAY = timedelta(hours=24)


class Impossible(ValueError):
    """No date answers what was asked. `str()` says why, in a sentence for the person who asked."""


def calendar(country="", subdivision=""):
    """The agency's calendar as it stands now. One query: take it once and hand it down.

    country, subdivision: of a client, where the client's answer is counted; the agency's own days are then no matter.
    """
    if country:
        return Workdays(country, subdivision, zone=settings.TIME_ZONE)
    exceptions = dict(AgencyDay.objects.values_list("date", "is_open"))
    return Workdays(settings.COUNTRY, settings.SUBDIVISION, exceptions, settings.TIME_ZONE)


class Workdays:
    """A calendar of open and closed days between FIRST and LAST; a question that leads beyond them raises `Impossible`.

    country, subdivision: codes as the holidays library knows them · exceptions: date → True (open although a holiday or
    a weekend) or False (closed although ordinary) · zone: name of the zone whose clock and midnights count ·
    off: weekdays (Monday is 0) closed besides, for somebody who works part of the week.
    """

    def __init__(self, country, subdivision="", exceptions=None, zone="UTC", off=()):
        self.country, self.subdivision = country, subdivision
        self.exceptions = dict(exceptions or {})
        self.off = frozenset(off)
        self.zone = ZoneInfo(zone)
        self._years = {}

    def without(self, days=(), off=()):
        """The same calendar for one person: closed too on these days (absences) and on these weekdays (part-time)."""
        closed = self.exceptions | dict.fromkeys(days, False)
        return Workdays(self.country, self.subdivision, closed, self.zone.key, self.off.union(off))

    def is_open(self, day):
        days = self._open_days(day.year)
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day

    def on_or_after(self, day):
        return self.add(day, 0)

    def on_or_before(self, day):
        return day if self.is_open(day) else self.add(day, -1)

    def add(self, day, n):
        """The n-th open day after `day`, or before it if n is negative; with n = 0 the day itself or the next open one."""
        days = self._open_days(day.year)
        return self._nth(day.year, bisect_right(days, day) + n - 1 if n > 0 else bisect_left(days, day) + n)

    def first_day(self, index, start):
        """The open day with this index, where the first open day on or after `start` has index 0."""
        return self._nth(start.year, bisect_left(self._open_days(start.year), start) + index)

    def between(self, a, b):
        """How many open days lie in (a, b]; if b is before a, minus those in (b, a]."""
        if b < a:
            return -self.between(b, a)
        whole_years = sum(len(self._open_days(year)) for year in range(a.year, b.year))
        return whole_years + bisect_right(self._open_days(b.year), b) - bisect_right(self._open_days(a.year), a)

    def hours_clock(self, start, hours):
        """The instant (UTC) at which a clock started at `start` (aware) has run for `hours`, in the calendar's zone.

        The clock runs 24 hours on every open day and stands still on closed ones, so a meeting that ends on Friday at 11:00
        is due on Monday at 11:00. It goes by the clock on the wall: a day on which summer time begins or ends counts 24 too.
        It never ends on a closed day.
        """
        if start.tzinfo is None or hours < 0:
            raise ValueError("The clock needs an aware start and hours of zero or more.")
        day, running = self._wall(start)
        days, rest = divmod(running + timedelta(hours=float(hours)), DAY)
        end = datetime.combine(self.first_day(days, day), time(), self.zone) + rest
        if days == 0:
            end = end.replace(fold=start.astimezone(self.zone).fold)
        return end.astimezone(UTC)

    def _wall(self, start):
        """The open day on which the clock starts, and how far into it by the clock on the wall."""
        local = start.astimezone(self.zone).replace(tzinfo=None)
        if not self.is_open(local.date()):
            return self.on_or_after(local.date()), timedelta()
        return local.date(), local - datetime.combine(local.date(), time())

    def _nth(self, year, index):
        """The open day number `index` counted from the year's first open day; the index may point into other years."""
        while index < 0:
            year -= 1
            index += len(self._open_days(year))
        while index >= len(self._open_days(year)):
            index -= len(self._open_days(year))
            year += 1
        return self._open_days(year)[index]

    def _open_days(self, year):
        if year not in self._years:
            days = _countrys_open_days(self.country, self.subdivision, year)
            ours = {day for day in self.exceptions if day.year == year}
            found = {*days} - ours | {day for day in ours if self.exceptions[day]}
            self._years[year] = sorted(day for day in found if day.weekday() not in self.off)
        return self._years[year]


@lru_cache(maxsize=1024)
def _countrys_open_days(country, subdivision, year):
    """All days of a year that are neither weekend nor public holiday there. The bound keeps every search finite."""
    if not FIRST.year <= year <= LAST.year:
        limits = {"first": FIRST.year, "last": LAST.year}
        raise Impossible(_("No working day was found between %(first)d and %(last)d. Please check the date.") % limits)
    there = holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False)
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return tuple(day for day in days if day.year == year and there.is_working_day(day))
