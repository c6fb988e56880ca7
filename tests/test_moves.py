"""Moves: allowed, refused, forbidden, stale. What a refused move leaves behind is nothing."""

import pytest
from django.core.exceptions import PermissionDenied

from agency.flow import Conflict, Court, Refused, moves_of, revise
from briefs.models import Brief
from campaigns.models import Plan, Step
from clients.models import Client, Event
from reminders.models import Notice
from tests.records import PHONED, a_brief, a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def accepted(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


@pytest.fixture
def plan(cast, accepted):
    return a_plan(accepted, cast.marta)


def traces(record):
    return record.history.count(), record.events().count(), Notice.objects.count()


def test_a_submitted_brief_lies_with_the_director_until_the_next_working_day(brief, cast):
    brief.submit(by=cast.jonas)
    assert (brief.state, brief.court, brief.holder) == ("submitted", Court.OURS, cast.marta)
    assert brief.due_on.isoformat() == "2026-11-24"


def test_a_move_leaves_one_history_row_and_one_event_with_who_and_why(brief, cast):
    brief.submit(by=cast.jonas)
    before = traces(brief)
    brief.return_to_writer(by=cast.marta, reason="Which shops?")
    assert traces(brief) == tuple(count + 1 for count in before)
    row, event = brief.history.first(), brief.last_event()
    assert (row.history_user, row.history_change_reason, row.state) == (cast.marta, "Which shops?", "returned")
    assert (event.actor, event.verb, event.reason, event.client_id) == (
        cast.marta,
        "return_to_writer",
        "Which shops?",
        brief.client_id,
    )


def test_a_salesman_cannot_accept_the_brief_he_wrote(brief, cast):
    brief.submit(by=cast.jonas)
    before = traces(brief)
    with pytest.raises(PermissionDenied):
        brief.accept_without_playback(by=cast.jonas, reason=PHONED)
    brief.refresh_from_db()
    assert brief.state == "submitted"
    assert traces(brief) == before


def test_a_director_cannot_accept_a_brief_he_wrote_himself_but_the_supervisor_can(cast, clients):
    brief = a_brief(clients["HRB"], cast.marta)
    brief.submit(by=cast.marta)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        brief.accept_without_playback(by=cast.marta, reason=PHONED)
    brief.accept_without_playback(by=cast.omar, reason=PHONED)
    assert brief.state == "accepted"


def test_a_director_who_wrote_in_somebody_elses_brief_does_not_accept_it(brief, cast):
    changes = {"market_plan": "Sixty thousand packs."}
    revise(brief, by=cast.marta, needs="briefs.change_brief", seen=brief.version, changes=changes)
    brief.submit(by=cast.jonas)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        brief.accept_without_playback(by=cast.marta, reason=PHONED)


@pytest.mark.parametrize("blank", ["product_knowledge", "market_situation", "budget_notes", "market_plan"])
def test_a_brief_with_an_empty_block_is_not_submitted(cast, clients, blank):
    brief = a_brief(clients["HRB"], cast.jonas, **{blank: "  "})
    with pytest.raises(Refused, match="Fill the four blocks"):
        brief.submit(by=cast.jonas)


def test_a_brief_without_a_budget_figure_is_refused_with_a_sentence_that_names_it(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas, budget_amount=None)
    before = traces(brief)
    with pytest.raises(Refused, match="budget figure"):
        brief.submit(by=cast.jonas)
    assert traces(brief) == before


def test_a_return_without_a_reason_is_refused(brief, cast):
    brief.submit(by=cast.jonas)
    with pytest.raises(Refused, match="reason"):
        brief.return_to_writer(by=cast.marta, reason="   ")
    brief.refresh_from_db()
    assert brief.state == "submitted"


def test_whoever_comes_second_is_told_who_was_first(brief, cast):
    brief.submit(by=cast.jonas)
    late = Brief.objects.get(pk=brief.pk)
    brief.accept_without_playback(by=cast.marta, reason=PHONED)
    with pytest.raises(Conflict, match="Meanwhile Marta Kowalska accepted the brief"):
        late.return_to_writer(by=cast.omar, reason="Too early")
    assert Brief.objects.get(pk=brief.pk).state == "accepted"


def test_a_move_on_a_version_that_has_changed_since_is_a_conflict(brief, cast):
    seen = brief.version
    revise(brief, by=cast.tomas, needs="briefs.change_brief", seen=seen, changes={"title": "Crackers"})
    with pytest.raises(Conflict):
        brief.submit(by=cast.jonas, seen=seen)


def test_two_who_write_the_same_brief_both_keep_their_text(brief, cast):
    seen = brief.version
    revise(brief, by=cast.tomas, needs="briefs.change_brief", seen=seen, changes={"title": "From Tomas"})
    with pytest.raises(Conflict) as conflict:
        revise(brief, by=cast.jonas, needs="briefs.change_brief", seen=seen, changes={"title": "From Jonas"})
    assert [(row.label, row.yours, row.theirs) for row in conflict.value.rows] == [("Title", "From Jonas", "From Tomas")]
    assert Brief.objects.get(pk=brief.pk).title == "From Tomas"


def test_saving_without_a_change_leaves_no_trace(brief, cast):
    before = traces(brief)
    assert revise(brief, by=cast.jonas, needs="briefs.change_brief", seen=brief.version, changes={"title": brief.title}) == []
    assert traces(brief) == before


def test_an_accepted_brief_is_no_longer_written_in(accepted, cast):
    with pytest.raises(Conflict):
        revise(
            accepted, by=cast.jonas, needs="briefs.change_brief", seen=accepted.version,
            changes={"title": "Other"}, while_in=Brief.WRITABLE,
        )  # fmt: skip


def test_the_director_cannot_agree_the_plan_he_wrote_and_the_supervisor_can(plan, cast):
    plan.submit(by=cast.marta)
    with pytest.raises(PermissionDenied):
        plan.agree(by=cast.marta)
    plan.agree(by=cast.omar)
    assert (plan.state, plan.court, plan.holder) == ("agreed", Court.OURS, cast.marta)


def test_a_supervisor_who_wrote_the_plan_leaves_agreeing_to_the_minister(accepted, cast):
    plan = a_plan(accepted, cast.omar)
    plan.submit(by=cast.marta)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        plan.agree(by=cast.omar)
    plan.agree(by=cast.helena)
    assert plan.state == "agreed"


def test_a_supervisor_who_returned_a_plan_may_still_agree_it(plan, cast):
    plan.submit(by=cast.marta)
    plan.return_to_writer(by=cast.omar, reason="By when?")
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    assert plan.state == "agreed"


def test_a_plan_that_says_not_how_much_is_not_submitted(accepted, cast):
    plan = a_plan(accepted, cast.marta, budget=None)
    with pytest.raises(Refused, match="budget"):
        plan.submit(by=cast.marta)


def test_a_handed_on_step_is_taken_over_by_the_next_owner_and_checked_by_the_coordinator(plan, cast):
    first, second, *_others = a_schedule(plan.campaign, cast.mei)
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    assert first.holder == cast.marta
    first.take_over(by=cast.marta)
    assert first.holder == cast.mei
    first.check_off(by=cast.mei)
    second.refresh_from_db()
    assert (first.state, second.state) == ("checked", "ready")


def test_a_coordinator_reports_done_in_the_owners_name_and_the_trail_says_so(plan, cast):
    first = a_schedule(plan.campaign, cast.mei)[0]
    first.start(by=cast.mei)
    assert first.last_event().details["in_name_of"] == cast.jonas.pk


def test_a_step_waits_until_all_before_it_are_checked(plan, cast):
    steps = {step.name: step for step in a_schedule(plan.campaign, cast.mei)}
    step = steps["Joint study meeting with departments"]
    assert step.state == "planned"
    with pytest.raises(Conflict):
        step.start(by=cast.marta)


def test_nobody_checks_a_step_he_owns(plan, cast):
    first = a_schedule(plan.campaign, cast.mei)[0]
    first.give_to(by=cast.mei, person=cast.mei)
    first.start(by=cast.mei)
    first.report_done(by=cast.mei)
    first.take_over(by=cast.marta)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        first.check_off(by=cast.mei)
    first.check_off(by=cast.rafael)
    assert first.state == "checked"


def test_checking_without_a_take_over_needs_a_reason(plan, cast):
    first = a_schedule(plan.campaign, cast.mei)[0]
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    with pytest.raises(Refused):
        first.check_off(by=cast.mei)
    with pytest.raises(Refused, match="reason"):
        first.check_without_takeover(by=cast.mei, reason="")
    first.check_without_takeover(by=cast.mei, reason="Marta is on a plane.")
    assert (first.state, first.last_event().reason) == ("checked", "Marta is on a plane.")


def test_a_returned_step_goes_back_to_its_owner_with_the_reason(plan, cast):
    first = a_schedule(plan.campaign, cast.mei)[0]
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.hand_back(by=cast.marta, reason="Four questions are open.")
    assert (first.state, first.holder) == ("in_progress", cast.jonas)
    told = Notice.objects.filter(recipient=cast.jonas).latest("pk")
    assert "Four questions are open." in told.text


def test_a_step_is_not_given_to_somebody_who_does_not_serve_the_client(plan, cast):
    first = a_schedule(plan.campaign, cast.mei)[0]
    with pytest.raises(Refused, match="does not serve this client"):
        first.give_to(by=cast.mei, person=cast.lucia)


def test_the_buttons_are_the_moves_one_may_make(brief, cast):
    assert [it.name for it in brief.moves_open_to(cast.jonas)] == ["submit"]
    assert [it.name for it in brief.moves_open_to(cast.helena)] == ["submit"]
    brief.submit(by=cast.jonas)
    assert [it.name for it in brief.moves_open_to(cast.marta)] == ["accept_without_playback", "return_to_writer"]
    assert brief.moves_open_to(cast.jonas) == []
    assert brief.moves_open_to(cast.lucia) == []


def test_every_declared_move_leads_between_states_that_exist():
    for model in (Brief, Plan, Step, Client):
        states = set(model.State.values)
        for it in moves_of(model).values():
            assert it.sources <= states and (it.to is None or it.to in states), it


def test_events_hold_no_money(plan, cast):
    plan.submit(by=cast.marta)
    told = " ".join(str(event.details) for event in Event.objects.filter(client=plan.client))
    assert "60000" not in told
