"""Which weeks a schedule shows, by day, week or month: pure counting. Places are Mondays to Fridays of the weeks shown."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from agency.lanes import WEEK

MOST_WEEKS = 104
HEADS = 16
YEARS = 10
# by → how many weeks are shown, how many of them lie before today, how many one step further moves.
SPANS = {"day": (4, 1, 2), "week": (12, 4, 4), "month": (26, 4, 13)}


@dataclass(frozen=True)
class Window:
    """The weeks on a chart, from a Monday on; `by`: what is named above them."""

    first: date
    weeks: int
    by: str = "week"

    @property
    def days(self):
        return self.weeks * WEEK

    @property
    def last(self):
        """The Friday of the last week."""
        return self.first + timedelta(weeks=self.weeks) - timedelta(days=3)

    def place(self, day):
        """How many Mondays to Fridays lie before this day, from the left edge; a weekend counts to its Friday's end."""
        weeks, weekday = divmod((day - self.first).days, 7)
        return weeks * WEEK + min(weekday, WEEK - 1)

    def place_of(self, today):
        """The place of a day, or None if it is not among the days shown."""
        return self.place(today) if self.first <= today <= self.last + timedelta(days=2) else None

    def closed(self, workdays):
        """The places on which nobody works, as the text that a page's script reads."""
        days = (self.first + timedelta(weeks=place // WEEK, days=place % WEEK) for place in range(self.days))
        return " ".join(str(place) for place, day in enumerate(days) if not workdays.is_open(day))

    @property
    def heads(self):
        """(place, date) of what is named above the bars: not more than fit beside each other."""
        named = {"day": self._days, "week": self._mondays, "month": self._months}[self.by]
        return [(self.place(day), day) for day in named()]

    @property
    def rules(self):
        """The places of the lines between days, weeks or months."""
        return [place for place, _day in self.heads]

    def _days(self):
        return [self.first + timedelta(weeks=week, days=day) for week in range(self.weeks) for day in range(WEEK)]

    def _mondays(self):
        every = -(-self.weeks // HEADS)
        return [self.first + timedelta(weeks=week) for week in range(0, self.weeks, every)]

    def _months(self):
        """The first Monday to Friday of each month; of many months every second or third, and none that has no room."""
        days = [self.first]
        for week in range(self.weeks * 7):
            day = self.first + timedelta(days=week)
            if day.weekday() < WEEK and (day.year, day.month) != (days[-1].year, days[-1].month):
                days.append(day)
        if len(days) > 1 and self.place(days[1]) * HEADS < self.days:
            del days[0]
        return days[:: -(-len(days) // HEADS)]


def monday(day):
    return day - timedelta(days=day.weekday())


def window_around(today, by="week"):
    """The usual weeks: some behind, more ahead."""
    weeks, before, _step = SPANS[by]
    return Window(monday(today) - timedelta(weeks=before), weeks, by)


def window_of(asked, today, default="week"):
    """The window that an address asks for (`?by=day&from=2026-11-23`), or None if it asks for none and there is no default."""
    by, begins = asked.get("by") or default, asked.get("from")
    if not by and not begins:
        return None
    by = by or "week"
    if by not in SPANS:
        raise BadRequest(_("The schedule is shown by day, week or month. Choose one of them above the bars."))
    return Window(monday(_day(begins, today)), SPANS[by][0], by) if begins else window_around(today, by)


def _day(text, today):
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or abs(day.year - today.year) > YEARS:
        raise BadRequest(_("This address names no day near enough for a schedule. Open the schedule anew."))
    return day


def moved(window, ways):
    """The same window some steps later, or earlier."""
    return (window.first + timedelta(weeks=SPANS[window.by][2] * ways)).isoformat()


def whole(first, last):
    """The window in which everything from one day to another can be seen, up to two years."""
    begin = monday(first)
    weeks = min((monday(last) - begin).days // 7 + 1, MOST_WEEKS)
    return Window(begin, weeks, "week" if weeks <= 2 * HEADS else "month")
