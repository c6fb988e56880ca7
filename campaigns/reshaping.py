"""Reshaping a dated schedule (COO6): other lengths, another order, steps more or fewer, other links. Knows no model.

Every question gives back another `Shape`, in which what waits for the changed steps has followed: later as far as its links
force it and no further; earlier only where that is asked (`pull`), and never before today. What has been reported done stays.
A step keeps its number of working days unless it is about its length. Each raises `Impossible` with a sentence.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from agency.workdays import Impossible, Workdays
from campaigns import arithmetic
from campaigns.arithmetic import DAYS, LAGS, length_of

NEW = "new"  # the key of a step that comes into being


@dataclass(frozen=True)
class Shape:
    """A dated schedule. spans: {key: (first day, last day)} · links: {(before, after): lag} · still: keys that move no more ·
    names: {key: name}, for the sentences."""

    spans: dict
    links: dict
    workdays: Workdays
    today: date
    still: frozenset = frozenset()
    names: dict = field(default_factory=dict)

    def days(self, key):
        return length_of(self.spans[key], self.workdays)

    def name(self, key):
        return str(self.names.get(key, key))

    def span(self, first, days):
        """The span of so many working days from the first open day on or after `first`."""
        if days not in DAYS:
            limits = {"least": DAYS[0], "most": DAYS[-1]}
            raise Impossible(_("A step takes between %(least)d and %(most)d working days.") % limits)
        first = self.workdays.on_or_after(first)
        return first, self.workdays.first_day(days - 1, first)

    def before(self, key):
        """[(key of a step it waits for, lag)]"""
        return [(before, lag) for (before, after), lag in self.links.items() if after == key]

    def behind(self, key):
        """[(key of a step that waits for it, lag)]"""
        return [(after, lag) for (before, after), lag in self.links.items() if before == key]

    def allowed(self, key):
        """The first day that the links of a step allow, or None if it waits for nothing."""
        return arithmetic.allowed_by(self.before(key), self.spans, self.workdays)

    def waits(self):
        """{key: [(before, lag)]}, every link checked."""
        return arithmetic.waits_of(self.spans, [(*pair, lag) for pair, lag in self.links.items()])


def moved(shape, key, first, *, pull=False):
    """The step begins on another day (`arithmetic.pushed`)."""
    links = [(*pair, lag) for pair, lag in shape.links.items()]
    found = arithmetic.pushed(shape.spans, links, key, first, shape.workdays, pull=pull)
    spans = {step: tuple(days[2:]) for step, days in found.items() if step not in shape.still}
    return replace(shape, spans={**shape.spans, **spans})


def lengthened(shape, key, days, *, pull=False):
    """The step takes another number of working days; its first day stays."""
    changed = replace(shape, spans={**shape.spans, key: shape.span(shape.spans[key][0], days)})
    return settled(shape, changed, {key}, pull=pull)


def swapped(shape, one, other, *, pull=False):
    """Each takes the other's place among the links, with the days to spare that the place had; each keeps its length."""
    if one == other:
        raise Impossible(_("A step cannot change places with itself."))
    new = {one: other, other: one}
    links = {(new.get(a, a), new.get(b, b)): lag for (a, b), lag in shape.links.items()}
    changed, places = replace(shape, links=links), {one: _place(shape, other), other: _place(shape, one)}
    found, between = {}, changed
    for key in [key for key in _order(changed) if key in places]:
        first, spare = places[key]
        allowed = between.allowed(key)
        begin = shape.workdays.add(allowed, spare) if allowed else first
        found[key] = shape.span(begin, shape.days(key))
        # As long as one of the two still stands where it stood, it may push what it will not push in the end.
        between = settled(shape, replace(changed, spans={**changed.spans, **found}), {one, other}, pull=pull)
    return between


def _place(shape, key):
    """(the first day of a place in the schedule, the working days it lies behind what its links allow)"""
    first, allowed = shape.spans[key][0], shape.allowed(key)
    return first, max(shape.workdays.between(allowed, first), 0) if allowed else 0


def inserted(shape, after, days, *, ahead=None):
    """A step of so many days right behind `after`, and ahead of what waits for it: of all, or of `ahead` alone.

    The lag of a link that is cut stays on its second half."""
    behind = dict(shape.behind(after))
    if ahead is not None and ahead not in behind:
        raise Impossible(_("“%(step)s” does not wait for “%(before)s”.") % _pair(shape, after, ahead))
    cut = behind if ahead is None else {ahead: behind[ahead]}
    links = {pair: lag for pair, lag in shape.links.items() if pair not in {(after, key) for key in cut}}
    links |= {(after, NEW): 0} | {(NEW, key): lag for key, lag in cut.items()}
    span = shape.span(shape.workdays.add(shape.spans[after][1], 1), days)
    return settled(shape, replace(shape, spans={**shape.spans, NEW: span}, links=links), {NEW})


def split(shape, key, days):
    """The step takes only its first `days`; the rest is a step of its own, right behind it, for which the others wait."""
    whole = shape.days(key)
    if not 1 <= days < whole:
        sentence = _("“%(step)s” takes %(n)d working days: the first part takes fewer, and at least one.")
        raise Impossible(sentence % {"step": shape.name(key), "n": whole})
    first = shape.span(shape.spans[key][0], days)
    rest = shape.span(shape.workdays.add(first[1], 1), whole - days)
    links = {(NEW if before == key else before, after): lag for (before, after), lag in shape.links.items()}
    changed = replace(shape, spans={**shape.spans, key: first, NEW: rest}, links=links | {(key, NEW): 0})
    return settled(shape, changed, {key, NEW})


def merged(shape, key, other, *, pull=False):
    """The step takes over the work of `other`, which waits for it: its days, and what waits for it and it waits for."""
    if (key, other) not in shape.links:
        raise Impossible(_("“%(step)s” does not wait for “%(before)s”.") % _pair(shape, key, other))
    links = {}
    for pair, lag in shape.links.items():
        pair = tuple(key if end == other else end for end in pair)
        if pair != (key, key):
            links[pair] = max(lag, links.get(pair, lag))
    spans = {it: span for it, span in shape.spans.items() if it != other}
    changed = replace(shape, spans=spans, links=links)
    _order(changed)
    allowed, first = changed.allowed(key), spans[key][0]
    begin = max(first, allowed) if allowed and key not in shape.still else first
    spans[key] = shape.span(begin, shape.days(key) + shape.days(other))
    return settled(shape, changed, {key}, pull=pull)


def skipped(shape, key, *, pull=True):
    """The step is left out: what waited for it waits for what it waited for, with the clear days of both links."""
    links = {pair: lag for pair, lag in shape.links.items() if key not in pair}
    for before, first in shape.before(key):
        for after, second in shape.behind(key):
            lag = min(max(first + second, LAGS[0]), LAGS[-1])
            links[before, after] = max(lag, links.get((before, after), lag))
    spans = {it: span for it, span in shape.spans.items() if it != key}
    return settled(shape, replace(shape, spans=spans, links=links), (), pull=pull)


def linked(shape, before, after, lag, *, pull=False):
    """`after` waits for `before`, with so many clear working days between; a circle is refused with the names in it."""
    if before == after:
        raise Impossible(_("“%(steps)s” waits for itself.") % {"steps": shape.name(after)})
    changed = replace(shape, links={**shape.links, (before, after): lag})
    return settled(shape, changed, (), pull=pull)


def unlinked(shape, before, after):
    """`after` waits for `before` no longer; both stay where they are."""
    if (before, after) not in shape.links:
        raise Impossible(_("“%(step)s” does not wait for “%(before)s”.") % _pair(shape, before, after))
    return replace(shape, links={pair: lag for pair, lag in shape.links.items() if pair != (before, after)})


def _pair(shape, before, after):
    return {"step": shape.name(after), "before": shape.name(before)}


def _order(shape):
    return arithmetic.ordered_keys(shape.waits(), shape.name)


def settled(old, new, placed, *, pull=False):
    """`new`, in which every step has followed whose links allow another first day than they did in `old`.

    placed: keys that lie where they shall."""
    was, waits, spans, workdays = old.waits(), new.waits(), dict(new.spans), new.workdays
    today = workdays.on_or_after(new.today)
    for key in arithmetic.ordered_keys(waits, new.name):
        if key in placed or key in new.still:
            continue
        before = arithmetic.allowed_by(was.get(key, ()), old.spans, workdays)
        allowed, first = arithmetic.allowed_by(waits[key], spans, workdays), spans[key][0]
        if allowed is None or allowed == before:
            continue
        if allowed > first and (before is None or allowed > before):
            spans[key] = arithmetic.moved_to(spans[key], allowed, workdays)
        elif pull and before is not None and allowed < before and max(allowed, today) < first:
            spans[key] = arithmetic.moved_to(spans[key], max(allowed, today), workdays)
    return replace(new, spans=spans)
