"""A work schedule drawn as bars on weeks (COO4): pure counting, no query. Places are Mondays to Fridays from the first Monday."""

from dataclasses import dataclass
from datetime import timedelta

from agency.lanes import WEEK, Bar
from campaigns import arithmetic
from campaigns.reading import standing_of

MOST_WEEKS = 104
HEADS = 14


@dataclass(frozen=True)
class Chart:
    """What the template draws: one `rows` entry per step, `days` places wide; `heads` are (place, Monday)."""

    rows: list
    days: int
    today: int
    heads: list
    ends_on: object


@dataclass(frozen=True)
class Row:
    """A step on the chart: its bar, the numbers of the steps it waits for, and the working days it can slip."""

    number: int
    step: object
    bar: Bar
    standing: tuple
    waits_for: list
    spare: int

    @property
    def bars(self):
        return [self.bar]

    @property
    def is_critical(self):
        return self.spare == 0


def chart(steps, links, today):
    """The chart of a schedule. steps: in their order · links: (before, after, lag) by key."""
    numbers = {step.pk: number for number, step in enumerate(steps, start=1)}
    spare = spare_days(steps, links)
    first = monday(min(step.starts_on for step in steps))
    last = max(step.ends_on for step in steps)
    weeks = min(((monday(last) - first).days // 7) + 1, MOST_WEEKS)
    waits = {step.pk: sorted(numbers[before] for before, after, _lag in links if after == step.pk) for step in steps}
    rows = [
        Row(numbers[step.pk], step, bar_of(step, first, today), standing_of(step, today), waits[step.pk], spare[step.pk])
        for step in steps
    ]
    every = -(-weeks // HEADS)
    heads = [(week * WEEK, first + timedelta(weeks=week)) for week in range(0, weeks, every)]
    return Chart(rows, weeks * WEEK, place(today, first), heads, last)


def spare_days(steps, links):
    """{key of a step: working days by which it may slip before the whole ends later}; 0 is the critical path."""
    waits = {step.pk: [] for step in steps}
    for before, after, lag in links:
        waits[after].append((before, lag))
    return arithmetic.floats([arithmetic.Task(step.pk, step.days, tuple(waits[step.pk]), step.name) for step in steps])


def bar_of(step, first, today):
    state, word = standing_of(step, today)
    told = f"{step.name}: {word}"
    start, end = place(step.starts_on, first), place(step.ends_on, first) + 1
    return Bar(start, end, state, told=told, form=form_of(step, today))


def form_of(step, today):
    """How the bar is drawn: what is over pale, what is ahead light, the client's lateness hatched, the ownerless dashed."""
    if step.is_late(today):
        return "hatched" if step.is_clients else ""
    if not step.is_open:
        return "past" if step.state == step.State.CHECKED else ""
    if step.person_id is None:
        return "unassigned"
    return "ahead" if step.state == step.State.PLANNED else ""


def monday(day):
    return day - timedelta(days=day.weekday())


def place(day, first):
    """How many Mondays to Fridays lie between the first Monday and this day; a weekend counts to its Friday's end."""
    weeks, weekday = divmod((day - first).days, 7)
    return weeks * WEEK + min(weekday, WEEK - 1)
