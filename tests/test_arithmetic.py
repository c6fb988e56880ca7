"""Schedule arithmetic: the four templates, the Sunday Loaf schedule, and any schedule against a slow second opinion."""

import json
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.workdays import Workdays
from campaigns import arithmetic
from campaigns.arithmetic import Impossible, Task, backward, critical, early, floats, forward, late, pushed

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEMPLATES = json.loads((Path(arithmetic.__file__).parent / "data" / "schedule_templates.json").read_text(encoding="utf-8"))
ENGLAND = Workdays("GB", "ENG", zone="Europe/London")
OPEN = [
    day
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(6_000))
    if day.weekday() < 5 and day not in holidays.country_holidays("GB", subdiv="ENG", years=day.year)
]


def tasks_of(code):
    return [Task(s["key"], s["days"], tuple((key, s["lag"]) for key in s["after"]), s["name"]) for s in TEMPLATES[code]]


def the_step(code, kind):
    (key,) = (step["key"] for step in TEMPLATES[code] if step["kind"] == kind)
    return key


def links_of(tasks):
    return [(before, task.key, lag) for task in tasks for before, lag in task.after]


def october(*days):
    return tuple(date(2026, 10, day) for day in days)


def november(*days):
    return tuple(date(2026, 11, day) for day in days)


CHAIN = [
    Task("draft", 3),
    Task("review", 1, (("draft", 0),)),
    Task("booking", 1),
    Task("print", 2, (("review", 0), ("booking", 2))),
]
CHAIN_LINKS = links_of(CHAIN)


# ── The four templates ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "steps", "presentation", "deadline", "appearance", "with_client"),
    [("PRINT", 18, 16, 31, 42, 8), ("TVC", 27, 24, 69, 72, 13), ("OUTDOOR", 19, 16, 35, 41, 8), ("DIGITAL", 19, 13, 29, 33, 6)],
)
def test_a_template_takes_the_working_days_the_department_knows(code, steps, presentation, deadline, appearance, with_client):
    found = early(tasks_of(code))
    assert len(found) == steps
    assert found[the_step(code, "presentation")][1] == presentation
    assert found[the_step(code, "deadline")][1] == deadline
    assert found[the_step(code, "execution")][0] + 1 == appearance
    assert sum(step["days"] for step in TEMPLATES[code] if step["department"] == "Client") == with_client


def test_posters_in_charge_on_the_first_of_march_need_a_brief_on_the_fourth_of_january():
    dates = backward(tasks_of("OUTDOOR"), "post", date(2027, 3, 1), ENGLAND, edge="first")
    assert min(first for first, _last in dates.values()) == dates["brief"][0] == date(2027, 1, 4)
    assert dates["post"] == (date(2027, 3, 1), date(2027, 3, 2))


def test_a_first_transmission_on_15_march_needs_a_brief_on_the_first_of_december():
    dates = backward(tasks_of("TVC"), "tx", date(2027, 3, 15), ENGLAND, edge="first")
    assert dates["brief"][0] == date(2026, 12, 1)
    assert dates["present"] == (date(2027, 1, 6), date(2027, 1, 6))
    assert dates["deliver"][1] == date(2027, 3, 10)
    assert dates["tx"][0] == date(2027, 3, 15)


def test_a_copy_deadline_on_a_holiday_is_met_on_the_working_day_before():
    dates = backward(tasks_of("PRINT"), "dispatch", date(2026, 12, 27), ENGLAND)
    assert dates["dispatch"][1] == date(2026, 12, 24)
    assert dates == backward(tasks_of("PRINT"), "dispatch", date(2026, 12, 24), ENGLAND)
    assert dates == forward(tasks_of("PRINT"), dates["brief"][0], ENGLAND)


def test_only_the_site_booking_of_an_outdoor_schedule_has_days_to_lose():
    spare = floats(tasks_of("OUTDOOR"))
    assert spare.pop("media") == 18
    assert set(spare.values()) == {0}
    assert critical(tasks_of("OUTDOOR")) == set(spare)


def test_in_a_film_schedule_script_clearance_and_airtime_may_wait():
    assert {key: days for key, days in floats(tasks_of("TVC")).items() if days} == {"media": 50, "clr1": 4}


# ── Sunday Loaf ─────────────────────────────────────────────────────────────────────────────────


def sunday_loaf():
    return forward(tasks_of("OUTDOOR"), date(2026, 10, 5), ENGLAND)


def test_the_baseline_of_sunday_loaf_stands_on_its_dates():
    assert sunday_loaf() == {
        "brief": october(5, 6),
        "study": october(7, 7),
        "plan": october(8, 12),
        "planok": october(13, 14),
        "cbrief": october(15, 15),
        "media": october(15, 19),
        "draft1": october(16, 22),
        "intrev": october(23, 23),
        "present": october(26, 26),
        "fb1": october(27, 29),
        "am1": (date(2026, 10, 30), date(2026, 11, 2)),
        "confirm": november(3, 4),
        "art": november(5, 6),
        "proof": november(9, 10),
        "pcheck": november(11, 11),
        "psign": november(12, 12),
        "print": november(13, 19),
        "deliver": november(20, 20),
        "post": (date(2026, 11, 30), date(2026, 12, 1)),
    }


def test_a_schedule_begun_on_a_sunday_begins_on_monday():
    assert forward(tasks_of("OUTDOOR"), date(2026, 10, 4), ENGLAND) == sunday_loaf()


def test_presenting_a_day_late_moves_everything_behind_it_by_a_day():
    moved = pushed(sunday_loaf(), links_of(tasks_of("OUTDOOR")), "present", date(2026, 10, 27), ENGLAND)
    behind = ["present", "fb1", "am1", "confirm", "art", "proof", "pcheck", "psign", "print", "deliver", "post"]
    assert list(moved) == behind
    assert moved["present"] == (*october(26, 26), *october(27, 27))
    assert moved["fb1"] == (*october(27, 29), *october(28, 30))
    assert moved["am1"][2:] == november(2, 3)
    assert moved["post"][2:] == (date(2026, 12, 1), date(2026, 12, 2))


def test_a_booking_with_days_to_spare_moves_alone():
    links = links_of(tasks_of("OUTDOOR"))
    assert pushed(sunday_loaf(), links, "media", date(2026, 10, 17), ENGLAND) == {"media": (*october(15, 19), *october(19, 21))}
    assert "print" not in pushed(sunday_loaf(), links, "media", date(2026, 11, 10), ENGLAND)
    assert pushed(sunday_loaf(), links, "media", date(2026, 11, 11), ENGLAND)["print"][2:] == november(16, 20)


def test_the_installer_moved_from_30_november_to_4_december_changes_nobody_else():
    moved = pushed(sunday_loaf(), links_of(tasks_of("OUTDOOR")), "post", date(2026, 12, 4), ENGLAND)
    assert moved == {"post": (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 7))}


def test_a_step_moved_earlier_leaves_the_others_unless_they_are_asked_to_follow():
    links = [("draft", "review", 0), ("review", "print", 1), ("booking", "print", 0)]
    spans = {"draft": november(2, 3), "review": november(11, 11), "print": november(18, 19), "booking": november(9, 12)}
    alone = pushed(spans, links, "review", november(4)[0], ENGLAND)
    assert alone == {"review": (*november(11, 11), *november(4, 4))}
    followed = pushed(spans, links, "review", november(4)[0], ENGLAND, pull=True)
    assert followed == {**alone, "print": (*november(18, 19), *november(13, 16))}


def test_pulling_never_makes_anybody_later_and_pushing_never_earlier():
    links = [("draft", "review", 0)]
    gap = {"draft": november(4, 5), "review": november(18, 18)}
    assert pushed(gap, links, "draft", november(5)[0], ENGLAND, pull=True) == {"draft": (*november(4, 5), *november(5, 6))}
    overlap = {"draft": november(4, 10), "review": november(5, 5)}
    moved = pushed(overlap, links, "draft", november(3)[0], ENGLAND, pull=True)
    assert moved == {"draft": (*november(4, 10), *november(3, 9))}


def test_a_step_cannot_move_before_those_it_waits_for_and_is_told_the_earliest_day():
    with pytest.raises(Impossible, match="begin on Mon 30 Nov 2026 at the earliest"):
        pushed(sunday_loaf(), links_of(tasks_of("OUTDOOR")), "post", date(2026, 11, 27), ENGLAND)


def test_a_step_left_where_it_stands_moves_nobody():
    assert pushed(sunday_loaf(), links_of(tasks_of("OUTDOOR")), "print", november(13)[0], ENGLAND, pull=True) == {}


def test_a_step_keeps_its_working_days_over_christmas():
    moved = pushed({"print": november(13, 19)}, [], "print", date(2026, 12, 24), ENGLAND)
    assert moved["print"][2:] == (date(2026, 12, 24), date(2027, 1, 4))


def test_a_step_that_stands_on_a_weekend_still_takes_a_day():
    moved = pushed({"shoot": november(21, 22)}, [], "shoot", november(24)[0], ENGLAND)
    assert moved == {"shoot": (*november(21, 22), *november(24, 24))}


# ── Lags, and what cannot be ────────────────────────────────────────────────────────────────────


def test_lag_is_the_number_of_clear_working_days_between():
    tasks = [Task("copy", 1), Task("tx", 1, (("copy", 2),)), Task("edit", 2, (("copy", -1),))]
    assert early(tasks) == {"copy": (0, 1), "tx": (3, 4), "edit": (0, 2)}
    dates = forward(tasks, date(2026, 12, 23), ENGLAND)
    assert dates["tx"][0] == date(2026, 12, 30)
    assert dates["edit"] == (date(2026, 12, 23), date(2026, 12, 24))


def test_no_step_begins_before_the_schedule_does():
    assert early([Task("brief", 2), Task("early bird", 1, (("brief", -20),))]) == {"brief": (0, 2), "early bird": (0, 1)}


def test_a_schedule_without_steps_has_no_dates():
    assert early([]) == late([]) == forward([], date(2026, 11, 23), ENGLAND) == {}
    assert critical([]) == set()


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        ([Task("a", 1, (("b", 0),), "Draft"), Task("b", 1, (("a", 0),), "Review")], "These steps wait for each other: .* → "),
        ([Task("a", 1, (("a", 0),), "Draft")], "“Draft” waits for itself"),
        ([Task("a", 1, (("x", 0),), "Draft")], "“Draft” waits for “x”, which is not part of this schedule"),
        ([Task("a", 1), Task("a", 2)], "the same key"),
        ([Task("a", 0, (), "Draft")], "“Draft” must take between 1 and 260 working days"),
        ([Task("a", -3)], "between 1 and 260"),
        ([Task("a", 261)], "between 1 and 260"),
        ([Task("a", 1), Task("b", 1, (("a", -21),))], "lie -20 to 60 clear working days"),
        ([Task("a", 1), Task("b", 1, (("a", 61),))], "lie -20 to 60 clear working days"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_schedule_that_makes_no_sense_is_refused_with_a_sentence(tasks, sentence):
    for question in (early, late, floats, critical):
        with pytest.raises(Impossible, match=sentence):
            question(tasks)


def test_moving_in_a_schedule_that_makes_no_sense_is_refused_too():
    spans = {"a": november(2, 2), "b": november(3, 3)}
    for links, key, sentence in [
        ([], "x", "step to move is not part"),
        ([("a", "x", 0)], "a", "link names a step"),
        ([("a", "b", 99)], "a", "clear working days"),
        ([("a", "b", 0), ("b", "a", -5)], "b", "wait for each other"),
    ]:
        with pytest.raises(Impossible, match=sentence):
            pushed(spans, links, key, november(9)[0], ENGLAND)


def test_counting_back_from_a_step_the_schedule_does_not_have_is_refused():
    with pytest.raises(Impossible, match="count back from is not part"):
        backward(CHAIN, "appear", date(2026, 11, 23), ENGLAND)


def test_a_date_beyond_the_calendar_is_refused_with_a_sentence():
    with pytest.raises(Impossible, match="between 1970 and 2100"):
        forward(CHAIN, date(9999, 12, 31), ENGLAND)


# ── Any schedule, against a slow second opinion ─────────────────────────────────────────────────


@st.composite
def schedules(draw):
    """Up to nine steps in any order, each waiting for some of those before it."""
    tasks = []
    for key in range(draw(st.integers(1, 9))):
        before = draw(st.sets(st.integers(0, key - 1), max_size=3)) if key else ()
        lags = st.one_of(st.integers(0, 3), st.integers(-20, 60))
        tasks.append(Task(key, draw(st.integers(1, 12)), tuple((other, draw(lags)) for other in sorted(before))))
    return draw(st.permutations(tasks))


starts = st.dates(date(2025, 1, 1), date(2030, 12, 31))


def settled(tasks, begin):
    """Push every step against every link until nothing moves any more."""
    begin, days = dict(begin), {task.key: task.days for task in tasks}
    while True:
        before = dict(begin)
        for before_key, after, lag in links_of(tasks):
            begin[after] = max(begin[after], begin[before_key] + days[before_key] + lag)
        if begin == before:
            return begin


def end_of(tasks, begin):
    return max(begin[task.key] + task.days for task in tasks)


@UNHURRIED
@given(tasks=schedules())
def test_early_starts_are_those_of_pushing_until_nothing_moves(tasks):
    by_hand = settled(tasks, {task.key: 0 for task in tasks})
    assert early(tasks) == {task.key: (by_hand[task.key], by_hand[task.key] + task.days) for task in tasks}


@UNHURRIED
@given(tasks=schedules())
def test_a_steps_float_is_the_longest_slip_that_the_end_survives(tasks):
    soonest = settled(tasks, {task.key: 0 for task in tasks})
    end = end_of(tasks, soonest)
    for key, spare in floats(tasks).items():
        slipped = settled(tasks, {**soonest, key: soonest[key] + spare})
        assert end_of(tasks, slipped) == end
        assert end_of(tasks, settled(tasks, {**soonest, key: soonest[key] + spare + 1})) > end
    assert critical(tasks)


@UNHURRIED
@given(tasks=schedules(), data=st.data(), start=starts)
def test_the_order_in_which_the_steps_are_told_changes_nothing(tasks, data, start):
    shuffled = data.draw(st.permutations(tasks))
    assert early(shuffled) == early(tasks)
    assert late(shuffled) == late(tasks)
    assert forward(shuffled, start, ENGLAND) == forward(tasks, start, ENGLAND)


@UNHURRIED
@given(tasks=schedules(), start=starts)
def test_nobody_works_on_a_closed_day_and_every_date_is_the_counted_one(tasks, start):
    zero = next(place for place, day in enumerate(OPEN) if day >= start)
    soonest = settled(tasks, {task.key: 0 for task in tasks})
    dates = forward(tasks, start, ENGLAND)
    for task in tasks:
        begin = zero + soonest[task.key]
        assert dates[task.key] == (OPEN[begin], OPEN[begin + task.days - 1])
        assert ENGLAND.is_open(dates[task.key][0]) and ENGLAND.is_open(dates[task.key][1])


@UNHURRIED
@given(tasks=schedules(), start=starts, data=st.data(), edge=st.sampled_from(["first", "last"]))
def test_counting_back_from_where_a_schedule_ends_gives_the_same_schedule(tasks, start, data, edge):
    goal = data.draw(st.sampled_from([task.key for task in tasks]))
    dates = forward(tasks, start, ENGLAND)
    on = dates[goal][0 if edge == "first" else 1]
    assert backward(tasks, goal, on, ENGLAND, edge=edge) == dates
    day_after = on + timedelta(days=1)
    if not ENGLAND.is_open(day_after):
        assert backward(tasks, goal, day_after, ENGLAND, edge=edge) == dates


@UNHURRIED
@given(tasks=schedules(), start=starts, data=st.data())
def test_a_step_moved_later_pushes_exactly_what_its_links_force(tasks, start, data):
    key = data.draw(st.sampled_from([task.key for task in tasks]))
    slack = data.draw(st.fixed_dictionaries({task.key: st.integers(0, 8) for task in tasks}))
    days, slip = {task.key: task.days for task in tasks}, data.draw(st.integers(0, 40))
    zero = next(place for place, day in enumerate(OPEN) if day >= start)
    loose = settled(tasks, {other: zero + spare for other, spare in slack.items()})
    after = settled(tasks, {**loose, key: loose[key] + slip})
    spans = {other: (OPEN[begin], OPEN[begin + days[other] - 1]) for other, begin in loose.items()}
    expected = {
        other: (*spans[other], OPEN[begin], OPEN[begin + days[other] - 1])
        for other, begin in after.items()
        if begin != loose[other]
    }
    assert pushed(spans, links_of(tasks), key, OPEN[loose[key] + slip], ENGLAND) == expected


@UNHURRIED
@given(tasks=schedules(), start=starts, data=st.data())
def test_steps_pulled_earlier_stand_close_and_break_no_link(tasks, start, data):
    key = data.draw(st.sampled_from([task.key for task in tasks]))
    links = links_of(tasks)
    on_time = forward(tasks, start, ENGLAND)
    late_by = data.draw(st.integers(1, 30))
    spans = {**on_time}
    for other, (*_old, first, last) in pushed(on_time, links, key, ENGLAND.add(on_time[key][0], late_by), ENGLAND).items():
        spans[other] = first, last
    back = pushed(spans, links, key, on_time[key][0], ENGLAND, pull=True)
    dates = {**spans, **{other: moved[2:] for other, moved in back.items()}}
    assert set(back) >= {other for other in spans if spans[other] != on_time[other]}
    for before, after, lag in links:
        assert dates[after][0] >= ENGLAND.add(dates[before][1], 1 + lag)
    assert all(first <= old for old, _last, first, _end in back.values())
