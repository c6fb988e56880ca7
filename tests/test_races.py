"""Two people at the same moment, with real threads and real transactions on PostgreSQL: one succeeds, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from agency.flow import Conflict, Refused, lock, revise
from briefs.models import Brief
from campaigns.models import Campaign, Plan, Rearrangement, Step
from clients.models.assignment import assign
from tests.conftest import cast_now
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief, days

pytestmark = [pytest.mark.postgres, pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")]


def at_once(*deeds):
    """Run the deeds in threads that start together. Returns what each gave back or raised, in their order."""
    barrier = Barrier(len(deeds))

    def run(deed):
        try:
            barrier.wait(timeout=10)
            return deed()
        except (Refused, IntegrityError) as why:
            return why
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, deed) for deed in deeds]]


def in_own_connection(deed):
    try:
        return deed()
    finally:
        connection.close()


@pytest.fixture
def cast(agency):
    return cast_now()


@pytest.fixture
def hrb(cast):
    return cast.marta.assignments.get(client__code="HRB").client


def conflicts(answers):
    return sum(isinstance(answer, Conflict) for answer in answers)


def test_a_brief_accepted_and_returned_at_once_ends_in_one_state_with_one_event(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    pk, seen = brief.pk, brief.version
    answers = at_once(
        lambda: Brief.objects.get(pk=pk).accept(by=cast.marta, seen=seen),
        lambda: Brief.objects.get(pk=pk).return_to_writer(by=cast.omar, seen=seen, reason="Which shops?"),
    )
    assert conflicts(answers) == 1
    brief.refresh_from_db()
    assert brief.version == seen + 1
    assert brief.events().exclude(verb__in=["created", "submit"]).count() == 1


def test_ten_double_clicks_on_accept_accept_once(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    answers = at_once(*[lambda: Brief.objects.get(pk=brief.pk).accept(by=cast.marta)] * 10)
    assert conflicts(answers) == 9
    assert brief.events().filter(verb="accept").count() == 1


def test_two_who_save_the_same_brief_at_once_lose_nothing(cast, hrb):
    brief = a_brief(hrb, cast.jonas)

    def write(person, text):
        it = Brief.objects.get(pk=brief.pk)
        return revise(it, by=person, needs="briefs.change_brief", seen=brief.version, changes={"title": text})

    answers = at_once(lambda: write(cast.jonas, "From Jonas"), lambda: write(cast.tomas, "From Tomas"))
    assert conflicts(answers) == 1
    loser = next(answer for answer in answers if isinstance(answer, Conflict))
    assert {loser.rows[0].yours, loser.rows[0].theirs} == {"From Jonas", "From Tomas"}


def test_job_numbers_stay_gapless_when_eight_campaigns_open_at_once(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    before = Campaign.objects.filter(client=hrb).order_by("-job_number").first()
    last = int(before.job_number.rsplit("-", 1)[1]) if before else 0
    plans = at_once(*[lambda: Plan.open_with(brief=brief, name="Crackers", by=cast.marta, token=uuid4())] * 8)
    numbers = sorted(int(plan.campaign.job_number.rsplit("-", 1)[1]) for plan in plans)
    assert numbers == list(range(last + 1, last + 9))


def test_a_double_click_on_open_campaign_opens_one(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    token = uuid4()
    plans = at_once(*[lambda: Plan.open_with(brief=brief, name="Crackers", by=cast.marta, token=token)] * 4)
    assert len({plan.campaign_id for plan in plans}) == 1
    assert Campaign.objects.filter(token=token).count() == 1


def test_two_rearrangements_at_once_the_second_sees_what_the_first_did(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    step = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)[2]
    seen = step.campaign.version

    def move(person, by_days):
        mine = type(step).objects.get(pk=step.pk)
        return Rearrangement.make(
            step=mine, to_start=step.starts_on + days(by_days), reason="Illness", by=person, token=uuid4(), seen=seen
        )  # fmt: skip

    answers = at_once(lambda: move(cast.mei, 7), lambda: move(cast.rafael, 14))
    assert conflicts(answers) == 1
    assert Rearrangement.objects.filter(step=step, state="done").count() == 1


def test_two_directors_given_the_same_seat_at_once_leave_one_holder(cast, hrb):
    answers = at_once(
        lambda: assign(hrb, person=cast.david, seat="director", by=cast.helena),
        lambda: assign(hrb, person=cast.lucia, seat="director", by=cast.helena),
    )
    assert hrb.assignments.current().filter(seat="director").count() == 1
    assert any(isinstance(answer, tuple) for answer in answers)


def test_a_move_on_a_record_does_not_wait_for_whoever_holds_the_client(cast, hrb):
    """A handover holds the client and then wants the steps: a move that holds a step must not want the client."""
    brief = a_brief(hrb, cast.jonas)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        lock(hrb)
        submitted = pool.submit(in_own_connection, lambda: Brief.objects.get(pk=brief.pk).submit(by=cast.jonas))
        assert submitted.result(timeout=10).state == "submitted"


def test_a_step_that_waits_for_two_is_ready_when_both_are_checked_at_the_same_moment(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    steps = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    behind = next(step for step in steps if step.before.count() == 2)
    first, second = behind.before.all()
    Step.objects.filter(pk__in=[first.pk, second.pk]).update(state=Step.State.TAKEN_OVER)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Step.objects.get(pk=first.pk).check_off(by=cast.omar)
            other = pool.submit(in_own_connection, lambda: Step.objects.get(pk=second.pk).check_off(by=cast.mei))
            sleep(1)
        other.result(timeout=10)
    behind.refresh_from_db()
    assert behind.state == "ready"


def test_a_brief_taken_back_and_accepted_at_once_ends_in_one_of_the_two(cast, hrb):
    brief = a_brief(hrb, cast.jonas)
    brief.submit(by=cast.jonas)
    pk, seen = brief.pk, brief.version
    answers = at_once(
        lambda: Brief.objects.get(pk=pk).undo_submit(by=cast.jonas, seen=seen),
        lambda: Brief.objects.get(pk=pk).accept(by=cast.marta, seen=seen),
    )
    assert conflicts(answers) == 1
    brief.refresh_from_db()
    assert (brief.state, brief.version) in {("draft", seen + 1), ("accepted", seen + 1)}


def test_an_acceptance_taken_back_while_a_campaign_is_opened_leaves_no_campaign_on_a_brief_that_is_not_accepted(cast, hrb):
    brief = an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta)
    at_once(
        lambda: Brief.objects.get(pk=brief.pk).undo_accept(by=cast.marta),
        lambda: Plan.open_with(brief=Brief.objects.get(pk=brief.pk), name="Crackers", by=cast.marta, token=uuid4()),
    )
    brief.refresh_from_db()
    assert (brief.state == "accepted") == brief.campaigns.exists()


def test_a_check_taken_back_while_the_next_step_is_started_leaves_no_started_step_behind_an_unchecked_one(cast, hrb):
    plan = a_plan(an_accepted_brief(hrb, writer=cast.jonas, acceptor=cast.marta), cast.marta)
    first, second, *_others = a_schedule(plan.campaign, cast.mei)
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    first.take_over(by=cast.marta)
    first.check_off(by=cast.mei)
    answers = at_once(
        lambda: Step.objects.get(pk=first.pk).undo_check_off(by=cast.mei),
        lambda: Step.objects.get(pk=second.pk).start(by=cast.marta),
    )
    assert conflicts(answers) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) in {("taken_over", "planned"), ("checked", "in_progress")}
