"""Taking back: by who made the move, soon, and only while nothing else has happened. It is a move like any other."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from agency import clock
from agency.flow import Conflict, Court, Refused, moves_of, revise
from briefs.models import Brief
from campaigns.models import Plan, Rearrangement, Step
from clients.models import Client
from reminders.delivery import deliver
from reminders.models import Notice
from tests.records import FULL, PHONED, a_brief, a_plan, a_schedule, an_accepted_brief, days

MODELS = (Brief, Plan, Step, Rearrangement, Client)
LATER = timedelta(minutes=16)


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def submitted(brief, cast):
    return brief.submit(by=cast.jonas)


@pytest.fixture
def plan(cast, clients):
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)


@pytest.fixture
def steps(plan, cast):
    return a_schedule(plan.campaign, cast.mei)


def news(record, person):
    return list(Notice.objects.visible_to(person).about(record).order_by("pk").values_list("text", flat=True))


def standing(record):
    """Everything of a record but its version."""
    record.refresh_from_db()
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields if f.name != "version"}


# ── What is taken back ──────────────────────────────────────────────────────────────────────────
def test_a_brief_submitted_by_mistake_is_again_what_it_was_and_the_acceptor_never_hears_of_it(brief, cast):
    before = standing(brief)
    brief.submit(by=cast.jonas)
    assert news(brief, cast.marta) != []
    brief.undo_submit(by=cast.jonas)
    assert standing(brief) == before
    assert news(brief, cast.marta) == []


def test_taking_back_leaves_one_history_row_and_one_event_and_the_version_goes_on(submitted, cast):
    version, rows, told = submitted.version, submitted.history.count(), submitted.events().count()
    submitted.undo_submit(by=cast.jonas, seen=version)
    assert (submitted.version, submitted.history.count(), submitted.events().count()) == (version + 1, rows + 1, told + 1)
    assert (submitted.last_event().told, submitted.last_event().actor) == ("took the submitted brief back", cast.jonas)
    assert (submitted.history.first().history_user, submitted.history.first().history_change_reason) == (cast.jonas, "Undo")


def test_a_returned_brief_that_was_submitted_again_by_mistake_is_returned_again_and_not_a_draft(submitted, cast):
    submitted.return_to_writer(by=cast.marta, reason="Which shops?")
    submitted.submit(by=cast.jonas)
    submitted.undo_submit(by=cast.jonas)
    assert (submitted.state, submitted.holder) == ("returned", cast.jonas)
    assert submitted.returned_because.reason == "Which shops?"


def test_what_was_taken_back_can_be_done_again_and_is_told_again(submitted, cast):
    submitted.undo_submit(by=cast.jonas)
    submitted.submit(by=cast.jonas)
    assert len(news(submitted, cast.marta)) == 1


def test_whoever_has_seen_the_notice_is_told_that_it_no_longer_holds(submitted, cast):
    Notice.objects.visible_to(cast.marta).about(submitted).see()
    submitted.undo_submit(by=cast.jonas)
    assert news(submitted, cast.marta) == [
        "Jonas Weber asks you to accept the brief “Rye crackers”.",
        "Jonas Weber took back “Submit for acceptance”: Rye crackers",
    ]


def test_whoever_has_been_sent_the_mail_is_told_too_and_else_no_mail_leaves(submitted, cast, settings):
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver(clock.now())
    submitted.undo_submit(by=cast.jonas)
    assert len(news(submitted, cast.marta)) == 2
    submitted.submit(by=cast.jonas)
    submitted.undo_submit(by=cast.jonas)
    assert Notice.objects.about(submitted).filter(sent_at=None, drop_reason="").count() == 1  # the first taking back


def test_whoever_reads_news_on_the_desk_alone_does_not_find_it_there_either(brief, cast):
    cast.marta.adjust(by=cast.marta, news="desk")
    brief.submit(by=cast.jonas)
    brief.undo_submit(by=cast.jonas)
    assert news(brief, cast.marta) == []


def test_an_acceptance_is_taken_back_until_a_campaign_hangs_on_it(submitted, cast):
    submitted.accept_without_playback(by=cast.marta, reason=PHONED)
    submitted.undo_accept_without_playback(by=cast.marta)
    assert (submitted.state, submitted.holder, submitted.court) == ("submitted", cast.marta, Court.OURS)
    submitted.accept_without_playback(by=cast.marta, reason=PHONED)
    Plan.open_with(brief=submitted, name="Crackers", by=cast.marta, token=uuid4())
    with pytest.raises(Refused, match="A campaign has been opened"):
        submitted.undo_accept_without_playback(by=cast.marta)


def test_an_agreed_plan_awaits_agreement_again(plan, cast):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.undo_agree(by=cast.omar)
    assert (plan.state, plan.holder) == ("submitted", cast.omar)


def test_a_step_goes_back_stair_by_stair(steps, cast):
    first = steps[0]
    first.start(by=cast.jonas)
    first.undo_start(by=cast.jonas)
    assert first.state == "ready"
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.undo_report_done(by=cast.jonas)
    assert (first.state, first.holder, first.due_on) == ("in_progress", cast.jonas, first.ends_on)


def test_a_check_taken_back_puts_off_the_step_that_it_had_made_ready(steps, cast):
    first, second = steps[0], steps[1]
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.take_over(by=cast.marta)
    before = standing(second)
    first.check_off(by=cast.mei)
    first.undo_check_off(by=cast.mei)
    assert (first.state, first.holder) == ("taken_over", cast.mei)
    assert standing(second) == before
    assert news(second, cast.marta) == []


def test_a_check_stays_once_the_next_step_has_begun_and_nothing_is_half_taken_back(steps, cast):
    first, second = steps[0], steps[1]
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.take_over(by=cast.marta)
    first.check_off(by=cast.mei)
    Step.objects.get(pk=second.pk).start(by=cast.marta)
    with pytest.raises(Conflict, match="Meanwhile Marta Kowalska started the step"):
        first.undo_check_off(by=cast.mei)
    assert Step.objects.get(pk=first.pk).state == "checked"


def test_a_step_given_by_mistake_is_with_its_owner_again(steps, cast):
    first = steps[0]
    first.give_to(by=cast.mei, person=cast.marta)
    first.undo_give_to(by=cast.mei)
    assert (first.person, first.holder, first.state) == (cast.jonas, cast.jonas, "ready")
    assert news(first, cast.marta) == []


def test_a_client_parted_from_by_mistake_is_a_client_again(clients, cast):
    clients["HRB"].part(by=cast.helena, reason="Wrong row.")
    clients["HRB"].undo_part(by=cast.helena)
    assert clients["HRB"].state == "active"


# ── Who, when, and until what ───────────────────────────────────────────────────────────────────
def test_nobody_takes_back_what_somebody_else_did(submitted, cast):
    with pytest.raises(Conflict):
        submitted.undo_submit(by=cast.tomas)
    with pytest.raises(PermissionDenied):
        submitted.undo_submit(by=cast.mei)
    assert Brief.objects.get(pk=submitted.pk).state == "submitted"


def test_after_a_quarter_of_an_hour_others_count_on_it(submitted, cast, monday):
    monday.shift(LATER)
    with pytest.raises(Refused, match="within 15 minutes"):
        submitted.undo_submit(by=cast.jonas)
    assert [it.name for it in submitted.moves_and_undo(cast.jonas)] == []


def test_once_the_brief_is_shared_or_accepted_its_submission_stands(submitted, cast):
    submitted.share_with(cast.felix, until=clock.today(), reason="Please read", by=cast.marta)
    with pytest.raises(Conflict):
        submitted.undo_submit(by=cast.jonas)
    submitted.accept_without_playback(by=cast.marta, reason=PHONED)
    with pytest.raises(Conflict, match="Meanwhile Marta Kowalska accepted the brief"):
        submitted.undo_submit(by=cast.jonas)


def test_a_return_stands_once_the_writer_has_written(submitted, cast):
    submitted.return_to_writer(by=cast.marta, reason="Which shops?")
    revise(submitted, by=cast.jonas, needs="briefs.change_brief", seen=submitted.version, changes={"title": "Crackers"})
    with pytest.raises(Conflict, match="Meanwhile Jonas Weber wrote in the brief"):
        submitted.undo_return_to_writer(by=cast.marta)
    assert Brief.objects.get(pk=submitted.pk).title == "Crackers"


def test_a_step_whose_days_were_moved_meanwhile_is_not_put_back_to_the_old_days(steps, cast):
    first = steps[0]
    first.start(by=cast.jonas)
    Rearrangement.make(step=first, to_start=first.starts_on + days(7), reason="Illness", by=cast.mei, token=uuid4())
    with pytest.raises(Conflict):
        first.undo_start(by=cast.jonas)


def test_a_version_that_is_no_longer_the_one_on_the_page_is_a_conflict(submitted, cast):
    with pytest.raises(Conflict):
        submitted.undo_submit(by=cast.jonas, seen=submitted.version - 1)


def test_taking_back_dodges_no_four_eyes(submitted, cast):
    submitted.undo_submit(by=cast.jonas)
    assert submitted.is_work_of(cast.jonas)
    submitted.submit(by=cast.marta)
    submitted.undo_submit(by=cast.marta)
    submitted.submit(by=cast.tomas)
    with pytest.raises(PermissionDenied, match="Four eyes"):
        submitted.accept_without_playback(by=cast.marta, reason=PHONED)


def test_whoever_lost_the_right_takes_nothing_back(submitted, cast):
    cast.jonas.assignments.current().get(client=submitted.client).delete()
    fresh = type(cast.jonas).objects.get(pk=cast.jonas.pk)
    with pytest.raises(PermissionDenied):
        submitted.undo_submit(by=fresh)


def test_nothing_is_taken_back_twice(submitted, cast):
    submitted.undo_submit(by=cast.jonas)
    with pytest.raises(Conflict):
        submitted.undo_submit(by=cast.jonas)


@pytest.mark.parametrize("model", MODELS)
def test_taking_back_needs_the_right_of_what_it_takes_back(model):
    moves = moves_of(model)
    for it in moves.values():
        if it.undoes:
            assert (it.name, it.needs) == (f"undo_{it.undoes}", moves[it.undoes].needs)
            assert it.hidden == moves[it.undoes].hidden or it.undoes in ("give_to", "carry_out", "say_cause")


def test_signatures_and_what_was_withdrawn_or_went_to_the_client_are_not_taken_back():
    undone = {(model.__name__, it.undoes) for model in MODELS for it in moves_of(model).values() if it.undoes}
    every = {(model.__name__, it.name) for model in MODELS for it in moves_of(model).values() if not it.undoes}
    assert every - undone == {
        ("Rearrangement", "withdraw"),
        ("Step", "wait_again"),  # follows from a rearrangement, and goes back with it
        ("Plan", "take_back"),  # what went to the client or came from it: opened again with a reason instead
        ("Plan", "reopen"),
    } | {("Plan", name) for name in ("send", "confirm", "ask_changes", "record_agreement", "record_no")}


# ── A request withdrawn ─────────────────────────────────────────────────────────────────────────
@pytest.fixture
def wish(steps, cast):
    return Rearrangement.ask(
        step=steps[1], to_start=steps[1].starts_on + days(7), reason="Illness", by=cast.marta, token=uuid4()
    )  # fmt: skip


def test_whoever_asked_withdraws_the_request_at_any_time_until_it_is_answered(wish, cast, monday):
    monday.shift(timedelta(days=1))
    wish.withdraw(by=cast.marta)
    assert (wish.state, wish.court, wish.holder) == ("withdrawn", Court.NOBODY, None)
    assert news(wish, cast.mei) == []
    with pytest.raises(Conflict):
        wish.grant(by=cast.mei)


def test_nobody_else_withdraws_it(wish, cast):
    for person in (cast.jonas, cast.tomas):
        with pytest.raises(PermissionDenied):
            wish.withdraw(by=person)


# ── On the pages ────────────────────────────────────────────────────────────────────────────────
def test_after_a_move_the_next_page_says_so_and_offers_to_take_it_back(brief, cast, login):
    browser = login(cast.jonas)
    page = browser.post(f"/briefs/{brief.pk}/move/submit/", {"seen": brief.version}, follow=True)
    assert "Done: Submit for acceptance." in page.text
    assert f'action="/briefs/{brief.pk}/move/undo_submit/"' in page.text
    assert f'name="seen" value="{brief.version + 1}"' in page.text
    page = browser.post(f"/briefs/{brief.pk}/move/undo_submit/", {"seen": brief.version + 1}, follow=True)
    assert "Taken back: Submit for acceptance." in page.text
    assert "undo_submit" not in page.text
    assert Brief.objects.get(pk=brief.pk).state == "draft"


def test_taking_back_too_late_or_by_somebody_else_is_told_on_a_page(submitted, cast, login, monday):
    there, seen = f"/briefs/{submitted.pk}/move/undo_submit/", {"seen": submitted.version}
    assert login(cast.tomas).post(there, seen).status_code == 409
    assert login(cast.mei).post(there, seen).status_code == 403
    assert login(cast.lucia).post(there, seen).status_code == 404
    monday.shift(LATER)
    answer = login(cast.jonas).post(there, seen)
    assert (answer.status_code, "within 15 minutes" in answer.text) == (422, True)


def test_a_step_given_away_on_its_page_comes_with_the_offer_to_take_it_back(steps, cast, login):
    browser, first = login(cast.mei), steps[0]
    page = browser.post(f"/steps/{first.pk}/give/", {"person": "marta", "seen": first.version}, follow=True)
    assert f'action="/steps/{first.pk}/move/undo_give_to/"' in page.text
    browser.post(f"/steps/{first.pk}/move/undo_give_to/", {"seen": first.version + 1})
    assert Step.objects.get(pk=first.pk).person == cast.jonas


def test_saving_and_submitting_at_once_comes_with_the_offer_too(brief, plan, cast, login):
    sent = {"title": "Crackers", **FULL, "seen": brief.version, "submit": "1"}
    page = login(cast.jonas).post(f"/briefs/{brief.pk}/edit/", sent, follow=True)
    assert f'action="/briefs/{brief.pk}/move/undo_submit/"' in page.text
    there = f"/campaigns/{plan.campaign.job_number}/plan/"
    sent = {"objectives": "More", "strategy": "Posters", "budget": "60000", "seen": plan.version, "submit": "1"}
    page = login(cast.marta).post(f"{there}edit/", sent, follow=True)
    assert f'action="{there}move/undo_submit/"' in page.text


def test_what_was_saved_leads_to_what_stood_there_before_for_whoever_may_see_it(brief, cast, login):
    sent = {"title": "Crackers", **FULL, "seen": brief.version}
    page = login(cast.jonas).post(f"/briefs/{brief.pk}/edit/", sent, follow=True)
    assert page.text.count(f'href="/history/briefs.brief/{brief.pk}/"') == 2  # in the message, and beside the trail


def test_a_request_is_withdrawn_from_the_message_that_it_was_asked(steps, cast, login, token):
    second, browser = steps[1], login(cast.marta)
    sent = {"to_start": second.starts_on + days(7), "reason": "Illness", "token": token, "confirm": "1"}
    page = browser.post(f"/steps/{second.pk}/rearrange/", sent, follow=True)
    wish = Rearrangement.objects.get(token=token)
    assert f'action="/rearrangements/{wish.pk}/move/withdraw/"' in page.text
    browser.post(f"/rearrangements/{wish.pk}/move/withdraw/", {"seen": wish.version})
    wish.refresh_from_db()
    assert wish.state == "withdrawn"
