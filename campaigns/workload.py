"""The load of people over two weeks (COO1): what the counting of `load.py` needs, in a constant number of queries.

Everybody's open work counts, whoever looks; but a step that the viewer may not see is "another client", with its load alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import cached_property

from accounts.calendars import days_between, own_days
from accounts.models import Person
from agency.workdays import calendar
from campaigns.load import breaks, days_of, need_of
from campaigns.models import Step

MOST, FREE = 60, 4  # people on a page, names of those who are free
WEEKS = 2
GIVE, MOVE = "campaigns.make_schedule", "campaigns.rearrange_steps"


@dataclass
class Row:
    """One person and the days shown. known: key → the steps that the viewer sees."""

    person: Person
    days: list
    known: dict

    @cached_property
    def cells(self):
        """(the day, its visible steps, how many others are wanted then)"""
        return [(day, self.seen(day), len(day.needs) - len(self.seen(day))) for day in self.days]

    def seen(self, day):
        return [self.known[need.key] for need in day.needs if need.key in self.known]

    @property
    def clashes(self):
        return [cell for cell in self.cells if cell[0].is_clash]

    @property
    def wanted(self):
        return sum(day.wanted for day in self.days)

    @property
    def free(self):
        """Per cent of a day that could still be taken on, over all days shown."""
        return sum(day.left for day in self.days)


@dataclass(frozen=True)
class Clash:
    """A day on which somebody is wanted for more than there is. steps: those the viewer sees, with `may_give` and
    `may_move` · others: how many more there are · free: colleagues of the same department with that day free."""

    person: Person
    day: object
    steps: list
    others: int
    free: list


def fortnight(day):
    """The Monday of the week of `day`, and the Sunday of the next."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(weeks=WEEKS, days=-1)


def rows_of(people, viewer, first: date, last: date, today: date):
    """A Row for each of these people: five queries, however many people and steps."""
    house, people = calendar(), list(people)
    steps = Step.objects.open().filter(Q(ends_on__gte=first) | Q(ends_on__lt=today), person__in=people, starts_on__lte=last)
    needs, keys = {}, []
    for step in steps.only("pk", "person", "starts_on", "ends_on", "kind").order_by("position", "pk"):
        needs.setdefault(step.person_id, []).append(need_of(step, today))
        keys.append(step.pk)
    seen = Step.objects.visible_to(viewer).filter(pk__in=keys).select_related("campaign", "client")
    known, own = {step.pk: step for step in seen}, own_days(people, house, first, last)
    days = days_between(first, last)
    return [Row(it, days_of(own[it.pk], days, needs.get(it.pk, [])), known) for it in people]


def clashes(rows, viewer):
    """The clashes of these rows by day, with the ways out that are the viewer's: two queries."""
    found = [(row, cell) for row in rows for cell in row.clashes]
    keys = {step.pk for _row, (_day, steps, _others) in found for step in steps}
    give, move = (
        set(Step.objects.where(viewer, right).filter(pk__in=keys).values_list("pk", flat=True)) for right in (GIVE, MOVE)
    )
    made = []
    for row, (day, steps, others) in found:
        for step in steps:
            step.may_give, step.may_move = step.pk in give, step.pk in move
        made.append(Clash(row.person, day, steps, others, free_then(rows, row.person, day.on)))
    return sorted(made, key=lambda clash: (clash.day.on, clash.person.pk))


def free_then(rows, person, on):
    """Colleagues of the same department among these rows who have the whole day left."""
    same = (row for row in rows if row.person.department_id == person.department_id and row.person != person)
    return [row.person for row in same if any(day.on == on and day.left >= 100 for day in row.days)][:FREE]


def broken_by(changes, today):
    """As `load.breaks`, with the calendars and the other open work of the people concerned: three queries."""
    owned = [step for step in changes if step.person_id]
    if not owned:
        return []
    first, last = min(step.starts_on for step in owned), max(step.ends_on for step in owned)
    people = Person.objects.filter(pk__in={step.person_id for step in owned})
    others = Step.objects.open().filter(person__in=people, starts_on__lte=last, ends_on__gte=first)
    return breaks(owned, own_days(people, calendar(), first, last), [need_of(step, today) for step in others])
