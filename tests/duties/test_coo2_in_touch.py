"""COO2: those who work on a step talk on its page, are nudged there by hand, promise a day, and say weekly how far they are."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from campaigns.due import owed_progress
from campaigns.models import Nudge, Step, StepNote
from campaigns.models.progress import is_unanswered
from reminders.models import Letter, Notice
from tests.records import MONDAY, days

THURSDAY = MONDAY + days(3)


@pytest.fixture
def printing():
    """The print run of Sunday Loaf: Noor's, in progress."""
    return Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("text", flat=True))


def say(browser, step, words):
    return browser.post(f"/steps/{step.pk}/notes/", {"token": uuid4(), "words": words})


def nudge(browser, step, words="", token=None):
    return browser.post(f"/steps/{step.pk}/nudge/", {"token": token or uuid4(), "words": words})


def words_of(answer):
    return answer.content.decode()


def test_what_is_said_in_a_thread_is_read_by_whoever_sees_the_step_and_told_to_its_owner(cast, printing, login):
    assert say(login(cast.mei), printing, "The second proof is on its way.").status_code == 302
    assert told(cast.noor)[-1] == f"{cast.mei} on “Print run” of {printing.campaign}: The second proof is on its way."
    assert "The second proof is on its way." in words_of(login(cast.noor).get(printing.get_absolute_url()))
    assert login(cast.lucia).get(printing.get_absolute_url()).status_code == 404
    assert say(login(cast.lucia), printing, "I am curious.").status_code == 404
    assert not StepNote.objects.visible_to(cast.lucia).exists()


def test_the_answer_in_a_thread_comes_to_who_wrote_before_and_not_to_the_writer(cast, printing, login):
    say(login(cast.mei), printing, "When?")
    before = len(told(cast.noor))
    say(login(cast.noor), printing, "On Tuesday.")
    assert told(cast.mei)[-1].endswith("On Tuesday.")
    assert len(told(cast.noor)) == before


def test_a_note_sent_twice_stands_there_once_and_an_empty_one_comes_back(cast, printing, login):
    mei, sent = login(cast.mei), {"token": uuid4(), "words": "Once."}
    assert [mei.post(f"/steps/{printing.pk}/notes/", sent).status_code for _each in range(2)] == [302, 302]
    assert printing.notes.filter(words="Once.").count() == 1
    assert say(mei, printing, " ").status_code == 422
    assert say(mei, printing, "x" * 2001).status_code == 422


def test_a_note_is_taken_back_by_its_writer_for_a_quarter_of_an_hour(cast, printing, login, monday):
    say(login(cast.mei), printing, "Wrong step, sorry.")
    note = printing.notes.get(words="Wrong step, sorry.")
    back = f"/notes/{note.pk}/move/take_back/"
    assert login(cast.jonas).post(back, {"seen": 1}).status_code == 403
    monday.shift(timedelta(minutes=16))
    assert login(cast.mei).post(back, {"seen": 1}).status_code == 422
    monday.shift(timedelta(minutes=-10))
    assert login(cast.mei).post(back, {"seen": 1}).status_code == 302
    assert "Wrong step" not in words_of(login(cast.noor).get(printing.get_absolute_url()))


def test_a_nudge_reaches_desk_and_outbox_of_who_has_the_step_in_hand_once_in_four_hours(cast, printing, login, monday):
    assert nudge(login(cast.jonas), printing, "Peter rang.").status_code == 302
    notice = Notice.objects.filter(recipient=cast.noor, kind="campaigns.nudged").get()
    assert notice.text == f"{cast.jonas} asks: when will “Print run” of {printing.campaign} be done? Peter rang."
    assert notice.dropped_at is None and notice.send_at is not None
    refused = nudge(login(cast.mei), printing)
    assert refused.status_code == 422
    assert f"{cast.noor} was nudged less than four hours ago; the next may go at" in words_of(refused)
    monday.shift(timedelta(hours=4))
    assert nudge(login(cast.mei), printing).status_code == 302
    assert printing.nudges.count() == 2


def test_a_double_click_nudges_once(cast, printing, login):
    mei, token = login(cast.mei), uuid4()
    assert [nudge(mei, printing, token=token).status_code for _each in range(2)] == [302, 302]
    assert printing.nudges.count() == 1


def test_members_do_not_nudge_and_strangers_do_not_learn_of_the_step(cast, printing, login):
    assert nudge(login(cast.noor), printing).status_code == 403
    assert nudge(login(cast.lucia), printing).status_code == 404


def test_who_was_nudged_promises_a_day_which_who_asked_is_told(cast, printing, login):
    nudge(login(cast.mei), printing)
    asked, day = printing.nudges.get(), clock.today() + days(1)
    promise = f"/nudges/{asked.pk}/promise/"
    answer = {"seen": asked.version, "on": day.isoformat(), "words": "The plates came late."}
    assert login(cast.jonas).post(promise, answer).status_code == 403
    assert login(cast.noor).post(promise, {**answer, "on": "2026-11-20"}).status_code == 422
    assert login(cast.noor).post(promise, answer).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.promised_on) == ("promised", day)
    assert (
        told(cast.mei)[-1] == f"{cast.noor} promises “Print run” of {printing.campaign} for Tue 24 Nov. The plates came late."
    )
    page = words_of(login(cast.mei).get(printing.get_absolute_url()))
    assert "The plates came late." in page


def test_a_promise_that_is_broken_or_past_the_last_day_says_so(cast, printing):
    asked = Nudge.send(printing, by=cast.mei, token=uuid4())
    asked.promise(by=cast.noor, on=printing.ends_on + days(30))
    assert asked.standing(clock.today()) == ("risk", "Promised past the last day")
    assert asked.standing(asked.promised_on + days(1)) == ("late", "Promise broken")


def test_the_clients_own_step_is_asked_of_the_salesman_and_nothing_goes_to_the_client(cast, printing, login):
    Step.objects.filter(pk=printing.pk).update(department=None, person=None, holder=None)
    step, letters = Step.objects.get(pk=printing.pk), Letter.objects.count()
    assert nudge(login(cast.mei), step).status_code == 302
    assert step.nudges.get().person == cast.jonas
    assert told(cast.jonas)[-1].startswith(f"{cast.mei} asks: when will the client have done")
    assert Letter.objects.count() == letters


def test_from_thursday_on_the_owner_of_a_long_step_is_asked_once_how_far_it_is(cast, printing, login, monday):
    Step.objects.filter(pk=printing.pk).update(days=6)
    assert not list(owed_progress(MONDAY))
    asked = [due for due in owed_progress(THURSDAY) if due.subject == printing]
    assert [(due.recipient, due.due_on) for due in asked] == [(cast.noor, THURSDAY)]
    assert [due.due_on for due in owed_progress(THURSDAY + days(1)) if due.subject == printing] == [THURSDAY]
    answer = {"token": uuid4(), "percent": 60, "forecast_on": (MONDAY + days(2)).isoformat()}
    at = f"/steps/{printing.pk}/progress/"
    assert login(cast.noor).post(at, {**answer, "percent": 101}).status_code == 422
    assert login(cast.jonas).post(at, answer).status_code == 403
    assert login(cast.noor).post(at, answer).status_code == 302
    assert not [due for due in owed_progress(THURSDAY) if due.subject == printing]
    assert not is_unanswered(printing, THURSDAY, THURSDAY)
    assert "60 % done, will be done on Wed 25 Nov" in words_of(login(cast.mei).get(printing.get_absolute_url()))
    assert printing.progress.latest("pk").created_by == cast.noor


def test_the_page_of_a_step_asks_no_more_for_three_notes_than_for_one(cast, printing, login):
    mei, counts = login(cast.mei), []
    for n in range(3):
        StepNote.write(printing, by=cast.mei, token=uuid4(), words=f"Word {n}.")
        if n != 1:
            mei.get(printing.get_absolute_url())
            with CaptureQueriesContext(connection) as asked:
                mei.get(printing.get_absolute_url())
            counts.append(len(asked))
    assert counts[0] == counts[1]
