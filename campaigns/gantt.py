"""A work schedule drawn as bars on weeks (COO4): pure counting, no query. Places are Mondays to Fridays of the weeks shown."""

from dataclasses import dataclass
from datetime import timedelta

from agency.lanes import WEEK, Bar
from campaigns import arithmetic
from campaigns.reading import standing_of

MOST_WEEKS = 104
HEADS = 9


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
    """A step on the chart: its bar, the numbers of those it waits for, and the working days it can slip until it is checked."""

    number: int
    step: object
    bar: Bar
    standing: tuple
    waits_for: list
    spare: int | None

    @property
    def bars(self):
        return [self.bar]

    @property
    def is_critical(self):
        return self.spare == 0


def chart(steps, links, today, workdays):
    """The chart of a schedule. steps: in their order · links: (before, after, lag) by key."""
    numbers = {step.pk: number for number, step in enumerate(steps, start=1)}
    spare = spare_days(steps, links, workdays)
    first, last = monday(min(step.starts_on for step in steps)), max(step.ends_on for step in steps)
    weeks = min((monday(last) - first).days // 7 + 1, MOST_WEEKS)
    waits = {step.pk: sorted(numbers[before] for before, after, _lag in links if after == step.pk) for step in steps}
    rows = [
        Row(numbers[step.pk], step, bar_of(step, first, today), standing_of(step, today), waits[step.pk], spare.get(step.pk))
        for step in steps
    ]
    return Chart(rows, weeks * WEEK, place(today, first), heads(first, weeks), last)


def heads(first, weeks):
    """(place, Monday) of the weeks named above the bars: not more than fit beside each other."""
    every = -(-weeks // HEADS)
    return [(week * WEEK, first + timedelta(weeks=week)) for week in range(0, weeks, every)]


def spare_days(steps, links, workdays):
    """{key of an unchecked step: working days by which it may slip before the whole ends later}; 0 is the critical path.

    What is left is counted where it really lies: each step begins no earlier than on its first day.
    """
    left = {step.pk: step for step in steps if step.state != step.State.CHECKED}
    begin = min((step.starts_on for step in left.values()), default=None)
    tasks = []
    for key, step in left.items():
        waits = [(before, lag) for before, after, lag in links if after == key and before in left]
        pins = list(_pins(key, workdays.between(begin, step.starts_on)))
        tasks += [*pins, arithmetic.Task(key, step.days, (*waits, *((pin.key, 0) for pin in pins[-1:])), step.name)]
    spare = arithmetic.floats(tasks)
    return {key: spare[key] for key in left}


def _pins(key, days):
    """Tasks that fill the working days before a step, so that the arithmetic cannot count it earlier."""
    before = ()
    for number, past in enumerate(range(0, days, arithmetic.DAYS[-1])):
        pin = arithmetic.Task(("pin", key, number), min(days - past, arithmetic.DAYS[-1]), before)
        before = ((pin.key, 0),)
        yield pin


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
