"""The stage of the demo agency: its day, its people and its clients, and the order in which the past is played.

Every date of the story is an offset in working days of the agency's calendar from the day of loading, or the working day
before it; so the demo never ages. What happens is an act: it is played at its own hour, with the clock set to it, so that
histories, events, courts and notices lie where they would lie if the agency had lived through it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from agency import clock
from agency.workdays import calendar


@dataclass(frozen=True)
class Act:
    """Something that happens on a working day (offset) at an hour ("09:15"); `do` takes nothing."""

    offset: int
    hour: str
    do: Callable

    @property
    def when(self):
        return self.offset, time.fromisoformat(self.hour)


class Stage:
    """Where the story is played. people by short name, clients by code, briefs and jobs by the story's own keys."""

    def __init__(self, day):
        self.workdays = calendar()
        self.today = self.workdays.on_or_before(day)
        self.end = clock.now()
        self.people, self.clients, self.briefs, self.jobs, self.groups = {}, {}, {}, {}, {}

    def reopen(self):
        """Take the calendar again, after the agency's own days have been written into it."""
        self.workdays = calendar()

    def day(self, offset):
        """The date so many working days from today."""
        return self.today if offset == 0 else self.workdays.add(self.today, offset)

    def instant(self, offset, hour):
        """That hour of that day in the agency; nothing of the story happens later than now."""
        then = datetime.combine(self.day(offset), time.fromisoformat(hour), ZoneInfo(settings.TIME_ZONE))
        return min(then, self.end)

    def at(self, offset, hour="09:00"):
        """A block in which it is that hour."""
        return clock.at(self.instant(offset, hour))

    def play(self, acts):
        """Play the acts in the order of their hours; acts of the same minute in the order in which they are told."""
        for act in sorted(acts, key=lambda it: it.when):
            with self.at(act.offset, act.hour):
                act.do()


def token(name):
    """The token of a record of the demo: the same name gives the same token."""
    return uuid5(NAMESPACE_URL, f"accord-demo:{name}")
