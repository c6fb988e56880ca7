"""A work schedule drawn as bars on weeks (COO4): pure counting, no query."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.lanes import Bar, Tie
from agency.templatetags.dates import day
from campaigns import arithmetic
from campaigns.causes import foreseen
from campaigns.reading import standing_of
from campaigns.templatetags.spans import span
from campaigns.weeks import Window, whole
from clients.owed import days_left

LONG = 9  # rows: a chart of more does not fit on one printed page, and its arrows stay away there


@dataclass(frozen=True)
class Chart:
    """What the template draws: one `rows` entry per step on the weeks of `window`; `ties` are the arrows between them."""

    rows: list
    window: Window
    today: int | None
    ties: list
    ends_on: object
    foreseen_end: object

    @property
    def days(self):
        return self.window.days

    @property
    def heads(self):
        return self.window.heads

    @property
    def is_long(self):
        return len(self.rows) > LONG

    @property
    def done(self):
        """Checked, or left out."""
        return [row for row in self.rows if row.is_done]

    @property
    def kept(self):
        """Without what was left out (COO6)."""
        return [row for row in self.rows if not row.is_skipped]

    @property
    def checked(self):
        return [row for row in self.kept if row.is_done]

    @property
    def left(self):
        return [row for row in self.rows if not row.is_done]


@dataclass(frozen=True)
class Row:
    """A step on the chart: its bar, the numbers of those it waits for, and the working days it can slip until it is checked."""

    number: int
    step: object
    bar: Bar
    bars: list
    standing: tuple
    waits_for: list
    spare: int | None
    real: tuple
    agreed: tuple | None = None

    @property
    def foreseen(self):
        """(first day, last day) as things stand, where an open step will not go as planned; else None."""
        planned = (self.step.starts_on, self.step.ends_on)
        return self.real if self.step.is_open and self.real != planned else None

    @property
    def is_critical(self):
        return self.spare == 0

    @property
    def is_done(self):
        return self.step.is_settled

    @property
    def is_skipped(self):
        return self.step.state == self.step.State.SKIPPED


def chart(steps, links, today, workdays, window=None, agreed=None, movable=(), promises=None):
    """The chart of a schedule. steps: in their order · links: (before, after, lag) by key · window: the whole unless given ·
    agreed: {key: (first day, last day)} of the schedule that the client agreed, drawn as ghosts ·
    movable: the keys of the steps that the reader may move, or ask to have moved ·
    promises: {key of a step: its newest nudge that was answered with a day}."""
    real, agreed = foreseen(steps, links, today, workdays), agreed or {}
    kept = [step for step in steps if step.state != step.State.SKIPPED] or steps
    last, end = max(step.ends_on for step in kept), max(real[step.pk][1] for step in kept)
    window = window or whole(min(step.starts_on for step in steps), max(last, end))
    pen, spare = Pen(window, today, workdays, real, agreed, movable, promises or {}), spare_days(steps, links, workdays, real)
    waits = waits_for(steps, links)
    rows = [pen.row(number, step, waits[step.pk], spare.get(step.pk)) for number, step in enumerate(steps, start=1)]
    return Chart(rows, window, window.place_of(today), ties_of(rows, links, window), last, end)


def waits_for(steps, links):
    """{key: the numbers of the steps it waits for}"""
    numbers = {step.pk: number for number, step in enumerate(steps, start=1)}
    return {step.pk: sorted(numbers[before] for before, after, _lag in links if after == step.pk) for step in steps}


@dataclass(frozen=True)
class Pen:
    """Draws the rows of one chart, on one day, by the agency's calendar."""

    window: Window
    today: object
    workdays: object
    real: dict
    agreed: dict
    movable: set
    promises: dict

    def row(self, number, step, waits, spare):
        agreed = self.agreed.get(step.pk)
        ghost = agreed and (self.window.place(agreed[0]), self.window.place(agreed[1]) + 1)
        bar = bar_of(step, self.window, self.today, critical=spare == 0, ghost=ghost, move=moves_at(step, self.movable))
        bars = [*self.behind(step, bar, spare), bar, *self.latest(step), *self.promised(step)]
        word = self.word(number, step, min(it.start for it in bars), max(it.end for it in bars))
        standing, real = standing_of(step, self.today), self.real[step.pk]
        return Row(number, step, bar, [*bars, word], standing, waits, spare, real, agreed)

    def behind(self, step, bar, spare):
        """What is drawn under a bar: the days by which the step can slip, and until when it will go on beyond its plan."""
        first, last = self.real[step.pk]
        end = max(self.window.place(last) + 1, bar.end)
        if spare:
            yield Bar(end, self.window.place(self.workdays.add(last, spare)) + 1, bar.state, form="spare")
        if step.is_open and end > bar.end:
            begin = bar.end if step.is_late(self.today) else max(bar.end, self.window.place(first))
            told = _("Foreseen: %(days)s") % {"days": span(first, last)}
            yield Bar(begin, end, bar.state, told=told, form="over")

    def latest(self, step):
        if step.latest_on and not step.is_settled:
            end = self.window.place(step.latest_on) + 1
            told = _("Latest day allowed: %(day)s") % {"day": day(step.latest_on)}
            yield Bar(end - 1, end, "risk", told=told, form="latest")

    def promised(self, step):
        """A flag on the day that was promised, for what is still open."""
        nudge = self.promises.get(step.pk)
        if nudge and step.is_open:
            end = self.window.place(nudge.promised_on) + 1
            told = _("%(person)s promised it for %(day)s") % {"person": nudge.person, "day": day(nudge.promised_on)}
            yield Bar(end - 1, end, nudge.standing(self.today)[0], told=told, form="promise")

    def word(self, number, step, first, last):
        """Behind what is drawn for a step its number, and what is wrong with it; where nothing is drawn, when it is."""
        if last <= 0:
            return Bar(0, 1, "draft", form="word", beside=_("ended %(day)s") % {"day": day(step.ends_on)})
        if first >= self.window.days:
            begins = _("begins %(day)s") % {"day": day(step.starts_on)}
            return Bar(self.window.days - 1, self.window.days, "draft", form="word", beside=begins)
        words = " · ".join([str(number), *self.trouble(step)])
        return Bar(first, last, standing_of(step, self.today)[0], form="word", beside=words)

    def trouble(self, step):
        if step.is_late(self.today):
            late = -days_left(step.ends_on, self.today, self.workdays)
            yield ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}
        elif step.is_open and step.latest_on and step.latest_on < self.real[step.pk][1]:
            yield _("forecast past its latest day")
        elif step.is_open and step.latest_on and step.latest_on <= step.ends_on:
            yield _("no day left")


def ties_of(rows, links, window):
    """An arrow for each link; critical where neither end has a day to lose."""
    place = {row.step.pk: index for index, row in enumerate(rows)}
    found = []
    for before, after, _lag in links:
        one, other = rows[place[before]], rows[place[after]]
        if one.bar.start < window.days and other.bar.start < window.days and other.bar.end > 0:
            ends = (max(one.bar.start, 0), max(one.bar.end, 0))
            tie = Tie(place[before], place[after], ends, max(other.bar.start, 0), one.is_critical and other.is_critical)
            found.append(tie)
    return sorted(found, key=lambda tie: tie.critical)


def spare_days(steps, links, workdays, real=None):
    """{key of an unchecked step: working days by which it may slip before the whole ends later}; 0 is the critical path.

    What is left is counted where it really lies: each step begins no earlier than on its first day, as planned or, with
    `real` ({key: (first day, last day)}), as it really went or is foreseen.
    """
    left = {step.pk: step for step in steps if not step.is_settled}
    spans = {key: real[key] if real else (step.starts_on, step.ends_on) for key, step in left.items()}
    begin = min((first for first, _last in spans.values()), default=None)
    tasks = []
    for key, step in left.items():
        waits = [(before, lag) for before, after, lag in links if after == key and before in left]
        pins = list(_pins(key, workdays.between(begin, spans[key][0])))
        days = arithmetic.length_of(spans[key], workdays) if real else step.days
        tasks += [*pins, arithmetic.Task(key, days, (*waits, *((pin.key, 0) for pin in pins[-1:])), step.name)]
    spare = arithmetic.floats(tasks)
    return {key: spare[key] for key in left}


def _pins(key, days):
    """Tasks that fill the working days before a step, so that the arithmetic cannot count it earlier."""
    before = ()
    for number, past in enumerate(range(0, days, arithmetic.DAYS[-1])):
        pin = arithmetic.Task(("pin", key, number), min(days - past, arithmetic.DAYS[-1]), before)
        before = ((pin.key, 0),)
        yield pin


def moves_at(step, movable):
    """Where a bar that is dragged leads: to the preview of the rearrangement, for steps that can still be moved."""
    return reverse("step_rearrange", args=[step.pk]) if step.pk in movable and step.is_open else ""


def bar_of(step, window, today, **more):
    start, end = window.place(step.starts_on), window.place(step.ends_on) + 1
    return Bar(start, end, colour_of(step, today), told=told_of(step, today), form=form_of(step, today), **more)


def told_of(step, today):
    """What a bar says to those who cannot see it, or rest on it: Print run: In progress, 19–25 Nov, Noor Rahman."""
    who = step.person or (_("nobody yet") if step.department_id else _("the client"))
    words = {"step": step.name, "state": standing_of(step, today)[1], "days": span(step.starts_on, step.ends_on), "who": who}
    return _("%(step)s: %(state)s, %(days)s, %(who)s") % words


def colour_of(step, today):
    """One of the seven; what is ahead has the colour of the court it will be in."""
    state = standing_of(step, today)[0]
    if state != "draft" or (step.person_id is None and not step.is_clients):
        return state
    return "client" if step.is_clients else "ours"


def form_of(step, today):
    """How the bar is drawn: what is over pale, what is ahead light, the client's lateness hatched, the ownerless dashed."""
    if step.is_late(today):
        return "hatched" if step.is_clients else ""
    if not step.is_open:
        return "past" if step.is_settled else ""
    if step.person_id is None:
        return "unassigned"
    return "ahead" if step.state == step.State.PLANNED else ""
