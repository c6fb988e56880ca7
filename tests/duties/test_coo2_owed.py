"""COO2: what others owe me, by person, with what they promised. COO1: the hot list by mail, at nine and at five."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from campaigns.hot_letters import KIND, text_now, write_lists
from campaigns.models import Nudge, Step
from reminders.models import Letter
from tests.records import days
from tests.reminders import utc


@pytest.fixture
def printing():
    """The print run of Sunday Loaf: Noor's, in progress."""
    return Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")


def lists(now):
    write_lists(now)
    return list(Letter.objects.filter(kind=KIND).order_by("pk"))


def owed(login, person):
    answer = login(person).get("/owed/")
    assert answer.status_code == 200
    return {debtor.person: debtor.steps for debtor in answer.context["debtors"]}


def test_the_step_before_mine_is_owed_to_me_by_its_owner(cast, printing, login):
    printing.successors.get().give_to(by=cast.mei, person=cast.sven)
    assert printing in owed(login, cast.sven)[cast.noor]
    assert cast.noor not in owed(login, cast.noor)


def test_what_i_nudged_is_owed_to_me_with_the_promise_and_when_i_may_ask_again(cast, printing, login):
    assert not any(printing in steps for steps in owed(login, cast.jonas).values())
    Nudge.send(printing, by=cast.jonas, token=uuid4()).promise(by=cast.noor, on=clock.today() + days(1))
    step = next(it for it in owed(login, cast.jonas)[cast.noor] if it == printing)
    assert step.promise.promised_on == clock.today() + days(1)
    assert step.rests_until == printing.nudges.get().created_at + timedelta(hours=4)
    assert "next nudge from" in login(cast.jonas).get("/owed/").content.decode()


def test_nobody_is_shown_a_step_that_he_does_not_see(cast, login):
    for person in (cast.jonas, cast.noor, cast.lucia):
        seen = set(Step.objects.visible_to(person).values_list("pk", flat=True))
        assert {step.pk for steps in owed(login, person).values() for step in steps} <= seen


def test_the_page_asks_no_more_for_three_steps_than_for_one(cast, login):
    steps = [it for it in Step.objects.visible_to(cast.jonas).unchecked().filter(person__isnull=False) if it.in_hands_of][:3]
    steps = [it for it in steps if it.in_hands_of != cast.jonas]
    assert len(steps) >= 2
    jonas, counts = login(cast.jonas), []
    for step in steps:
        Nudge.send(step, by=cast.jonas, token=uuid4())
        jonas.get("/owed/")
        with CaptureQueriesContext(connection) as asked:
            jonas.get("/owed/")
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_the_hot_list_is_written_at_nine_and_at_five_once_for_each_coordinator(cast):
    Letter.objects.all().delete()
    assert not lists(utc(23, 8, 59))
    first = lists(utc(23, 9))
    assert {it.to for it in first} == {cast.mei.email, cast.rafael.email}
    assert lists(utc(23, 9, 1)) == first
    assert len(lists(utc(23, 17))) == 2 * len(first)
    assert len(lists(utc(28, 9))) == 2 * len(first)  # a Saturday


def test_a_coordinator_elsewhere_gets_it_at_the_own_nine_o_clock(cast):
    Letter.objects.all().delete()
    cast.mei.time_zone = "America/New_York"
    cast.mei.save()
    assert [it.to for it in lists(utc(23, 9))] == [cast.rafael.email]
    assert cast.mei.email in [it.to for it in lists(utc(23, 14))]


def test_a_hot_list_says_what_is_hot_when_it_leaves_and_nothing_to_who_has_left(cast, printing, monday):
    Letter.objects.all().delete()
    letter = next(it for it in lists(utc(23, 9)) if it.to == cast.mei.email)
    letter.created_at = clock.now()
    assert "Print run" not in letter.body
    text = text_now(letter)
    for step in Step.objects.filter(pk__in=[it.pk for it in Step.objects.late(clock.today())][:1]):
        assert str(step) in text
    cast.mei.is_active = False
    cast.mei.save()
    assert text_now(letter) is None
    cast.mei.is_active = True
    cast.mei.save()
    letter.created_at = clock.now() - timedelta(hours=4)
    assert text_now(letter) is None
