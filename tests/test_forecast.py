"""How the work will really go, and whose days were lost: against a slow second opinion, and on the story of Sunday Loaf."""

from datetime import date, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.workdays import Impossible, Workdays
from campaigns.arithmetic import driving, forecast, own_slips

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENGLAND = Workdays("GB", "ENG", zone="Europe/London")
CLOSED = {day for year in range(2024, 2030) for day in holidays.country_holidays("GB", subdiv="ENG", years=year)}
DAY = timedelta(days=1)


# ── The second opinion: walks day by day, and knows nothing of the arithmetic ───────────────────
def is_open(day):
    return day.weekday() < 5 and day not in CLOSED


def walk(day, steps):
    """So many working days on from `day`; with 0 the day itself or the next open one."""
    if steps <= 0:
        while not is_open(day):
            day += DAY
    way = DAY if steps > 0 else -DAY
    for _step in range(abs(steps)):
        day += way
        while not is_open(day):
            day += way
    return day


def length(first, last):
    found = 0
    while first <= last:
        found, first = found + is_open(first), first + DAY
    return max(found, 1)


def second_opinion(spans, links, facts, today):
    """Every step where it is planned at the earliest; then what is too early is put off by a day, until nothing is."""
    found = {}
    for key, (first, last) in spans.items():
        began, done = facts.get(key, (None, None))
        if done:
            found[key] = (min(began or first, done), done)
        elif began:
            found[key] = (began, max(last, walk(walk(began, 0), length(first, last) - 1), walk(today, 0)))
        else:
            begin = walk(max(first, today), 0)
            found[key] = (begin, walk(begin, length(first, last) - 1))
    unrest = True
    while unrest:
        unrest = False
        for before, after, lag in links:
            if not any(facts.get(after, (None, None))) and found[after][0] < walk(found[before][1], 1 + lag):
                found[after] = tuple(walk(day, 1) for day in found[after])
                unrest = True
    return found


@st.composite
def schedules(draw):
    """Steps somewhere around the turn of a year, links that only lead on, and what has happened of them until today."""
    start = draw(st.dates(date(2026, 12, 1), date(2027, 1, 10)))
    today = start + DAY * draw(st.integers(-10, 40))
    spans, links, facts = {}, [], {}
    for key in range(draw(st.integers(1, 7))):
        first = walk(start + DAY * draw(st.integers(0, 40)), 0)
        spans[key] = (first, walk(first, draw(st.integers(0, 8))))
        for before in draw(st.sets(st.integers(0, key - 1), max_size=3)) if key else ():
            links.append((before, key, draw(st.integers(-4, 6))))
        began = today - DAY * draw(st.integers(0, 30))
        happened = draw(st.sampled_from(["nothing", "nothing", "begun", "done"]))
        if happened == "begun":
            facts[key] = (walk(began, 0), None)
        if happened == "done":
            facts[key] = (began, began + DAY * draw(st.integers(0, (today - began).days)))
    return spans, links, facts, today


@UNHURRIED
@given(schedules())
def test_the_forecast_agrees_with_a_walk_day_by_day(made):
    spans, links, facts, today = made
    assert forecast(spans, links, facts, today, ENGLAND) == second_opinion(spans, links, facts, today)


@UNHURRIED
@given(schedules(), st.randoms())
def test_the_forecast_does_not_depend_on_the_order_in_which_it_is_told(made, chance):
    spans, links, facts, today = made
    mixed = list(spans.items())
    chance.shuffle(mixed)
    others = chance.sample(links, len(links))
    assert forecast(dict(mixed), others, facts, today, ENGLAND) == forecast(spans, links, facts, today, ENGLAND)


@UNHURRIED
@given(schedules())
def test_nothing_is_foreseen_on_a_closed_day_in_the_past_or_earlier_than_planned(made):
    spans, links, facts, today = made
    for key, (first, last) in forecast(spans, links, facts, today, ENGLAND).items():
        if key not in facts:
            assert is_open(first) and is_open(last)
            assert first >= max(spans[key][0], today)
            assert length(first, last) == length(*spans[key])


@UNHURRIED
@given(schedules())
def test_what_goes_as_agreed_loses_no_day(made):
    spans, links, _facts, _today = made
    pushed = forecast(spans, links, {}, date(2026, 11, 1), ENGLAND)
    assert own_slips(pushed, pushed, links, ENGLAND) == {}


# ── In plain cases ──────────────────────────────────────────────────────────────────────────────
MONDAY = date(2026, 11, 23)
CHAIN = {"draft": (MONDAY, MONDAY + DAY), "review": (MONDAY + 2 * DAY, MONDAY + 2 * DAY)}
LINK = [("draft", "review", 0)]


def november(*days):
    return tuple(date(2026, 11, day) for day in days)


def test_what_has_not_begun_in_time_begins_today_and_pushes_what_waits_for_it():
    found = forecast(CHAIN, LINK, {}, date(2026, 11, 25), ENGLAND)
    assert found == {"draft": november(25, 26), "review": november(27, 27)}


def test_what_was_begun_late_still_takes_its_working_days():
    found = forecast(CHAIN, LINK, {"draft": (date(2026, 11, 24), None)}, date(2026, 11, 24), ENGLAND)
    assert found == {"draft": november(24, 25), "review": november(26, 26)}


def test_what_was_done_sooner_draws_nothing_forward():
    found = forecast(CHAIN, LINK, {"draft": (MONDAY, MONDAY)}, MONDAY, ENGLAND)
    assert found == {"draft": november(23, 23), "review": november(25, 25)}


def test_over_christmas_nobody_works():
    spans = {"draft": (date(2026, 12, 23), date(2026, 12, 24)), "review": (date(2026, 12, 29), date(2026, 12, 29))}
    found = forecast(spans, LINK, {"draft": (date(2026, 12, 24), None)}, date(2026, 12, 24), ENGLAND)
    assert found == {"draft": (date(2026, 12, 24), date(2026, 12, 29)), "review": (date(2026, 12, 30), date(2026, 12, 30))}


def test_steps_that_wait_for_each_other_have_no_forecast():
    with pytest.raises(Impossible, match="wait for each other"):
        forecast(CHAIN, [*LINK, ("review", "draft", 0)], {}, MONDAY, ENGLAND)


def test_days_won_back_are_not_lost_by_anybody():
    real = {"draft": november(23, 25), "review": november(25, 25)}
    assert own_slips(CHAIN, real, LINK, ENGLAND) == {"draft": 1, "review": -1}


# ── Sunday Loaf, as agreed and as it went ───────────────────────────────────────────────────────
def day(text):
    number, month = text.split()
    return date(2026, {"Oct": 10, "Nov": 11, "Dec": 12}[month], int(number))


LOAF = [  # step, agreed, really, how many clear working days after the step before it
    ("brief", "5 Oct", "6 Oct", "5 Oct", "6 Oct", 0),
    ("joint study", "7 Oct", "7 Oct", "7 Oct", "7 Oct", 0),
    ("plan and estimate", "8 Oct", "12 Oct", "8 Oct", "12 Oct", 0),
    ("client agrees", "13 Oct", "14 Oct", "13 Oct", "14 Oct", 0),
    ("creative brief", "15 Oct", "15 Oct", "15 Oct", "15 Oct", 0),
    ("first draft", "16 Oct", "22 Oct", "16 Oct", "23 Oct", 0),
    ("internal review", "23 Oct", "23 Oct", "26 Oct", "26 Oct", 0),
    ("presentation", "26 Oct", "26 Oct", "27 Oct", "27 Oct", 0),
    ("client feedback", "27 Oct", "29 Oct", "28 Oct", "4 Nov", 0),
    ("amends and confirmation", "30 Oct", "4 Nov", "5 Nov", "10 Nov", 0),
    ("artwork and proof", "5 Nov", "10 Nov", "11 Nov", "16 Nov", 0),
    ("proof check", "11 Nov", "11 Nov", "17 Nov", "17 Nov", 0),
    ("client sign-off", "12 Nov", "12 Nov", "18 Nov", "18 Nov", 0),
    ("print run", "13 Nov", "19 Nov", "19 Nov", "25 Nov", 0),
    ("delivered", "20 Nov", "20 Nov", "26 Nov", "26 Nov", 0),
    ("in charge", "30 Nov", "1 Dec", "4 Dec", "7 Dec", 5),
]
AGREED = {name: (day(first), day(last)) for name, first, last, *_it in LOAF}
REAL = {name: (day(first), day(last)) for name, _a, _b, first, last, _lag in LOAF}
LINKS = [(before[0], after[0], after[5]) for before, after in pairwise(LOAF)]


def test_sunday_loaf_is_four_days_late_one_through_creative_and_three_through_the_client():
    assert own_slips(AGREED, REAL, LINKS, ENGLAND) == {"first draft": 1, "client feedback": 3}
    assert ENGLAND.between(AGREED["in charge"][1], REAL["in charge"][1]) == 4
    assert driving(REAL, LINKS, ENGLAND) == set(AGREED)


def test_what_is_left_of_sunday_loaf_is_foreseen_from_what_has_happened():
    facts = {name: (first, last if last < MONDAY else None) for name, (first, last) in REAL.items() if first < MONDAY}
    assert forecast(AGREED, LINKS, facts, MONDAY, ENGLAND) == REAL
