"""What happens if the step that is worked on now is not done in time (COO4): pure counting on the dated network."""

from dataclasses import dataclass

from agency.workdays import Impossible
from campaigns import arithmetic

SLIPS = (1, 2, 3)


@dataclass(frozen=True)
class Slip:
    """`step` is done so many working days later: which steps move, when the whole ends, and what that breaks.

    moves: [(step, old last day, new last day)] of the others · breaks: those of them, and the step, that miss the latest day
    allowed · tight: those that end on it.
    """

    days: int
    step: object
    done_on: object
    moves: list
    ended: object
    ends: object
    breaks: list
    tight: list


def slips(step, steps, links, today, workdays):
    """What follows if `step` takes 1, 2 or 3 working days more than it should; of a late one, more than until today."""
    base = max(step.ends_on, today)
    return [slip for days in SLIPS if (slip := _slip(step, steps, links, workdays.add(base, days), days, workdays))]


def _slip(step, steps, links, done_on, days, workdays):
    spans = {it.pk: (it.starts_on, it.ends_on) for it in steps}
    begin = workdays.add(step.starts_on, workdays.between(step.ends_on, done_on))
    try:
        moved = arithmetic.pushed(spans, links, step.pk, begin, workdays)
    except Impossible:
        return None
    last = {key: moved[key][3] if key in moved else span[1] for key, span in spans.items()}
    found = [it for it in steps if it.pk in moved and it.latest_on]
    return Slip(
        days, step, last[step.pk], [(it, it.ends_on, last[it.pk]) for it in steps if it.pk in moved and it != step],
        max(it.ends_on for it in steps), max(last.values()),
        [it for it in found if last[it.pk] > it.latest_on], [it for it in found if last[it.pk] == it.latest_on],
    )  # fmt: skip


def running(rows):
    """The step on whose end the whole depends now: the first of the critical ones that is not checked."""
    critical = [row.step for row in rows if row.is_critical]
    return min(critical, key=lambda step: (step.starts_on, step.position), default=None)
