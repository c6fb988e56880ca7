"""The money of a campaign as a waterfall: agreed, ordered, invoiced, and how the forecast is made of what is gone, promised and
still to come. Geometry only: places in thousandths of the widest bar."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

WIDTH = 1000


@dataclass(frozen=True)
class Piece:
    """A part of a bar, from `x` on, `width` wide, in the colour of a state."""

    x: int
    width: int
    state: str


@dataclass(frozen=True)
class Row:
    """One bar with its name and amount. is_part: it is one of those that the next whole bar is made of."""

    label: Any
    amount: Decimal
    pieces: list
    is_part: bool = False


@dataclass(frozen=True)
class Waterfall:
    rows: list
    limit: int  # where what was agreed ends


def waterfall(spent, over=0):
    """The bars of a `campaigns.reckoning.Spent`; None where there is no money at all. over: what goes over its single lines."""
    widest = max(spent.agreed, spent.committed, spent.forecast)
    if not widest:
        return None

    def place(amount):
        return int(amount * WIDTH / widest)

    def bar(label, begin, end, state, *, part=False):
        x, edge = place(begin), place(end)
        return Row(label, end - begin, [Piece(x, max(edge - x, 2 if end > begin else 0), state)], part)

    nothing, used = Decimal(0), spent.used
    rows = [
        bar(_("Agreed"), nothing, spent.agreed, "draft"),
        bar(_("Ordered"), nothing, spent.committed, "ours"),
        bar(_("Invoiced"), nothing, spent.actual, "done", part=True),
        bar(_("Ordered, not invoiced yet"), spent.actual, used, "ours", part=True),
        bar(_("Still to come"), used, spent.forecast, "draft", part=True),
        _forecast(spent, max(spent.over, over), place),
    ]
    return Waterfall(rows, place(spent.agreed))


def _forecast(spent, over, place):
    """The forecast, what goes over the lines in the colour of trouble."""
    within = place(spent.forecast - over)
    pieces = [Piece(0, within, "done")]
    if over > 0:
        pieces.append(Piece(within, max(place(spent.forecast) - within, 2), "late"))
    return Row(_("Forecast"), spent.forecast, pieces)
