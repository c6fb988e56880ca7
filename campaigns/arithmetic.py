"""Schedule arithmetic (COO1, COO6): which step of a work schedule falls on which working day. Knows no model.

Steps are counted in working days from 0: a step with early start 0 and 2 days occupies the first and second day. The lag of
a link is the number of clear working days between two steps; a negative lag lets the second begin before the first has ended.
"""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agency.workdays import Impossible

DAYS = range(1, 261)
LAGS = range(-20, 61)


@dataclass(frozen=True)
class Task:
    """One step as the arithmetic sees it: its length in working days and (key, lag) of every step it waits for.

    `name` is only for the sentences; without one the key stands in them.
    """

    key: object
    days: int
    after: tuple = ()
    name: str = ""

    def __str__(self):
        return str(self.name or self.key)


def early(tasks):
    """{key: (early start, early finish)}: as soon as the links allow, counted from 0; a finish is the day after the last."""
    found = {}
    for task in _in_order(tasks):
        start = max([0, *(found[key][1] + lag for key, lag in task.after)])
        found[task.key] = start, start + task.days
    return found


def late(tasks):
    """{key: (late start, late finish)}: as late as is possible without the whole ending later."""
    ordered = _in_order(tasks)
    end = max((finish for _start, finish in early(ordered).values()), default=0)
    finish = dict.fromkeys((task.key for task in ordered), end)
    for task in reversed(ordered):
        for key, lag in task.after:
            finish[key] = min(finish[key], finish[task.key] - task.days - lag)
    return {task.key: (finish[task.key] - task.days, finish[task.key]) for task in ordered}


def floats(tasks):
    """{key: working days by which the step may slip before the whole ends later}."""
    soonest = early(tasks)
    return {key: start - soonest[key][0] for key, (start, _finish) in late(tasks).items()}


def critical(tasks):
    """The keys of the steps that have no day to lose."""
    return {key for key, days in floats(tasks).items() if days == 0}


def forward(tasks, start, workdays):
    """{key: (first day, last day)}, beginning on the first open day on or after `start`."""
    return {
        key: (workdays.first_day(begin, start), workdays.first_day(finish - 1, start))
        for key, (begin, finish) in early(tasks).items()
    }


def backward(tasks, goal_key, on, workdays, edge="last"):
    """Like `forward`, from the latest beginning that brings the goal's last (or first) day to `on` or the open day before it.

    edge: "last" for a deadline, "first" for an appearance. Nothing is left until the last moment: a step with days to
    spare keeps them, as in a schedule made forward.
    """
    found = early(tasks)
    if goal_key not in found:
        raise Impossible(_("The step to count back from is not part of this schedule."))
    start, finish = found[goal_key]
    ahead = {"first": start, "last": finish - 1}[edge]
    return forward(tasks, workdays.add(workdays.on_or_before(on), -ahead), workdays)


def pushed(spans, links, key, new_first, workdays, *, pull=False):
    """What moves if one step of a dated schedule begins on another day: {key: (old first, old last, new first, new last)}.

    spans: {key: (first day, last day)} of every step · links: (before, after, lag) of every link · new_first: the day
    asked for, or the first open day after it. A step keeps its number of working days. Moved later, it pushes what waits
    for it as far as the links force it and no further. Moved earlier, it leaves the others where they are, unless `pull`
    asks that they follow as close as their links allow. Raises `Impossible` if the steps it waits for do not allow the day.
    """
    waits = waits_of(spans, links)
    if key not in spans:
        raise Impossible(_("The step to move is not part of this schedule."))
    first = workdays.on_or_after(new_first)
    allowed = allowed_by(waits[key], spans, workdays)
    if allowed and first < allowed:
        sentence = _("The steps before this one allow it to begin on %(day)s at the earliest.")
        raise Impossible(sentence % {"day": date_format(allowed, pgettext("date format", "D j M Y"))})
    dates = {**spans, key: moved_to(spans[key], first, workdays)}
    if first > spans[key][0] or (pull and first < spans[key][0]):
        _follow(dates, waits, key, workdays, later=first > spans[key][0])
    return {step: (*spans[step], *dates[step]) for step in spans if dates[step] != spans[step]}


def forecast(spans, links, facts, today, workdays):
    """How a dated schedule will really go, as things stand today (COO4): {key: (first day, last day)}.

    spans: {key: (first, last)} as planned · links: (before, after, lag) · facts: {key: (began on or None, done on or None)},
    a key without facts has not begun. What is done lies where it really was. What has begun ends no earlier than today, nor
    than planned, nor before it has had its working days. What has not begun takes its working days, from the last of: its
    planned first day, today, and the day its links allow. Nothing is ever foreseen earlier than planned, so that a day won is
    not spent twice. Raises `Impossible` on a circle or a link that names no step.
    """
    waits, found, now = waits_of(spans, links), {}, workdays.on_or_after(today)
    for key in ordered_keys(waits, str):
        began, done = facts.get(key, (None, None))
        if done:
            found[key] = min(began or spans[key][0], done), done
        elif began:
            found[key] = began, max(spans[key][1], moved_to(spans[key], began, workdays)[1], now)
        else:
            allowed = allowed_by(waits[key], found, workdays)
            found[key] = moved_to(spans[key], max(filter(None, (spans[key][0], now, allowed))), workdays)
    return found


def own_slips(agreed, real, links, workdays):
    """{key: working days by which a step ends later than agreed through itself alone} (COO4); days it won back are negative.

    agreed, real: {key: (first, last)}, real being days of the past and of the forecast. What the steps before it pushed is
    not its own: it is expected to begin when they really allowed it, and to take the working days agreed. A step of only one
    of the two is passed over. Steps without a slip of their own are left out.
    """
    waits, found = waits_of(real, links), {}
    for key in agreed.keys() & real.keys():
        allowed = allowed_by(waits[key], real, workdays)
        expected = moved_to(agreed[key], max(filter(None, (agreed[key][0], allowed))), workdays)[1]
        if days := workdays.between(expected, real[key][1]):
            found[key] = days
    return found


def driving(real, links, workdays):
    """The keys of the steps that decide when the whole ends: back from the last one, each time the step that held it up."""
    waits, found = waits_of(real, links), []
    key = max(real, key=lambda it: (real[it][1], str(it)), default=None)
    while key is not None and key not in found:
        found.append(key)
        key = max(waits[key], key=lambda link: (allowed_by([link], real, workdays), str(link[0])), default=(None,))[0]
    return set(found)


def _follow(dates, waits, key, workdays, later):
    """Let the steps behind `key` follow those they wait for, all of them later or all of them earlier; changes `dates`."""
    touched = {key}
    for step in ordered_keys(waits, str):
        if any(before in touched for before, _lag in waits[step]):
            allowed, first = allowed_by(waits[step], dates, workdays), dates[step][0]
            if (allowed > first) if later else (allowed < first):
                dates[step] = moved_to(dates[step], allowed, workdays)
                touched.add(step)


def allowed_by(waits, dates, workdays):
    """The first day on which a step may begin that waits for these, or None if it waits for nothing."""
    return max((workdays.add(dates[before][1], 1 + lag) for before, lag in waits), default=None)


def moved_to(span, first, workdays):
    """The span with as many working days as before, at least one, from another first day."""
    return first, workdays.first_day(length_of(span, workdays) - 1, first)


def length_of(span, workdays):
    """The working days of (first day, last day), at least one and at most as many as a step may take."""
    return min(max(workdays.between(*span) + workdays.is_open(span[0]), 1), DAYS[-1])


def waits_of(spans, links):
    """{key: [(key of the step it waits for, lag)]}, every link checked."""
    waits = {step: [] for step in spans}
    for before, after, lag in links:
        if before not in waits or after not in waits:
            raise Impossible(_("A link names a step that is not part of this schedule."))
        _check_lag(lag)
        waits[after].append((before, lag))
    return waits


def _in_order(tasks):
    """The tasks, each behind all it waits for. Raises `Impossible` where a schedule makes no sense."""
    tasks = list(tasks)
    known = {task.key: task for task in tasks}
    if len(known) < len(tasks):
        raise Impossible(_("Two steps of this schedule have the same key."))
    for task in tasks:
        _check(task, known)
    return [known[key] for key in ordered_keys({task.key: task.after for task in tasks}, lambda key: str(known[key]))]


def _check(task, known):
    if task.days not in DAYS:
        limits = {"step": task, "least": DAYS[0], "most": DAYS[-1]}
        raise Impossible(_("“%(step)s” must take between %(least)d and %(most)d working days.") % limits)
    for key, lag in task.after:
        if key not in known:
            raise Impossible(
                _("“%(step)s” waits for “%(key)s”, which is not part of this schedule.") % {"step": task, "key": key}
            )
        _check_lag(lag)


def _check_lag(lag):
    if lag not in LAGS:
        limits = {"least": LAGS[0], "most": LAGS[-1]}
        raise Impossible(_("Between two linked steps lie %(least)d to %(most)d clear working days.") % limits)


def ordered_keys(waits, name):
    """The keys of {key: [(key, lag)]}, each behind all it waits for. Raises `Impossible` when some wait for each other."""
    try:
        return list(TopologicalSorter({key: [before for before, _lag in links] for key, links in waits.items()}).static_order())
    except CycleError as circle:
        steps = [name(key) for key in circle.args[1][1:]]
        sentence = ngettext("“%(steps)s” waits for itself.", "These steps wait for each other: %(steps)s.", len(steps))
        raise Impossible(sentence % {"steps": " → ".join(steps)}) from None
