"""Which steps could give days to a schedule that would begin in the past, held against trying everything (DEP4)."""

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.arithmetic import Task
from campaigns.giving import given as give
from campaigns.giving import reach

LINE = [Task("brief", 2), Task("draft", 5, (("brief", 0),)), Task("gate", 1, (("draft", 0),)), Task("proof", 3, (("gate", 0),))]


def test_the_longest_step_gives_first():
    assert give(LINE, "proof", 2, {"brief", "draft", "proof"}) == ({"draft": 2}, 0)


def test_when_two_are_as_long_they_take_turns():
    assert give(LINE, "proof", 4, {"brief", "draft", "proof"}) == ({"draft": 3, "proof": 1}, 0)


def test_what_may_not_give_keeps_its_days_and_what_is_lacking_is_told():
    assert give(LINE, "proof", 6, {"draft"}) == ({"draft": 4}, 2)
    assert give(LINE, "proof", 1, set()) == ({}, 1)


def test_a_step_beside_the_way_to_the_goal_gives_nothing():
    tasks = [*LINE, Task("booking", 9, (("brief", 0),)), Task("appears", 1, (("proof", 0), ("booking", 0)))]
    gave, lack = give(tasks, "proof", 3, {"draft", "booking"})
    assert (gave, lack) == ({"draft": 3}, 0)


def test_of_two_ways_as_long_both_give():
    tasks = [Task("a", 4), Task("b", 4), Task("end", 1, (("a", 0), ("b", 0)))]
    assert give(tasks, "end", 2, {"a", "b"}) == ({"a": 2, "b": 2}, 0)
    assert give(tasks, "end", 2, {"a"}) == ({}, 2)


def test_an_appearance_is_brought_nearer_by_what_comes_before_it_and_not_by_its_own_days():
    tasks = [Task("a", 4), Task("appears", 20, (("a", 0),))]
    assert give(tasks, "appears", 2, {"a", "appears"}, edge="first") == ({"a": 2}, 0)


@st.composite
def schedules(draw):
    """Up to five steps of up to three days, each waiting for some before it."""
    tasks = []
    for key in range(draw(st.integers(1, 5))):
        after = (
            draw(st.lists(st.tuples(st.integers(0, key - 1), st.integers(-2, 2)), max_size=2, unique_by=lambda it: it[0]))
            if key
            else []
        )
        tasks.append(Task(key, draw(st.integers(1, 3)), tuple(after)))
    return tasks


@settings(deadline=None)
@given(tasks=schedules(), lack=st.integers(1, 6), givers=st.sets(st.integers(0, 4)), edge=st.sampled_from(["first", "last"]))
def test_what_is_given_is_enough_if_anything_is_and_not_a_day_of_it_in_vain(tasks, lack, givers, edge):
    goal = tasks[-1].key
    gave, still = give(tasks, goal, lack, givers, edge)
    shorter = [replace(task, days=task.days - gave.get(task.key, 0)) for task in tasks]
    assert gave.keys() <= givers and all(task.days >= 1 for task in shorter)
    target = reach(tasks, goal, edge) - lack
    nearest = min(
        reach([replace(task, days=days) for task, days in zip(tasks, lengths, strict=True)], goal, edge)
        for lengths in product(*(range(1, task.days + 1) if task.key in givers else [task.days] for task in tasks))
    )
    assert still == max(nearest - target, 0)
    assert reach(shorter, goal, edge) <= max(target, nearest)
    for task in tasks:
        back = [replace(it, days=it.days + 1) if it.key == task.key else it for it in shorter]
        assert task.key not in gave or reach(back, goal, edge) > max(target, nearest)
