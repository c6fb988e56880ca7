"""Other lengths, places, steps and links, against a slow second opinion that counts in bare numbers (COO6)."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.workdays import Impossible
from campaigns import reshaping
from campaigns.reshaping import NEW, Shape
from tests.test_arithmetic import ENGLAND, OPEN, UNHURRIED

PAST = date(2024, 1, 1)


@st.composite
def networks(draw):
    """Up to eight steps, every link kept, some with days to spare. begin: {key: number of its first working day}"""
    links, days, begin = {}, {}, {}
    for key in range(draw(st.integers(1, 8))):
        days[key] = draw(st.integers(1, 9))
        for before in draw(st.sets(st.integers(0, key - 1), max_size=3)) if key else ():
            links[before, key] = draw(st.one_of(st.integers(0, 3), st.integers(-5, 12)))
        soonest = soonest_of(key, begin, days, links)
        begin[key] = (300 if soonest is None else soonest) + draw(st.integers(0, 4))
    return SimpleNamespace(begin=begin, days=days, links=links)


def soonest_of(key, begin, days, links):
    return max((begin[a] + days[a] + lag for (a, b), lag in links.items() if b == key), default=None)


def shape_of(net, **more):
    spans = {key: (OPEN[first], OPEN[first + net.days[key] - 1]) for key, first in net.begin.items()}
    return Shape(spans, net.links, ENGLAND, PAST, **more)


def numbers(shape):
    """{key: number of its first working day}, {key: its working days}"""
    place = {day: number for number, day in enumerate(OPEN)}
    begin = {key: place[first] for key, (first, _last) in shape.spans.items()}
    return begin, {key: place[last] - place[first] + 1 for key, (first, last) in shape.spans.items()}


def settled(begin, days, links, fixed=()):
    """Push every step against every link until nothing moves any more; slow, and knows no order."""
    begin = dict(begin)
    while True:
        before = dict(begin)
        for (a, b), lag in links.items():
            if b not in fixed:
                begin[b] = max(begin[b], begin[a] + days[a] + lag)
        if begin == before:
            return begin


def one_of(data, net):
    return data.draw(st.sampled_from(sorted(net.begin)))


def links_hold(shape):
    begin, days = numbers(shape)
    return all(begin[b] >= begin[a] + days[a] + lag for (a, b), lag in shape.links.items())


@UNHURRIED
@given(net=networks(), data=st.data(), longer=st.integers(1, 30))
def test_a_longer_step_pushes_exactly_what_its_links_force(net, data, longer):
    key = one_of(data, net)
    days = {**net.days, key: net.days[key] + longer}
    found = reshaping.lengthened(shape_of(net), key, days[key])
    assert numbers(found) == (settled(net.begin, days, net.links), days)


@UNHURRIED
@given(net=networks(), data=st.data())
def test_a_shorter_step_moves_nobody_unless_asked_and_then_nobody_later(net, data):
    key = one_of(data, net)
    alone, together = (reshaping.lengthened(shape_of(net), key, 1, pull=pull) for pull in (False, True))
    assert numbers(alone) == (net.begin, {**net.days, key: 1})
    begin, _days = numbers(together)
    assert all(begin[it] <= net.begin[it] for it in net.begin)
    assert links_hold(together)


@UNHURRIED
@given(net=networks(), data=st.data())
def test_a_new_link_pushes_exactly_what_it_forces_and_a_circle_is_refused(net, data):
    after, before, lag = one_of(data, net), one_of(data, net), data.draw(st.integers(-5, 20))
    links = {**net.links, (before, after): lag}
    if after == before or reaches(net.links, after, before):
        with pytest.raises(Impossible, match="wait"):
            reshaping.linked(shape_of(net), before, after, lag)
    else:
        found = reshaping.linked(shape_of(net), before, after, lag)
        assert numbers(found) == (settled(net.begin, net.days, links), net.days)
        back = reshaping.unlinked(found, before, after)
        assert back.spans == found.spans


def reaches(links, one, other):
    found = {one}
    while more := {b for a, b in links if a in found} - found:
        found |= more
    return other in found


@UNHURRIED
@given(net=networks(), data=st.data())
def test_a_step_left_out_is_as_if_it_took_no_time(net, data):
    key = one_of(data, net)
    left = {it: first for it, first in net.begin.items() if it != key}
    found = reshaping.skipped(shape_of(net), key, pull=False)
    assert numbers(found)[0] == left
    assert not any(key in pair for pair in found.links)
    if any(b == key for _a, b in net.links):
        begin, days = {it: first - 200 * (it > key) for it, first in net.begin.items()}, {**net.days, key: 0}
        begin[key] = -10_000
        oracle = settled(begin, days, net.links)
        mine = settled({it: first for it, first in begin.items() if it != key}, net.days, found.links)
        assert {it: first for it, first in oracle.items() if it != key} == mine
    closed = reshaping.skipped(shape_of(net), key, pull=True)
    assert all(first <= left[it] for it, first in numbers(closed)[0].items())
    assert links_hold(closed)


@UNHURRIED
@given(net=networks(), data=st.data(), days=st.integers(1, 20))
def test_a_step_put_in_pushes_exactly_what_it_forces(net, data, days):
    key = one_of(data, net)
    found = reshaping.inserted(shape_of(net), key, days)
    links = {(NEW if a == key else a, b): lag for (a, b), lag in net.links.items()} | {(key, NEW): 0}
    begin = {**net.begin, NEW: net.begin[key] + net.days[key]}
    assert found.links == links
    assert numbers(found) == (settled(begin, {**net.days, NEW: days}, links), {**net.days, NEW: days})


@UNHURRIED
@given(net=networks(), data=st.data())
def test_two_parts_of_a_step_lie_where_the_whole_lay_and_move_nobody(net, data):
    key = one_of(data, net)
    if net.days[key] == 1:
        with pytest.raises(Impossible, match="at least one"):
            reshaping.split(shape_of(net), key, 1)
        return
    part = data.draw(st.integers(1, net.days[key] - 1))
    begin, days = numbers(reshaping.split(shape_of(net), key, part))
    assert begin == {**net.begin, NEW: net.begin[key] + part}
    assert days == {**net.days, key: part, NEW: net.days[key] - part}


@UNHURRIED
@given(net=networks(), data=st.data())
def test_a_step_split_and_merged_again_is_what_it_was(net, data):
    key = one_of(data, net)
    if net.days[key] > 1:
        shape = shape_of(net)
        again = reshaping.merged(reshaping.split(shape, key, 1), key, NEW)
        assert (again.spans, again.links) == (shape.spans, shape.links)


@UNHURRIED
@given(net=networks(), data=st.data())
def test_two_steps_made_one_take_the_days_of_both_and_keep_every_link(net, data):
    if not net.links:
        return
    key, other = data.draw(st.sampled_from(sorted(net.links)))
    try:
        found = reshaping.merged(shape_of(net), key, other)
    except Impossible as why:
        assert "wait for each other" in str(why)
        assert any(reaches(net.links, b, other) for a, b in net.links if a == key and b != other)
        return
    begin, days = numbers(found)
    assert days[key] == net.days[key] + net.days[other]
    assert links_hold(found)
    for it in begin:
        if it != key and not reaches(net.links, key, it) and not reaches(net.links, other, it):
            assert begin[it] == net.begin[it]


@UNHURRIED
@given(net=networks(), data=st.data())
def test_two_steps_that_change_places_keep_their_length_and_every_link_holds(net, data):
    one, other = one_of(data, net), one_of(data, net)
    if one == other:
        return
    found = reshaping.swapped(shape_of(net), one, other)
    begin, days = numbers(found)
    assert days == net.days
    assert links_hold(found)
    new = {one: other, other: one}
    assert found.links == {(new.get(a, a), new.get(b, b)): lag for (a, b), lag in net.links.items()}
    if net.days[one] == net.days[other]:
        assert begin == {new.get(it, it): first for it, first in net.begin.items()}


def test_what_only_stood_behind_the_old_place_of_a_step_is_not_pushed_by_it():
    net = SimpleNamespace(begin={0: 300, 1: 301, 2: 300, 3: 301}, days=dict.fromkeys(range(4), 1), links={(0, 3): 0})
    begin, _days = numbers(reshaping.swapped(shape_of(net), 0, 1))
    assert begin == {0: 301, 1: 300, 2: 300, 3: 301}


@UNHURRIED
@given(net=networks(), data=st.data())
def test_what_has_been_reported_done_never_moves_and_nothing_is_pulled_into_the_past(net, data):
    key, done = one_of(data, net), one_of(data, net)
    today = OPEN[max(net.begin.values())]
    shape = shape_of(net, still=frozenset({done}) - {key})
    for found in (reshaping.lengthened(shape, key, 40), reshaping.skipped(shape, key), reshaping.inserted(shape, key, 40)):
        if done != key:
            assert found.spans[done] == shape.spans[done]
    late = Shape(shape.spans, shape.links, ENGLAND, today)
    for it, span in reshaping.lengthened(late, key, 1, pull=True).spans.items():
        assert span[0] >= min(today, late.spans[it][0])
