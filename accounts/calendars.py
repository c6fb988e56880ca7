"""A person's own days: the agency's calendar less absences and the weekdays not worked. One reading for load and schedule."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models.absence import Absence
from accounts.models.person import Person
from agency.workdays import Workdays


@dataclass(frozen=True)
class OwnDays:
    """The days of one person.

    house: the agency's calendar · shares: the per cent of each weekday worked, Monday first · away: date → the per cent of that
    day lost to absences.
    """

    person: Person
    house: Workdays
    shares: tuple
    away: dict = field(default_factory=dict)

    def usual(self, day: date):
        """The per cent of a day that the person works on such a day when not away; 0 on a closed one."""
        return self.shares[day.weekday()] if self.house.is_open(day) else 0

    def free(self, day: date):
        """The same, less absences: never below 0."""
        return self.usual(day) * (100 - min(100, self.away.get(day, 0))) // 100

    def is_away(self, day: date):
        return self.free(day) < self.usual(day)

    @property
    def workdays(self):
        """A calendar of the days on which the person works at all, to count and to schedule with."""
        gone = [day for day, lost in self.away.items() if lost >= 100]
        return self.house.without(gone, [weekday for weekday, share in enumerate(self.shares) if share == 0])


def own_days(people, house, first, last):
    """person's key → OwnDays, with the absences from `first` to `last`. One query, however many people."""
    found = {person.pk: OwnDays(person, house, person.shares) for person in people}
    for absence in Absence.objects.touching(first, last).filter(person__in=found):
        away = found[absence.person_id].away
        for day in days_between(max(first, absence.first), min(last, absence.last)):
            away[day] = away.get(day, 0) + absence.lost
    return found


def days_between(first, last):
    """Every day from the first to the last, both of them."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
