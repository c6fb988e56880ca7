"""How complete a brief is, counted by hand (DEP2)."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.fields import BY_NAME, CATALOGUE, COLUMNS, LEADING
from briefs.models import Brief, BriefTemplate
from briefs.models.brief import content_of

FOUR = {name: "Written." for name in LEADING if name != "budget_amount"} | {"budget_amount": Decimal("1.00")}
VALUES = {"budget_amount": Decimal("60000.00"), "objectives": [{"metric": "Packs"}], "competitors": [{"name": "Finn"}]}


def a_template(weights):
    return BriefTemplate(key="t", name="T", weights=weights, first=[], hints={})


def a_brief(template=None, marks=None, **answers):
    """A brief in hand; nothing is asked of a database."""
    return Brief(title="T", template=template, marks={name: {"mark": mark} for name, mark in (marks or {}).items()}, **answers)


def test_the_weights_of_the_whole_brief_add_up_to_a_hundred():
    assert sum(asked.weight for asked in CATALOGUE) == 100
    assert all(type(asked.weight) is int and asked.weight > 0 for asked in CATALOGUE)


@pytest.mark.parametrize(
    ("answers", "percent"),
    [
        ({}, 0),
        ({"product_name": "Rye crackers"}, 3),
        ({"product_name": "Rye crackers", "price": "3.90", "audience": "Anna, 34"}, 10),
        (FOUR, 27),  # 6 + 5 + 9 + 2 + 5
        ({"budget_amount": Decimal("60000.00"), "competitors": [{"name": "Finn"}], "objectives": [{"metric": "Packs"}]}, 20),
        ({"price": "   \n "}, 0),  # nothing is written
        ({"launch_is_fixed": True, "currency": "EUR", "budget_binding": "fixed"}, 0),  # what stands beside weighs nothing
    ],
)
def test_the_percentage_of_the_whole_brief_is_the_sum_of_what_is_answered(answers, percent):
    assert a_brief(**answers).completeness.percent == percent


def test_a_guess_counts_whole_and_accepted_as_unknown_counts_half():
    assert a_brief(price="3.90", marks={"price": "guess"}).completeness.percent == 2
    assert a_brief(marks={"budget_amount": "unknown"}).completeness.percent == 4  # half of 9, rounded down
    assert a_brief(marks={"budget_amount": "unknown", "product_name": "unknown"}).completeness.percent == 6  # 4.5 + 1.5
    assert a_brief(price="3.90", marks={"price": "unknown"}).completeness.percent == 2  # an answer is an answer
    assert a_brief(marks={"price": "guess"}).completeness.percent == 0  # a guess without words is none


def test_the_percentages_of_the_blocks_by_hand():
    brief = a_brief(**FOUR, price="3.90", message="Thin.", marks={"seasons": "unknown"})
    found = {block.value: percent for block, percent in brief.completeness.blocks}
    # A: 6 + 2 of 23 · B: 5 + half of 2 of 19 · C: 9 + 2 of 18 · D: 5 of 17 · E: 5 of 13 · F: 0 of 10
    assert found == {"A": 34, "B": 31, "C": 61, "D": 29, "E": 38, "F": 0}
    assert brief.completeness.percent == 35  # 27 + 2 + 5 + 1


def test_a_template_weighs_otherwise_and_what_it_leaves_out_weighs_nothing():
    template = a_template({"product_knowledge": 20, "market_plan": 60, "price": 20})
    brief = a_brief(template, product_knowledge="Thin.", price="3.90", message="Not weighed here.")
    assert brief.completeness.percent == 40
    assert dict(brief.completeness.blocks)["E"] == 100  # nothing weighs there: nothing is missing
    assert brief.completeness.percent == a_brief(template, product_knowledge="Thin.", price="3.90").completeness.percent


def weighed(rest):
    """A template in which the leading five weigh 30 in all, message `rest`, and support what is left of a hundred."""
    return a_template({**dict.fromkeys(LEADING, 6), "message": rest, "support": 70 - rest})


def test_seventy_nine_is_not_enough_and_eighty_is():
    below, at = (a_brief(weighed(rest), **FOUR, message="Thin.") for rest in (49, 50))
    assert (below.completeness.percent, below.is_complete, below.missing) == (79, False, ["support"])
    assert (at.completeness.percent, at.is_complete, at.missing) == (80, True, [])


def test_just_below_eighty_is_not_rounded_up():
    template = a_template({**dict.fromkeys(LEADING, 100), "message": 99, "support": 26, "price": 100, "tone_of_voice": 26})
    brief = a_brief(template, **FOUR, message="Thin.")  # 599 of 751: 79.76
    assert (brief.completeness.percent, brief.is_complete) == (79, False)


@pytest.mark.parametrize("name", LEADING)
def test_however_much_is_answered_the_four_blocks_and_the_figure_have_to_be_there(name):
    everything = {asked.name: "Written." for asked in CATALOGUE if asked.name not in {
        "budget_approver", "work_approver", "launch_on", "budget_from", *VALUES}}  # fmt: skip
    brief = a_brief(**(everything | VALUES | {name: None if name == "budget_amount" else ""}), marks={name: "unknown"})
    assert brief.completeness.percent >= 80
    assert (brief.is_complete, brief.missing) == (False, [name])


def test_what_is_missing_names_what_leads_and_then_what_weighs_most_until_it_would_be_enough():
    assert a_brief().missing[:5] == list(LEADING)
    rest = a_brief().missing[5:]
    weights = [BY_NAME[name].weight for name in rest]
    assert weights == sorted(weights, reverse=True)
    assert 27 + sum(weights) >= 80 > 27 + sum(weights[:-1])


TEXTS = st.sampled_from([name for name in COLUMNS if name in BY_NAME and Brief._meta.get_field(name).get_internal_type() in
                         {"TextField", "CharField"}])  # fmt: skip
WEIGHTS = st.dictionaries(st.sampled_from(sorted(BY_NAME)), st.integers(0, 100), max_size=8)
MARKS = st.dictionaries(st.sampled_from(sorted(BY_NAME)), st.sampled_from(["known", "guess", "unknown"]), max_size=5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=st.sets(TEXTS, max_size=8), more=TEXTS, weights=WEIGHTS, marks=MARKS)
def test_answering_never_lowers_anything(written, more, weights, marks):
    template = a_template(weights) if any(weights.values()) else None
    before = a_brief(template, marks, **dict.fromkeys(written, "Written."))
    after = a_brief(template, marks, **dict.fromkeys({*written, more}, "Written."))
    assert 0 <= before.completeness.percent <= after.completeness.percent <= 100
    for (_block, was), (_same, now) in zip(before.completeness.blocks, after.completeness.blocks, strict=True):
        assert 0 <= was <= now <= 100
    assert len(after.missing) <= len(before.missing)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=st.sets(TEXTS, max_size=8), marks=MARKS)
def test_the_content_of_a_brief_holds_what_is_answered_and_nothing_else(written, marks):
    content = content_of(a_brief(None, marks, **dict.fromkeys(written, "Written.")))
    assert set(content["answers"]) == written | {"currency"}
