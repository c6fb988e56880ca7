"""The ladder: who hears of a late thing, and on which working day after it was due."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from accounts.models import Absence
from agency.workdays import calendar
from campaigns.models import Step
from clients.ladder import Ladder, rung_of
from clients.owed import owed_knots
from tests.records import MONDAY, a_plan, a_schedule, an_accepted_brief, days


def told(client, owner, rung):
    """Short name → rung, for everybody told by that day."""
    return {person.username: step for person, step in Ladder([client.pk]).reached(client.pk, owner, rung).items()}


def test_the_day_before_and_the_day_itself_only_the_owner_hears(cast, clients):
    assert told(clients["SOL"], cast.jonas, -1) == {"jonas": -1}
    assert told(clients["SOL"], cast.jonas, 0) == {"jonas": 0}


def test_a_day_late_the_salesmans_guide_and_a_coordinator_hear(cast, clients):
    assert told(clients["SOL"], cast.jonas, 1) == {"jonas": 1, "tomas": 1, "mei": 1}


def test_two_days_late_the_director_hears(cast, clients):
    assert told(clients["SOL"], cast.jonas, 2) == {"jonas": 1, "tomas": 1, "mei": 1, "david": 2}


def test_for_a_small_client_the_leading_manager_stands_in_for_the_director(cast, clients):
    assert told(clients["PAL"], cast.jonas, 2) == {"jonas": 1, "tomas": 2, "mei": 1}


def test_three_days_late_the_supervisor_hears_and_for_a_key_client_the_minister(cast, clients):
    assert told(clients["SOL"], cast.jonas, 3) == {"jonas": 1, "tomas": 1, "mei": 1, "david": 2, "omar": 3}
    assert told(clients["HRB"], cast.jonas, 9) == {"jonas": 1, "tomas": 1, "mei": 1, "marta": 2, "omar": 3, "helena": 3}


def test_while_a_coordinator_is_away_the_other_stands_in(cast, clients, monday):
    def coordinator():
        ladder = Ladder([clients["MER"].pk])
        return ladder.coordinators_of(clients["MER"])

    assert coordinator() == [cast.rafael]
    monday.move_to(datetime(2026, 12, 7, 10, 0, tzinfo=UTC))
    assert coordinator() == [cast.mei]
    Absence.enter(by=cast.mei, token=uuid4(), kind="illness", first=date(2026, 12, 7), last=date(2026, 12, 7))
    assert coordinator() == [cast.rafael]


def test_a_thing_nobody_owns_is_the_coordinators(cast, clients):
    assert told(clients["VOL"], None, 0) == {"rafael": 0}


def test_a_director_who_owns_the_thing_is_not_told_twice(cast, clients):
    assert told(clients["SOL"], cast.david, 2) == {"david": 2, "mei": 1}


def test_somebody_who_left_hears_nothing(cast, clients):
    cast.tomas.is_active = False
    cast.tomas.save()
    cast.jonas.refresh_from_db()
    assert told(clients["SOL"], cast.jonas, 1) == {"jonas": 1, "mei": 1}


@pytest.mark.parametrize(
    ("due_on", "today", "rung"),
    [
        (date(2026, 11, 24), date(2026, 11, 23), -1),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 12, 23), date(2026, 12, 29), 1),
        (date(2026, 11, 22), date(2026, 11, 23), 0),
    ],
)
def test_rungs_are_counted_in_working_days(db, due_on, today, rung):
    assert rung_of(due_on, today, calendar()) == rung


@pytest.fixture
def step(cast, clients):
    """The brief step of a schedule that began on the Monday before: two days long, so due on the Tuesday before."""
    brief = an_accepted_brief(clients["SOL"], writer=cast.jonas, acceptor=cast.david)
    return a_schedule(a_plan(brief, cast.david).campaign, cast.mei, on=MONDAY - days(7))[0]


def owed(step, today):
    found = owed_knots(Step.objects.filter(pk=step.pk), today, "%(record)s")
    return sorted((due.recipient.username, due.rung) for due in found)


def test_a_late_step_climbs_the_ladder_day_by_day(step):
    assert step.ends_on == date(2026, 11, 17)
    assert owed(step, date(2026, 11, 13)) == []
    assert owed(step, date(2026, 11, 16)) == [("jonas", -1)]
    assert owed(step, date(2026, 11, 17)) == [("jonas", 0)]
    assert owed(step, date(2026, 11, 18)) == [("jonas", 1), ("mei", 1), ("tomas", 1)]
    assert owed(step, date(2026, 11, 19)) == [("david", 2), ("jonas", 1), ("mei", 1), ("tomas", 1)]
    assert owed(step, date(2026, 11, 20)) == [("david", 2), ("jonas", 1), ("mei", 1), ("omar", 3), ("tomas", 1)]


def test_a_checked_step_is_owed_by_nobody(step, cast):
    step.start(by=cast.jonas)
    step.report_done(by=cast.jonas)
    step.take_over(by=cast.david)
    step.check_off(by=cast.mei)
    assert owed(step, MONDAY) == []


def test_a_clients_late_answer_is_chased_by_the_salesman(cast, clients, step):
    answer = Step.objects.filter(campaign=step.campaign, department__isnull=True).first()
    answer.give_to(by=cast.mei, person=None)
    answer.starts_on = answer.ends_on = answer.due_on = MONDAY
    answer.keep(by=cast.mei)
    assert owed(answer, MONDAY) == [("jonas", 0)]


def test_the_ladder_costs_the_same_for_one_late_step_and_for_many(step, django_assert_max_num_queries):
    late, far = Step.objects.filter(campaign=step.campaign), MONDAY + days(60)
    with django_assert_max_num_queries(6) as for_one:
        assert list(owed_knots(late.filter(pk=step.pk), far, "%(record)s"))
    with django_assert_max_num_queries(6) as for_many:
        assert len(list(owed_knots(late, far, "%(record)s"))) > 50
    assert len(for_one) == len(for_many)
