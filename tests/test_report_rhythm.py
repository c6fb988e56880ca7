"""The rhythm of progress reports: which days, before a holiday, every other week, once a month; against a slow reckoning."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.workdays import calendar
from campaigns.rhythm import Every, falls, latest_due, next_due

pytestmark = pytest.mark.django_db
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
RHYTHMS = st.tuples(st.sampled_from([Every.WEEK, Every.FORTNIGHT, Every.MONTH]), st.integers(0, 4))


def test_before_a_holiday_it_is_due_the_working_day_before():
    workdays = calendar()
    assert next_due(Every.WEEK, 4, date(2026, 12, 21), workdays) == date(2026, 12, 23)  # Christmas Eve and Day are closed
    assert latest_due(Every.WEEK, 4, date(2026, 12, 28), workdays) == date(2026, 12, 23)


def test_once_a_month_is_the_last_such_day_and_never_is_never():
    workdays = calendar()
    assert next_due(Every.MONTH, 4, date(2026, 10, 31), workdays) == date(2026, 11, 27)
    assert next_due(Every.NEVER, 4, date(2026, 11, 1), workdays) is None
    assert latest_due(Every.NEVER, 4, date(2026, 11, 1), workdays) is None


def test_every_other_week_leaves_one_out():
    first = next_due(Every.FORTNIGHT, 2, date(2026, 11, 1), calendar())
    second = next_due(Every.FORTNIGHT, 2, first, calendar())
    assert (second - first).days == 14


@given(rhythm=RHYTHMS, day=DAYS)
def test_the_next_and_the_latest_are_those_that_a_walk_day_by_day_finds(rhythm, day):
    workdays = calendar()
    every = sorted(
        {workdays.on_or_before(day + timedelta(days=n)) for n in range(-100, 100) if falls(*rhythm, day + timedelta(days=n))}
    )
    assert next_due(*rhythm, day, workdays) == next(it for it in every if it > day)
    assert latest_due(*rhythm, day, workdays) == next(it for it in reversed(every) if it <= day)
    assert all(workdays.is_open(it) for it in every)
