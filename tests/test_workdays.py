"""Working days and the clock: weekends, England's holidays, the agency's own days, and nights on which the clock is moved."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import holidays
import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as patience
from hypothesis import strategies as st

from agency import clock
from agency.models import AgencyDay
from agency.workdays import Impossible, Workdays, calendar

UNHURRIED = patience(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONDON = ZoneInfo("Europe/London")
ENGLAND = Workdays("GB", "ENG", zone="Europe/London")
LOAD_DAY = date(2026, 11, 23)

days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
exceptions = st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=40)


def london(*moment):
    return datetime(*moment, tzinfo=LONDON)


def steps_by_hand(exceptions):
    """A slow second opinion: ask the holidays library about each single day."""
    england = holidays.country_holidays("GB", subdiv="ENG")

    def is_open(day):
        return exceptions.get(day, day.weekday() < 5 and day not in england)

    def walk(day, n):
        step = timedelta(days=1 if n >= 0 else -1)
        left = abs(n)
        if n == 0:
            while not is_open(day):
                day += step
        while left:
            day += step
            left -= is_open(day)
        return day

    return is_open, walk


# ── Days ────────────────────────────────────────────────────────────────────────────────────────


def test_the_agency_is_closed_over_christmas_2026_and_new_year():
    closed = [date(2026, 12, day) for day in range(21, 32) if not ENGLAND.is_open(date(2026, 12, day))]
    assert closed == [date(2026, 12, day) for day in (25, 26, 27, 28)]
    assert not ENGLAND.is_open(date(2027, 1, 1))
    assert ENGLAND.on_or_after(date(2027, 1, 1)) == date(2027, 1, 4)
    assert ENGLAND.on_or_before(date(2026, 12, 28)) == date(2026, 12, 24)


def test_the_fifth_of_october_lies_35_working_days_before_load_day():
    assert ENGLAND.add(LOAD_DAY, -35) == date(2026, 10, 5)
    assert ENGLAND.between(LOAD_DAY, date(2026, 10, 5)) == -35
    assert ENGLAND.between(date(2026, 10, 5), LOAD_DAY) == 35
    assert ENGLAND.between(LOAD_DAY, LOAD_DAY) == 0


def test_adding_nothing_to_a_closed_day_gives_the_next_open_one():
    assert ENGLAND.add(date(2026, 11, 21), 0) == LOAD_DAY
    assert ENGLAND.add(date(2026, 11, 21), 1) == LOAD_DAY
    assert ENGLAND.add(date(2026, 11, 21), -1) == date(2026, 11, 20)
    assert ENGLAND.add(LOAD_DAY, 0) == LOAD_DAY


def test_the_first_day_has_index_nought():
    assert ENGLAND.first_day(0, date(2026, 12, 25)) == date(2026, 12, 29)
    assert ENGLAND.first_day(3, date(2026, 12, 25)) == date(2027, 1, 4)


def test_the_agencys_own_day_overrules_the_countrys_calendar():
    own = Workdays("GB", "ENG", {date(2026, 11, 24): False, date(2026, 11, 28): True, date(2026, 12, 28): True})
    assert own.add(LOAD_DAY, 1) == date(2026, 11, 25)
    assert own.add(date(2026, 11, 27), 1) == date(2026, 11, 28)
    assert own.is_open(date(2026, 12, 28))
    assert ENGLAND.add(LOAD_DAY, 1) == date(2026, 11, 24)


def test_a_client_in_scotland_or_israel_answers_by_the_calendar_there():
    assert Workdays("GB", "SCT").add(date(2026, 11, 27), 1) == date(2026, 12, 1)
    assert Workdays("IL").is_open(date(2026, 11, 22))
    assert not Workdays("IL").is_open(date(2026, 11, 20))


def test_a_hundred_years_of_closed_days_end_in_a_sentence_and_not_in_a_loop():
    closed = {date(1970, 1, 1) + timedelta(days=n): False for n in range(48_000)}
    with pytest.raises(Impossible, match="No working day was found between 1970 and 2100"):
        Workdays("GB", "ENG", closed).add(LOAD_DAY, 1)
    with pytest.raises(Impossible, match="Please check the date"):
        ENGLAND.add(LOAD_DAY, -100_000)
    for far in (date.min, date.max):
        with pytest.raises(Impossible):
            ENGLAND.on_or_after(far)
        with pytest.raises(Impossible):
            ENGLAND.between(LOAD_DAY, far)


@UNHURRIED
@given(day=days, n=st.integers(-300, 300), ours=exceptions)
def test_counting_agrees_with_a_walk_from_day_to_day(day, n, ours):
    workdays, (is_open, walk) = Workdays("GB", "ENG", ours), steps_by_hand(ours)
    there = workdays.add(day, n)
    assert there == walk(day, n)
    assert is_open(there) and workdays.is_open(there)
    assert workdays.first_day(abs(n), day) == walk(walk(day, 0), abs(n))
    assert workdays.on_or_before(day) == (day if is_open(day) else walk(day, -1))


@UNHURRIED
@given(a=days, ahead=st.integers(-500, 500), ours=exceptions)
def test_between_counts_the_open_days_one_by_one(a, ahead, ours):
    b = a + timedelta(days=ahead)
    is_open, _walk = steps_by_hand(ours)
    low, high = sorted((a, b))
    counted = sum(is_open(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert Workdays("GB", "ENG", ours).between(a, b) == (counted if b > a else -counted)


@UNHURRIED
@given(day=days, n=st.integers(-3000, 3000))
def test_from_an_open_day_there_and_back_is_home(day, n):
    home = ENGLAND.on_or_after(day)
    assert ENGLAND.add(ENGLAND.add(home, n), -n) == home
    assert ENGLAND.between(home, ENGLAND.add(home, n)) == n


# ── The clock of one working day ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (london(2026, 11, 20, 11), 24, london(2026, 11, 23, 11)),
        (london(2026, 11, 23, 11), 24, london(2026, 11, 24, 11)),
        (london(2026, 11, 20, 11), 13, london(2026, 11, 23, 0)),
        (london(2026, 11, 20, 11), 12, london(2026, 11, 20, 23)),
        (london(2026, 11, 20, 11, 5), 48, london(2026, 11, 24, 11, 5)),
        (london(2026, 12, 24, 16), 24, london(2026, 12, 29, 16)),
        (london(2026, 12, 31, 16, 30), 24, london(2027, 1, 4, 16, 30)),
        (london(2026, 11, 21, 15), 24, london(2026, 11, 24, 0)),
        (london(2026, 11, 21, 15), 0, london(2026, 11, 23, 0)),
        (london(2026, 11, 23, 15, 20), 1.5, london(2026, 11, 23, 16, 50)),
    ],
    ids=str,
)
def test_the_clock_runs_24_hours_a_working_day_and_stops_on_closed_days(start, hours, due):
    assert ENGLAND.hours_clock(start, hours) == due


def test_the_minutes_of_a_meeting_before_the_clocks_change_are_due_at_the_same_time_of_day():
    spring = ENGLAND.hours_clock(london(2026, 3, 27, 11), 24)
    assert spring == london(2026, 3, 30, 11) == datetime(2026, 3, 30, 10, tzinfo=UTC)
    autumn = ENGLAND.hours_clock(london(2026, 10, 23, 11), 24)
    assert autumn == london(2026, 10, 26, 11) == datetime(2026, 10, 26, 11, tzinfo=UTC)


def test_a_sunday_worked_on_which_the_clocks_change_still_counts_24_hours():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    busy = Workdays("GB", "ENG", {spring: True, autumn: True}, "Europe/London")
    assert busy.hours_clock(london(2026, 3, 27, 11), 48) == london(2026, 3, 30, 11)
    assert busy.hours_clock(london(2026, 10, 23, 11), 48) == london(2026, 10, 26, 11)
    half_past_one_left_out = busy.hours_clock(london(2026, 3, 27, 1, 30), 24)
    assert half_past_one_left_out == datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == london(2026, 3, 29, 2, 30)
    second_half_past_one = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert busy.hours_clock(second_half_past_one, 0) == second_half_past_one


def test_the_clock_reads_the_calendars_zone_and_not_the_starts():
    late_on_friday_in_london = datetime(2026, 11, 20, 18, 30, tzinfo=ZoneInfo("America/New_York"))
    due = ENGLAND.hours_clock(late_on_friday_in_london, 1)
    assert due == london(2026, 11, 23, 0, 30)
    assert due.tzinfo is UTC


def test_the_clock_needs_a_zone_and_does_not_run_backwards():
    with pytest.raises(ValueError, match="aware"):
        ENGLAND.hours_clock(datetime(2026, 11, 20, 11), 24)
    with pytest.raises(ValueError, match="zero or more"):
        ENGLAND.hours_clock(london(2026, 11, 20, 11), -1)


@UNHURRIED
@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    first=st.integers(0, 200),
    then=st.integers(0, 200),
)
def test_two_clocks_one_after_the_other_run_as_long_as_one(start, first, then):
    between = ENGLAND.hours_clock(start, first)
    assert ENGLAND.is_open(between.astimezone(LONDON).date())
    assert between >= start
    assert ENGLAND.hours_clock(between, then) == ENGLAND.hours_clock(start, first + then)


# ── The agency's calendar ───────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_agencys_calendar_knows_its_closed_days_after_one_query(settings, django_assert_num_queries):
    settings.COUNTRY, settings.SUBDIVISION, settings.TIME_ZONE = "GB", "ENG", "Europe/London"
    AgencyDay.objects.all().delete()
    AgencyDay.objects.create(date=date(2026, 12, 24), name="Christmas Eve", is_open=False)
    AgencyDay.objects.create(date=date(2026, 12, 28), name="Stocktaking", is_open=True)
    with django_assert_num_queries(1):
        ours = calendar()
        assert ours.add(date(2026, 12, 23), 1) == date(2026, 12, 28)
        assert ours.add(date(2026, 12, 23), 2) == date(2026, 12, 29)
    assert ours.hours_clock(london(2026, 12, 23, 17), 24) == london(2026, 12, 28, 17)


# ── What time it is ─────────────────────────────────────────────────────────────────────────────


@time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False)
def test_late_in_london_it_is_already_tomorrow_for_a_person_in_berlin(settings):
    settings.TIME_ZONE = "Europe/London"
    assert clock.now() == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert clock.today() == LOAD_DAY
    assert clock.today_for(SimpleNamespace(time_zone="Europe/Berlin")) == date(2026, 11, 24)
    assert clock.today_for(SimpleNamespace(time_zone="America/New_York")) == LOAD_DAY
    assert clock.today_for(SimpleNamespace(time_zone="")) == LOAD_DAY


@time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False)
def test_a_past_is_laid_down_at_its_own_time_and_the_present_comes_back():
    outer, inner = london(2026, 10, 5, 10), london(2026, 10, 6, 0, 30)
    with clock.at(outer):
        with pytest.raises(RuntimeError), clock.at(inner):
            assert (clock.now(), clock.now().tzinfo, clock.today()) == (inner, UTC, date(2026, 10, 6))
            raise RuntimeError
        assert clock.now() == outer
    assert clock.today() == LOAD_DAY


def test_the_clock_is_set_to_an_aware_instant_only():
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 11, 23, 9)):
        pass
