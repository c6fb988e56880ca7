"""Who has how much to do on which day (COO1): pure counting over rows. Knows calendars, and asks the database nothing.

An open step takes its share of each of its working days from its owner: a whole day where somebody sits and makes something, a
quarter of one where he only takes part or looks after what others do (SHARES). A part-timer's step takes that share of the part
worked, and nothing on a weekday not worked. What is late goes on until today. More than 100 per cent, or anything on a day on
which the person is away, is a clash.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.calendars import days_between
from campaigns.models.template import Kind

WHOLE, QUARTER = 100, 25
SHARES = dict.fromkeys((Kind.BRIEF, Kind.PLAN, Kind.WORK, Kind.DRAFT, Kind.SAMPLE), WHOLE)


@dataclass(frozen=True)
class Need:
    """One step as the counting sees it. key: of the step · person: key of its owner · share: per cent of a day it takes."""

    key: int
    person: int
    first: date
    last: date
    share: int = WHOLE


@dataclass(frozen=True)
class Day:
    """One day of one person. wanted, free: per cent of a day · needs: what is wanted then · away: whether absent, wholly or in
    part."""

    on: date
    wanted: int
    free: int
    needs: tuple
    away: bool

    @property
    def is_clash(self):
        return self.wanted > self.free

    @property
    def left(self):
        """What could still be taken on; never below 0."""
        return max(0, self.free - self.wanted)


def need_of(step, today):
    """The Need of an open step with an owner; what is late goes on until today."""
    late = step.ends_on < today
    return Need(
        step.pk, step.person_id, step.starts_on, today if late else step.ends_on, SHARES.get(step.kind, QUARTER)
    )  # fmt: skip


def day_of(own, on, needs):
    """One day of the person with the OwnDays `own`, of whose `needs` some may fall on it."""
    usual = own.usual(on)
    then = tuple(need for need in needs if need.first <= on <= need.last) if usual else ()
    return Day(on, sum(need.share * usual // WHOLE for need in then), own.free(on), then, own.is_away(on))


def days_of(own, days, needs):
    """Those of the given days on which the house works, as `Day`s of one person."""
    return [day_of(own, on, needs) for on in days if own.house.is_open(on)]


def breaks(changes, people_calendar, others=()):
    """What a proposed change would do to people: [(step, person, sentence)], in the sequence of the changes.

    changes: steps as they would be (unsaved; `starts_on`, `ends_on`, `person` set), those without a person are skipped ·
    people_calendar: person's key → `OwnDays` (accounts.calendars.own_days) · others: `Need`s of these people besides the
    changes; one for a changed step is overruled by the change. Sentences name days and persons, never another step or client.
    """
    owned = [step for step in changes if step.person_id in people_calendar]
    changed = {step.pk for step in changes}
    needs = [need for need in others if need.key not in changed] + [_as_planned(step) for step in owned]
    by_person = {}
    for need in needs:
        by_person.setdefault(need.person, []).append(need)
    found = []
    for step in owned:
        own = people_calendar[step.person_id]
        days = days_of(own, days_between(step.starts_on, step.ends_on), by_person[step.person_id])
        found += [(step, own.person, sentence) for sentence in sentences(own.person, days, step.pk)]
    return found


def _as_planned(step):
    return Need(step.pk, step.person_id, step.starts_on, step.ends_on, SHARES.get(step.kind, QUARTER))


def sentences(person, days, key):
    """What is wrong with the days of a step (its key), one sentence each for absences and overbooking."""
    mine = [day for day in days if day.is_clash and any(need.key == key for need in day.needs)]
    away = [day for day in mine if day.away]
    full = [day for day in mine if not day.away]
    if away:
        yield _("%(person)s is away on %(days)s.") % {"person": person, "days": told(away)}
    if full:
        words = {"person": person, "days": told(full), "n": max(day.wanted for day in full)}
        yield _("%(person)s is overbooked on %(days)s: up to %(n)d per cent of a day.") % words


def told(days):
    """The days in words: “Tue 24 Nov”, or from the first to the last of them."""
    pattern = pgettext("date format", "D j M")
    first, last = (date_format(days[end].on, pattern) for end in (0, -1))
    return first if len(days) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
