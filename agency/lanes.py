"""Where a bar lies on a strip of working days, as the percentages that SVG attributes take.

Our content security policy blocks `style="…"`, so positions are never style: see docs/decisions/07-bars.md.
"""

from dataclasses import dataclass

WEEK = 5
FORMS = {"", "past", "ahead", "hatched", "unassigned", "proposed"}


@dataclass(frozen=True)
class Bar:
    """One piece of work on a lane.

    start, end: counted in working days from the left edge of the lane, `end` not included (3, 5 = two days) · state: one of the
    seven · name: the word on the bar, clipped if it does not fit · told: the sentence read aloud and shown on hover ·
    form: how it is drawn ("past", "ahead", "hatched" for a late client, "unassigned", "proposed"; empty: under way) ·
    ghost: (start, end) of the baseline, drawn below.
    """

    start: int
    end: int
    state: str
    name: str = ""
    told: str = ""
    form: str = ""
    ghost: tuple | None = None

    def __post_init__(self):
        if self.form not in FORMS:
            raise ValueError(f"A bar has no form {self.form!r}; there are {', '.join(sorted(FORMS))}.")


@dataclass(frozen=True)
class Place:
    """A bar as the template draws it: `x` and `width` are texts such as "12.5%"."""

    bar: Bar
    x: str
    width: str
    ghost_x: str = ""
    ghost_width: str = ""


def percent(part, whole):
    """`part` of `whole` as text for an SVG attribute, never localised: 12.5%."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"


def places(bars, days):
    """The bars that can be seen on a lane of `days`, cut at its edges."""
    return [place for bar in bars if (place := _place(bar, days))]


def weeks(days, *, start=0):
    """The x of every rule between two weeks; `start`: the index of the first Monday on the lane."""
    return [percent(index, days) for index in range(start or WEEK, days, WEEK)]


def _place(bar, days):
    across, ghost = _cut(bar.start, bar.end, days), _cut(*bar.ghost, days) if bar.ghost else None
    if across is None and ghost is None:
        return None
    x, width = across or ("0%", "0%")
    ghost_x, ghost_width = ghost or ("", "")
    return Place(bar, x, width, ghost_x, ghost_width)


def _cut(start, end, days):
    start, end = max(start, 0), min(end, days)
    return (percent(start, days), percent(end - start, days)) if end > start else None
