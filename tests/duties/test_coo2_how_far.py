"""COO2: who has not said this week how far a long step is; and the promised day as a flag on the chart."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Nudge, Step, StepProgress

PAGE = "/schedule/how-far/"


@pytest.fixture
def printing():
    """The print run of Sunday Loaf: Noor's, in progress."""
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    assert step.days > 3
    return step


def say(step, by, percent=40, on=date(2026, 12, 30)):
    return StepProgress.say(step, by=by, token=uuid4(), percent=percent, forecast_on=on)


def page(login, person):
    answer = login(person).get(PAGE)
    assert answer.status_code == 200
    return answer.context["silent"], {it.step: it for it in answer.context["said"]}, answer.content.decode()


@pytest.mark.parametrize("person", ["mei", "marta", "omar", "helena", "tomas"])
def test_coordinator_and_leads_see_who_has_not_answered_until_he_does(person, cast, printing, login):
    StepProgress.objects.filter(step=printing).delete()
    silent, said, words = page(login, getattr(cast, person))
    assert printing in silent and printing not in said and "Noor Rahman" in words
    say(printing, cast.noor)
    silent, said, words = page(login, getattr(cast, person))
    assert printing not in silent
    assert (said[printing].percent, said[printing].past) == (40, True)
    assert "past its last day" in words


def test_next_week_it_is_asked_again_with_what_was_said_before(cast, printing, login, monday):
    StepProgress.objects.filter(step=printing).delete()
    say(printing, cast.noor, percent=40)
    say(printing, cast.noor, percent=60)
    monday.shift(timedelta(days=7))
    silent, said, _words = page(login, cast.mei)
    again = next(step for step in silent if step == printing)
    assert again.last_said.percent == 60 and printing not in said


def test_of_two_answers_the_newer_stands(cast, printing, login):
    say(printing, cast.noor, percent=40)
    say(printing, cast.noor, percent=60)
    assert page(login, cast.mei)[1][printing].percent == 60


def test_of_other_clients_nothing_is_shown(cast, printing, login):
    silent, said, words = page(login, cast.lucia)
    assert printing not in [*silent, *said] and "Sunday Loaf" not in words


def test_a_member_does_not_chase(cast, login):
    assert login(cast.felix).get(PAGE).status_code == 403


def test_three_steps_cost_as_many_queries_as_one(cast, printing, login):
    browser, counts = login(cast.mei), []
    running = Step.objects.filter(state="in_progress")
    for most in (1, 3):
        Step.objects.filter(pk__in=running.values_list("pk", flat=True)[:most]).update(days=5, person=cast.noor, court="ours")
        with CaptureQueriesContext(connection) as asked:
            assert len(browser.get(PAGE).context["silent"]) >= most
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_promised_day_stands_on_the_chart_until_the_step_is_done(cast, printing, login):
    nudge = Nudge.send(printing, by=cast.mei, token=uuid4())
    nudge.promise(by=nudge.person, on=date(2026, 11, 27))
    browser, chart = login(cast.mei), "/campaigns/HRB-26-014/schedule/"
    told = "Noor Rahman promised it for Fri 27 Nov"
    assert told in browser.get(chart).content.decode()
    Step.objects.filter(pk=printing.pk).update(state="done")
    assert told not in browser.get(chart).content.decode()
