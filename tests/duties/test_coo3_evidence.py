"""COO3: a step that has to show something is done when it is there: a file, what was confirmed, or a sentence in its place."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.flow import Refused
from campaigns.models import ScheduleTemplate, Step
from tests.records import a_file, a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def printing(cast):
    """The print run of Sunday Loaf: Noor's, in progress, and a file is needed."""
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    return needing(step, "file", cast.mei)


def needing(step, what, by):
    step.needs_evidence = what
    step.keep(by=by, reason="what it has to show")
    return step


@pytest.fixture
def press(login):
    """Press a button of a step's page as somebody; gives the answer."""

    def pressed(person, step, name, reason=""):
        seen = Step.objects.get(pk=step.pk).version
        return login(person).post(f"/steps/{step.pk}/move/{name}/", {"seen": seen, "reason": reason})

    return pressed


def state(step):
    step.refresh_from_db()
    return step.state


def add_file(browser, step):
    page = browser.get(step.get_absolute_url())
    token = page.context["files"].form["token"].value()
    upload = SimpleUploadedFile("proof.txt", b"The sheet is as it should be.")
    return browser.post(f"/files/campaigns.step/{step.pk}/", {"token": token, "files": upload, "note": ""})


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("file", "This step is done when its file is here"),
        ("draft", "This step is done when the draft is confirmed"),
        ("proof", "This step is done when the proof has passed"),
    ],
)
def test_what_is_lacking_is_said_before_and_when_the_step_is_reported_done(what, sentence, cast, printing, press, login):
    needing(printing, what, cast.mei)
    assert "Before it is done it has to show" in login(cast.noor).get(printing.get_absolute_url()).content.decode()
    answer = press(cast.noor, printing, "report_done")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert state(printing) == "in_progress"


def test_the_owner_adds_the_file_on_the_page_of_the_step_and_reports_it_done(cast, printing, press, login):
    assert add_file(login(cast.noor), printing).status_code == 302
    page = login(cast.noor).get(printing.get_absolute_url()).content.decode()
    assert "proof.txt" in page
    assert "Before it is done it has to show" not in page
    assert press(cast.noor, printing, "report_done").status_code == 302
    assert state(printing) == "done"


def test_a_file_that_was_taken_away_meanwhile_shows_nothing_when_the_step_is_checked(cast, printing, press):
    paper = a_file(printing, cast.noor)
    press(cast.noor, printing, "report_done")
    paper.take_away(by=cast.noor, reason="The wrong sheet.")
    answer = press(cast.mei, printing, "check_without_takeover", reason="It went to the printer at once.")
    assert answer.status_code == 422
    assert "add the file to the step first" in answer.content.decode()
    assert state(printing) == "done"


def test_the_coordinator_says_what_stands_in_its_place_and_everybody_reads_it(cast, printing, press, login):
    assert press(cast.mei, printing, "excuse_evidence").status_code == 422
    assert press(cast.mei, printing, "excuse_evidence", reason="Seen on the machine.").status_code == 302
    page = login(cast.noor).get(printing.get_absolute_url()).content.decode()
    assert "In its place: Seen on the machine." in page
    assert press(cast.noor, printing, "report_done").status_code == 302
    assert printing.events().filter(verb="excuse_evidence", reason="Seen on the machine.").count() == 1


def test_the_sentence_can_be_taken_back_and_the_evidence_is_asked_again(cast, printing, press):
    press(cast.mei, printing, "excuse_evidence", reason="Seen on the machine.")
    assert press(cast.mei, printing, "undo_excuse_evidence").status_code == 302
    assert press(cast.noor, printing, "report_done").status_code == 422


@pytest.mark.parametrize("name", ["noor", "jonas", "marta"])
def test_nobody_but_those_who_check_goes_on_without_the_evidence(name, cast, printing, press):
    assert press(getattr(cast, name), printing, "excuse_evidence", reason="Never mind.").status_code == 403
    assert press(cast.noor, printing, "report_done").status_code == 422


def test_the_coordinator_does_not_excuse_his_own_step(cast, printing, press):
    printing.give_to(by=cast.rafael, person=cast.mei)
    assert press(cast.mei, printing, "excuse_evidence", reason="Never mind.").status_code == 403
    assert press(cast.rafael, printing, "excuse_evidence", reason="I saw it.").status_code == 302


def test_what_was_confirmed_elsewhere_counts_once_and_only_for_its_own_client(cast, clients, printing, press, login):
    needing(printing, "draft", cast.mei)
    other = an_accepted_brief(clients["NOR"], writer=cast.tomas, acceptor=cast.omar)
    with pytest.raises(Refused, match="belongs to the same client"):
        printing.give_evidence(other, by=cast.mei)
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    printing.give_evidence(brief, by=cast.jonas)
    printing.give_evidence(brief, by=cast.jonas)
    assert printing.events().filter(verb="evidence_given").count() == 1
    assert press(cast.noor, printing, "report_done").status_code == 302
    assert "showed what the step had to bring" in login(cast.mei).get(printing.get_absolute_url()).content.decode()


def test_a_checked_step_has_nothing_more_to_show(cast, printing, press):
    a_file(printing, cast.noor)
    press(cast.noor, printing, "report_done")
    press(cast.mei, printing, "check_without_takeover", reason="It went to the printer at once.")
    with pytest.raises(Refused, match="checked already"):
        printing.give_evidence(printing.campaign.plan, by=cast.mei)


@pytest.mark.parametrize("name", ["lucia", "felix"])
def test_who_does_not_see_the_step_finds_no_file_of_it(name, cast, printing, login):
    paper = a_file(printing, cast.noor)
    assert login(getattr(cast, name)).get(paper.get_absolute_url()).status_code == 404
    assert login(getattr(cast, name)).get(f"/files/campaigns.step/{printing.pk}/").status_code == 404


def test_a_schedule_takes_what_its_steps_have_to_show_from_the_template(cast, clients):
    template = ScheduleTemplate.objects.get(key="print")
    art = template.steps.get(key="art")
    art.needs_evidence = "proof"
    art.save()
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    needs = {step.name: step.needs_evidence for step in a_schedule(campaign, cast.mei)}
    assert needs.pop(art.name) == "proof"
    assert set(needs.values()) == {"none"}


def test_the_schedule_asks_as_often_when_all_its_steps_have_something_to_show(cast, login):
    browser = login(cast.mei)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            browser.get("/schedule/?client=HRB")
        return len(asked)

    queries()
    before = queries()
    for step in Step.objects.filter(campaign__job_number="HRB-26-014").exclude(state="checked"):
        needing(step, "file", cast.mei)
    assert queries() == before
