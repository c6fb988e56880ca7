"""Where a bar lies on a strip of working days, as the percentages that SVG attributes take.

Our content security policy blocks `style="…"`, so positions are never style: see docs/decisions/07-bars.md.
"""

from dataclasses import dataclass, replace

WEEK = 5
FORMS = {"", "past", "ahead", "hatched", "unassigned", "proposed", "over", "spare", "latest", "goal", "promise", "word"}
LETTER, MARGIN = 6.8, 10  # about how many px a letter of a name takes, and the room around it
TRACKS = {1: 20, 2: 15, 3: 10}  # how high bars are when so many lie beside each other
MOST_NAMED = 2  # of how many there is still room for names


@dataclass(frozen=True)
class Bar:
    """One piece of work on a lane.

    start, end: counted in working days from the left edge of the lane, `end` not included (3, 5 = two days) · state: one of the
    seven · name: the word on the bar · beside: the word behind the bar instead · told: the sentence read aloud and shown on
    hover · form: how it is drawn ("past", "ahead", "hatched" for a late client, "unassigned", "proposed"; empty: under way;
    not work but what belongs to it: "over" the time since it should have ended, "spare" the days it can slip, "latest" the day
    by which it must end, "goal", "promise" the day given for it, "word" where only a word stands beside) ·
    ghost: (start, end) of the baseline, drawn below · url: where a click leads · critical: no day to lose ·
    track: which of several bars that lie beside each other ·
    move: where a person who drags it to another day is led, with that day.
    """

    start: int
    end: int
    state: str
    name: str = ""
    told: str = ""
    form: str = ""
    ghost: tuple | None = None
    beside: str = ""
    url: str = ""
    critical: bool = False
    track: int = 0
    move: str = ""

    def __post_init__(self):
        if self.form not in FORMS:
            raise ValueError(f"A bar has no form {self.form!r}; there are {', '.join(sorted(FORMS))}.")


@dataclass(frozen=True)
class Place:
    """A bar as it is drawn: `x`, `width` and `end` are texts such as "12.5%"; leftward: the word has no room behind it."""

    bar: Bar
    x: str
    width: str
    end: str
    ghost_x: str = ""
    ghost_width: str = ""
    leftward: bool = False


@dataclass(frozen=True)
class Tie:
    """One row of a chart waits for another: an arrow from the end of the bar in row `above` to the start of that in `below`.

    from_, to: where bar `above` lies and where bar `below` begins, in working days · rows are counted from 0.
    """

    above: int
    below: int
    from_: tuple
    to: int
    critical: bool = False


def percent(part, whole):
    """`part` of `whole` as text for an SVG attribute, never localised: 12.5%."""
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"


def places(bars, days):
    """The bars that can be seen on a lane of `days`, cut at its edges."""
    return [place for bar in bars if (place := _place(bar, days))]


def weeks(days, *, start=0):
    """The x of every rule between two weeks; `start`: the index of the first Monday on the lane."""
    return [percent(index, days) for index in range(start or WEEK, days, WEEK)]


def tracked(bars):
    """The bars, each on the first track on which it covers no earlier one; what does not fit on three shares the last."""
    ends, found = [], []
    for bar in sorted(bars, key=lambda bar: (bar.start, bar.end)):
        free = next((track for track, end in enumerate(ends) if end <= bar.start), len(ends))
        track = min(free, max(TRACKS) - 1)
        if track == len(ends):
            ends.append(bar.end)
        ends[track] = max(ends[track], bar.end)
        found.append(replace(bar, track=track))
    return found


def named(bars, days, width, free=None):
    """The bars with their names where there is room on a lane about `width` px wide: upon the bar, behind it, or nowhere.

    free: how many of the days may be written on, if not all.
    """
    if any(bar.track >= MOST_NAMED for bar in bars):
        return [replace(bar, name="") for bar in bars]
    return [_named(bar, _room(bar, bars, free or days), width / days) for bar in bars]


def _named(bar, room, per_day):
    wide = len(bar.name) * LETTER + MARGIN
    if wide <= (bar.end - max(bar.start, 0)) * per_day:
        return bar
    return replace(bar, name="", beside=bar.name if bar.name and wide <= room * per_day else bar.beside)


def _room(bar, bars, days):
    """How many days are free behind a bar on its track."""
    behind = [other.start for other in bars if other.track == bar.track and other.start >= bar.end]
    return min([*behind, days]) - bar.end


def _place(bar, days):
    across, ghost = _cut(bar.start, bar.end, days), _cut(*bar.ghost, days) if bar.ghost else None
    if across is None and ghost is None:
        return None
    x, width = across or ("0%", "0%")
    ghost_x, ghost_width = ghost or ("", "")
    leftward = bar.form == "word" and bar.end > days * 0.75 and bar.start > days * 0.25
    return Place(bar, x, width, percent(min(bar.end, days), days), ghost_x, ghost_width, leftward)


def _cut(start, end, days):
    start, end = max(start, 0), min(end, days)
    return (percent(start, days), percent(end - start, days)) if end > start else None


def tie_lines(tie, days, rows):
    """Where a tie is drawn: the row it leaves, the row it reaches, and both ends, in per cent of a chart of so many rows."""
    first, last = tie.from_
    leaves = min(max(tie.to, first), last)
    at, to = (percent(2 * row + 1, 2 * rows) for row in (tie.above, tie.below))
    return {"x": percent(leaves, days), "to": percent(tie.to, days), "y": at, "down": to, "up": tie.below < tie.above}
