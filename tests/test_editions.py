"""What was accepted stays as it was: editions of a brief, and how an accepted brief is changed (DEP2, DEP3)."""

import json
from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from agency.flow import Conflict, Refused
from briefs.models import Brief
from campaigns.models import Campaign
from tests.records import FULL, PHONED, a_brief, a_plan, an_accepted_brief


@pytest.fixture
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


def change(brief, by, **changes):
    return brief.write(by=by, seen=brief.version, changes=changes)


def again(brief, cast):
    """Change an accepted brief and have it accepted once more."""
    brief.reopen(by=cast.jonas, reason="The client halved the budget.")
    change(brief, cast.jonas, budget_amount=Decimal("30000.00"))
    brief.submit(by=cast.jonas)
    return accept(brief, cast.marta)


def accept(brief, by):
    return brief.accept_without_playback(by=by, reason=PHONED)


def test_accepting_freezes_the_first_edition_with_everything_that_is_written(brief, cast):
    edition = brief.edition
    assert (brief.edition_number, edition.number, edition.created_by, edition.because) == (1, 1, cast.marta, "")
    assert edition.brief_version == brief.version
    assert edition.content["answers"]["budget_amount"] == "60000.00"
    assert edition.content["answers"]["market_plan"] == FULL["market_plan"]
    told = json.dumps(edition.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert edition.digest == sha256(told.encode()).hexdigest() == brief.digest


def test_an_accepted_brief_is_written_by_nobody(brief, cast):
    with pytest.raises(Conflict):
        change(brief, cast.jonas, market_plan="Sixty thousand.")
    brief.refresh_from_db()
    assert brief.market_plan == FULL["market_plan"]


def test_a_change_needs_a_reason_and_makes_a_new_edition_while_the_old_one_stays(brief, cast):
    with pytest.raises(Refused):
        brief.reopen(by=cast.jonas, reason=" ")
    again(brief, cast)
    assert [it.number for it in brief.editions.all()] == [2, 1]
    assert brief.edition.because == "The client halved the budget."
    sums = {it.number: it.content["answers"]["budget_amount"] for it in brief.editions.all()}
    assert sums == {1: "60000.00", 2: "30000.00"}


def test_while_it_is_being_changed_the_accepted_edition_holds(brief, cast):
    brief.reopen(by=cast.jonas, reason="A third route.")
    change(brief, cast.jonas, market_plan="Sixty thousand.")
    assert (brief.state, brief.edition_number, brief.holder) == ("reopened", 1, cast.jonas)
    assert brief.edition.content["answers"]["market_plan"] == FULL["market_plan"]


def test_dropping_the_changes_brings_back_every_word_of_the_edition(brief, cast):
    brief.reopen(by=cast.jonas, reason="A third route.")
    brief.write(
        by=cast.jonas, seen=brief.version, changes={"market_plan": "Other.", "title": "Other", "price": "4.20"},
        marks={"price": {"mark": "guess"}},
    )  # fmt: skip
    brief.drop_changes(by=cast.jonas, reason="The route was cancelled.")
    brief.refresh_from_db()
    assert (brief.state, brief.title, brief.market_plan, brief.price, brief.marks) == (
        "accepted", "Rye crackers", FULL["market_plan"], "", {},
    )  # fmt: skip
    assert brief.digest == brief.edition.digest
    assert brief.history.filter(price="4.20").exists()


def test_a_returned_change_can_be_dropped_but_a_brief_never_accepted_cannot(brief, cast, clients):
    brief.reopen(by=cast.jonas, reason="A third route.")
    brief.submit(by=cast.jonas)
    brief.return_to_writer(by=cast.marta, reason="Which route?")
    assert "drop_changes" in [it.name for it in brief.moves_open_to(cast.jonas)]
    fresh = a_brief(clients["HRB"], cast.jonas)
    fresh.submit(by=cast.jonas)
    fresh.return_to_writer(by=cast.marta, reason="Which shops?")
    assert "drop_changes" not in [it.name for it in fresh.moves_open_to(cast.jonas)]
    with pytest.raises(Refused):
        fresh.drop_changes(by=cast.jonas, reason="No.")


def test_an_acceptance_taken_back_withdraws_its_edition_and_its_number_is_not_given_again(brief, cast):
    brief.undo_accept_without_playback(by=cast.marta)
    assert (brief.state, brief.edition_number, brief.edition) == ("submitted", 0, None)
    accept(brief, cast.marta)
    assert brief.edition_number == 2
    assert list(brief.editions.values_list("number", "withdrawn")) == [(2, False), (1, True)]


def test_no_two_editions_have_one_number(brief):
    edition = brief.edition
    edition.pk, edition.token = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()


@pytest.mark.parametrize("name", ["lucia", "felix", "ida", "admin"])
def test_an_outsider_opens_no_accepted_brief(name, brief, cast):
    with pytest.raises(PermissionDenied):
        brief.reopen(by=getattr(cast, name), reason="Let me.")


def test_a_campaign_goes_on_from_the_edition_that_holds(brief, cast):
    plan = a_plan(brief, cast.marta)
    again(brief, cast)
    assert Campaign.objects.get(pk=plan.campaign_id).brief.edition_number == 2


# ── Two people write at once ────────────────────────────────────────────────────────────────────
@pytest.fixture
def draft(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


def test_what_one_changed_the_other_does_not_take_back(draft, cast):
    seen = draft.version
    theirs = Brief.objects.get(pk=draft.pk)
    theirs.write(by=cast.tomas, seen=seen, changes={"price": "4.20", "market_plan": FULL["market_plan"]})
    draft.write(by=cast.jonas, seen=seen, changes={"price": "", "market_plan": "Sixty thousand."})
    draft.refresh_from_db()
    assert (draft.price, draft.market_plan) == ("4.20", "Sixty thousand.")


def test_the_same_answer_changed_by_both_is_shown_to_the_second_with_both_texts_and_only_that(draft, cast):
    seen = draft.version
    Brief.objects.get(pk=draft.pk).write(by=cast.tomas, seen=seen, changes={"price": "4.20", "title": "Tomas"})
    with pytest.raises(Conflict) as refused:
        draft.write(by=cast.jonas, seen=seen, changes={"price": "4.40", "title": "Rye crackers", "tone_of_voice": "Dry"})
    assert [(row.name, row.yours, row.theirs, row.before) for row in refused.value.rows] == [("price", "4.40", "4.20", "")]
    draft.refresh_from_db()
    assert (draft.price, draft.tone_of_voice) == ("4.20", "")


def test_marks_of_two_people_lie_side_by_side(draft, cast):
    seen = draft.version
    Brief.objects.get(pk=draft.pk).write(by=cast.tomas, seen=seen, changes={}, marks={"price": {"mark": "guess"}})
    draft.write(by=cast.jonas, seen=seen, changes={}, marks={"seasons": {"mark": "unknown"}})
    assert (draft.mark_of("price"), draft.mark_of("seasons")) == ("guess", "unknown")
    draft.write(by=cast.jonas, seen=draft.version, changes={}, marks={"price": None})
    assert draft.marks == {"seasons": {"mark": "unknown"}}


def test_what_is_saved_piece_by_piece_is_one_line_of_the_trail_and_every_piece_in_the_history(draft, cast, monday):
    for n in range(3):
        change(draft, cast.jonas, price=f"4.{n}0", **({"seasons": "Autumn"} if n == 2 else {}))
    told = draft.events().filter(verb="revised").get()
    assert told.details["fields"] == ["price", "seasons"]
    assert list(draft.history.values_list("price", flat=True)[:3]) == ["4.20", "4.10", "4.00"]
    change(draft, cast.tomas, price="5.00")
    change(draft, cast.jonas, price="5.10")
    assert [it.actor for it in draft.events().filter(verb="revised")] == [cast.jonas, cast.tomas, cast.jonas]
