"""DEP4, COO4: the client agrees the work schedule; what then goes otherwise is seen, and whose day it was."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from agency import clock
from agency.flow import Refused
from agency.workdays import calendar
from campaigns.causes import causes_of, reckoned
from campaigns.models import Baseline, Campaign, Cause, Rearrangement
from campaigns.rearranging import Change
from campaigns.storing import store
from clients.models import Confirmation, Contact, SafeLink
from clients.tokens import token_of
from tests.records import a_baseline, a_plan, a_schedule, an_accepted_brief, days

LOAF = "/campaigns/HRB-26-014/schedule/"


@pytest.fixture
def loaf(cast):
    return Campaign.objects.get(job_number="HRB-26-014")


@pytest.fixture
def fresh(cast, clients):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    a_schedule(campaign, cast.mei)
    return campaign


def agreed(campaign, cast):
    made = a_baseline(campaign, cast.mei)
    made.record_agreement(by=cast.marta, seen=made.version, contact=Contact.objects.get(name="Clara Hollin"), words="Yes.")
    return made


# ── The client agrees ───────────────────────────────────────────────────────────────────────────
def test_the_coordinator_keeps_the_schedule_and_the_director_records_that_the_client_agreed(fresh, cast, login):
    mei, marta, at = login(cast.mei), login(cast.marta), f"/campaigns/{fresh.job_number}/schedule/agree/"
    token = mei.get(at).context["form"]["token"].value()
    assert mei.post(at, {"token": token}).status_code == mei.post(at, {"token": token}).status_code == 302
    made = Baseline.objects.get(campaign=fresh)
    clara = Contact.objects.get(name="Clara Hollin")
    record = f"/schedules/{made.pk}/record/"
    shown = marta.get(record)
    assert all(escape(row["name"]) in shown.content.decode() for row in made.dates)
    given = {"seen": made.version, "token": shown.context["form"]["token"].value(), "contact": clara.pk, "how": "telephone",
             "on": clock.today().isoformat(), "answer": "confirmed", "words": "These days suit us."}  # fmt: skip
    assert marta.post(record, given).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.agreed_on) == ("confirmed", clock.today())
    assert Confirmation.objects.filter(what="schedule", digest=made.digest).count() == 1
    assert "agreed the end on" in marta.get(f"/campaigns/{fresh.job_number}/schedule/").content.decode()


def test_the_client_reads_its_own_steps_and_the_deadlines_and_no_department(fresh, cast):
    made = a_baseline(fresh, cast.mei)
    mine = {
        step.name for step in fresh.steps.all() if step.is_clients or step.kind in {"presentation", "deadline", "execution"}
    }
    assert {row["name"] for row in made.dates} == mine
    assert 0 < len(mine) < len(made.rows) == fresh.steps.count()
    assert all(set(row) == {"name", "first", "last", "who"} for row in made.dates)


def test_what_was_agreed_stays_as_it_was_when_the_work_is_rearranged_and_a_later_one_stands_beside_it(fresh, cast):
    first = agreed(fresh, cast)
    before = first.spans
    step = fresh.steps.order_by("position").first()
    to = calendar().add(step.starts_on, 3)
    Rearrangement.make(step=step, to_start=to, reason="The brief came late.", by=cast.mei, token=first.token)
    first.refresh_from_db()
    assert first.spans == before
    second = agreed(fresh, cast)
    assert (first.number, second.number) == (1, 2)
    assert second.spans[step.pk][0] == to
    assert Baseline.objects.filter(campaign=fresh).agreed().first() == second


def test_only_one_schedule_waits_for_the_client_at_a_time(fresh, cast):
    first = a_baseline(fresh, cast.mei)
    with pytest.raises(Refused, match="has not been answered yet"):
        a_baseline(fresh, cast.mei)
    first.withdraw(by=cast.mei, reason="Two steps were forgotten.")
    assert a_baseline(fresh, cast.mei).number == 2


def test_a_salesman_neither_keeps_the_schedule_nor_records_that_it_was_agreed(fresh, cast):
    with pytest.raises(PermissionDenied):
        a_baseline(fresh, cast.jonas)
    made = a_baseline(fresh, cast.mei)
    with pytest.raises(PermissionDenied):
        made.record_agreement(by=cast.jonas, contact=Contact.objects.get(name="Clara Hollin"), words="Yes.")


def test_nobody_agrees_a_schedule_whom_the_terms_do_not_name(fresh, cast):
    made = a_baseline(fresh, cast.mei)
    with pytest.raises(Refused, match="not authorised"):
        made.record_agreement(by=cast.marta, contact=Contact.objects.get(name="Peter Dorn"), words="Yes.")


def link_of(schedule):
    return reverse("client_page", args=[f"{token_of(SafeLink.objects.about(schedule).latest('pk').seed)}/"])


@pytest.mark.parametrize(("answer", "state"), [("confirmed", "confirmed"), ("declined", "declined")])
def test_the_client_answers_the_schedule_by_a_safe_link_once(answer, state, fresh, cast, client):
    made = a_baseline(fresh, cast.mei)
    made.send(by=cast.marta, contact=Contact.objects.get(name="Clara Hollin"))
    there = link_of(made)
    page = client.get(there)
    assert made.reference in page.text
    assert all(escape(row["name"]) in page.text for row in made.dates)
    assert not any(escape(row["name"]) in page.text for row in made.rows if row["department"] == "Creative")
    token = page.context["form"]["token"].value()
    given = {
        "token": token,
        "answer": answer,
        "words": "Too late for us.",
        "name": "Clara Hollin",
        "role": "Marketing director",
    }
    assert client.post(there, given).status_code == 302
    made.refresh_from_db()
    assert made.state == state
    assert client.get(there).status_code == 404


def test_the_schedule_for_the_client_is_a_page_and_a_document_and_its_owner_sees_what_is_next(fresh, cast, login):
    made, marta = a_baseline(fresh, cast.mei), login(cast.marta)
    text = marta.get(made.get_absolute_url()).text
    assert "Send to the client" in text
    assert "Record the answer" in text
    assert marta.get(f"/schedules/{made.pk}/pdf/").status_code == 200
    assert escape(made.dates[0]["name"]) in marta.get(f"/schedules/{made.pk}/send/").text
    jonas = login(cast.jonas)
    assert jonas.get(made.get_absolute_url()).status_code == 200
    assert jonas.get(f"/schedules/{made.pk}/send/").status_code == 403
    assert login(cast.amina).get(made.get_absolute_url()).status_code == 404


# ── What really happened ────────────────────────────────────────────────────────────────────────
def test_a_step_keeps_when_it_was_begun_and_done_and_forgets_what_was_taken_back(fresh, cast):
    step = fresh.steps.order_by("position").first()
    step.start(by=cast.mei)
    assert (step.began_on, step.done_on) == (clock.today(), None)
    step.undo_start(by=cast.mei)
    assert step.began_on is None
    step.start(by=cast.mei)
    step.report_done(by=cast.mei)
    assert step.done_on == clock.today()
    step.undo_report_done(by=cast.mei)
    assert (step.began_on, step.done_on) == (clock.today(), None)


# ── Whose day it was ────────────────────────────────────────────────────────────────────────────
def test_sunday_loaf_is_four_days_late_one_through_creative_and_three_through_the_client(loaf):
    found = reckoned(loaf)
    assert found.days_late == 4
    assert causes_of(loaf) == [(Cause.CLIENT, 3), (Cause.CREATIVE, 1)]
    assert found.clients_days == 3


def test_the_schedule_shows_the_ghost_of_what_was_agreed_and_whose_days_were_lost(cast, login):
    text = login(cast.mei).get(LOAF).content.decode()
    assert text.count('<rect class="ghost"') >= 19
    assert "The work ends 4 working days later than agreed: Mon 7 Dec instead of Tue 1 Dec." in text
    causes = text[text.index('id="causes"') :]
    assert "The client" in causes
    assert "3 days" in causes


def test_the_coordinator_says_with_a_reason_that_it_was_another_and_takes_it_back(loaf, cast, login):
    step = next(it.step for it in reckoned(loaf).lost if it.cause == Cause.CREATIVE)
    at, mei = f"/steps/{step.pk}/cause/", login(cast.mei)
    given = {"seen": step.version, "cause": "us", "reason": ""}
    assert mei.post(at, given).status_code == 422
    assert mei.post(at, given | {"reason": "The price was not in the brief."}).status_code == 302
    assert causes_of(loaf) == [(Cause.CLIENT, 3), (Cause.US, 1)]
    step.refresh_from_db()
    assert step.history.first().history_change_reason == "The price was not in the brief."
    step.undo_say_cause(by=cast.mei)
    assert causes_of(loaf) == [(Cause.CLIENT, 3), (Cause.CREATIVE, 1)]
    assert login(cast.jonas).post(at, given).status_code == 403


def test_without_an_agreed_schedule_nothing_is_held_against_anybody(fresh, cast, login):
    assert causes_of(fresh) == []
    assert 'id="causes"' not in login(cast.mei).get(f"/campaigns/{fresh.job_number}/schedule/").content.decode()


@pytest.mark.parametrize("moves", [True, False])
def test_the_clients_delay_moves_delivery_only_where_the_terms_say_so(moves, loaf, cast, login):
    terms = loaf.client.terms_on()
    terms.late_shift = moves
    terms.keep(by=cast.omar)
    delivery = login(cast.mei).get(LOAF).context["delivery"]
    assert delivery == (calendar().add(reckoned(loaf).agreed.ends_on, 3) if moves else None)


# ── At two hundred steps ────────────────────────────────────────────────────────────────────────
def test_two_hundred_steps_are_stored_with_their_history_in_few_queries(fresh, cast):
    sample = fresh.steps.order_by("position").last()
    for _n in range(200 - fresh.steps.count()):
        sample.pk, sample._state.adding = None, True
        sample.token = uuid4()
        sample.save()
    steps = list(fresh.steps.all())
    changes = [Change(step, step.starts_on, step.ends_on, step.starts_on + days(7), step.ends_on + days(7)) for step in steps]
    with CaptureQueriesContext(connection) as asked:
        store(changes, cast.mei, "All of it a week later.")
    assert len(steps) == 200
    assert len(asked) <= (6 if connection.vendor == "postgresql" else 12)
    assert {step.history.count() for step in steps[-3:]} == {2}
