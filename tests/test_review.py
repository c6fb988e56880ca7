"""Where the ball lies, whose work is whose: cases in which somebody would have judged the own work, or waited for nobody."""

import pytest

from campaigns.models import Step
from clients.models.assignment import end_seat
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def accepted(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


@pytest.fixture
def step(cast, accepted):
    """A step that Mei, the coordinator of the group, does herself."""
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.give_to(by=cast.rafael, person=cast.mei)
    step.start(by=cast.mei)
    return step.report_done(by=cast.mei)


def offered(person, record):
    return [it.name for it in record.moves_open_to(person)]


# Four eyes


def test_whoever_did_a_step_and_gives_it_away_does_not_check_it(step, cast, login):
    step.give_to(by=cast.mei, person=cast.jonas)
    step.take_over(by=cast.rafael)
    assert "check_off" not in offered(cast.mei, step)
    assert "check_off" in offered(cast.rafael, step)
    browser = login(cast.mei)
    assert browser.post(f"/steps/{step.pk}/move/check_off/", {"seen": step.version}).status_code == 403
    rows = {row.pk: row.next_moves for row in browser.get("/schedule/?show=check&client=HRB").context["page"]}
    assert rows[step.pk] == []


def test_a_step_reported_done_in_the_owners_name_is_checked_by_who_reported_it(cast, accepted):
    step = a_schedule(a_plan(accepted, cast.marta).campaign, cast.mei)[0]
    step.start(by=cast.mei)
    step.report_done(by=cast.mei)
    step.take_over(by=cast.mei)
    assert "check_off" in offered(cast.mei, step)


# With whom the ball lies


def test_the_coordinators_own_step_waits_for_another_coordinator(step, cast):
    step.take_over(by=cast.rafael)
    assert step.holder == cast.rafael


def test_a_brief_that_the_director_took_waits_for_the_supervisor(cast, clients):
    brief = a_brief(clients["HRB"], cast.marta).submit(by=cast.marta)
    assert brief.holder == cast.omar
    assert "accept" in offered(cast.omar, brief)


def test_a_brief_that_the_director_submits_waits_for_the_supervisor(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas).submit(by=cast.marta)
    assert brief.holder == cast.omar


def test_a_brief_that_the_supervisor_took_waits_for_the_director(cast, clients):
    assert a_brief(clients["HRB"], cast.omar).submit(by=cast.omar).holder == cast.marta


def test_a_brief_of_a_large_client_without_a_director_does_not_wait_for_the_manager(cast, clients):
    """A manager accepts for small clients only."""
    end_seat(clients["HRB"].assignments.current().get(seat="director"), by=cast.helena, reason="Marta leaves.")
    brief = a_brief(clients["HRB"], cast.jonas).submit(by=cast.jonas)
    assert brief.holder == cast.omar


def test_a_plan_that_the_supervisor_wrote_waits_for_the_minister(cast, accepted):
    plan = a_plan(accepted, cast.omar).submit(by=cast.omar)
    assert plan.holder == cast.helena
    assert "agree" in offered(cast.helena, plan)
