"""COO1: the operations coordinator sees every step of all work: late, at risk, due, blocked, unassigned, to check."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from campaigns import reading
from campaigns.models import Step
from tests.queries import beside_the_bell
from tests.records import a_plan, a_schedule, an_accepted_brief

SCHEDULE = "/schedule/"
ROW = re.compile(r'scope="row" class="list__what"><a href="/steps/(\d+)/"')


def rows(answer):
    """The keys of the steps in the list of a page of the schedule, in their order."""
    return [int(key) for key in ROW.findall(answer.content.decode().partition('id="steps"')[2])]


def tiles(answer):
    return {tile["label"]: tile["value"] for tile in answer.context["tiles"]}


def open_steps(person):
    """What stands in the person's schedule, found one by one."""
    return [step for step in Step.objects.exclude(state="checked") if person.has_perm("campaigns.view_campaign", step)]


def test_the_tiles_count_what_stands_so_and_open_exactly_those_steps(cast, login):
    today, browser = clock.today(), login(cast.mei)
    steps = open_steps(cast.mei)
    stands = {
        "late": [step for step in steps if step.is_late(today)],
        "risk": [step for step in steps if step.is_at_risk(today)],
        "due": [step for step in steps if step.is_open and step.ends_on == today],
        "blocked": [step for step in steps if step.is_blocked(today)],
        "unassigned": [step for step in steps if step.is_open and step.person_id is None],
        "check": [step for step in steps if step.state in {"done", "taken_over"}],
        "client": [step for step in steps if step.state in {"ready", "in_progress"} and step.court == "client"],
    }
    counts = [tile["value"] for tile in browser.get(SCHEDULE).context["tiles"]]
    assert counts == [len(steps), *(len(found) for found in stands.values())]
    assert all(stands.values()), "the demo agency has a step of each kind"
    for show, found in stands.items():
        assert set(rows(browser.get(f"{SCHEDULE}?show={show}"))) == {step.pk for step in found}, show


def test_the_longest_overdue_step_comes_first(cast, login):
    shown = rows(login(cast.mei).get(SCHEDULE))
    due = [Step.objects.get(pk=key).due_on for key in shown]
    assert due == sorted(due)
    assert due[0] < clock.today()


def test_a_long_schedule_goes_on_where_the_page_ended(cast, login):
    browser = login(cast.mei)
    first = browser.get(SCHEDULE)
    rest = browser.get(SCHEDULE + first.context["page"].older)
    assert len(rows(first)) == 50
    assert sorted(rows(first) + rows(rest)) == sorted(step.pk for step in open_steps(cast.mei))


def test_client_owner_and_department_are_questions_in_the_address(cast, login):
    browser, steps = login(cast.mei), open_steps(cast.mei)
    asked = {
        "client=HRB": [step for step in steps if step.client.code == "HRB"],
        "person=noor&client=HRB": [step for step in steps if step.client.code == "HRB" and step.person == cast.noor],
        "department=media&show=unassigned": [
            step
            for step in steps
            if step.is_open and step.person is None and step.department and step.department.code == "media"
        ],
        "department=client&client=TER": [step for step in steps if step.client.code == "TER" and step.department is None],
    }
    for question, found in asked.items():
        assert set(rows(browser.get(f"{SCHEDULE}?{question}"))) == {step.pk for step in found}, question
        assert found, question


def test_the_tiles_count_within_the_client_that_is_asked_for(cast, login):
    answer = login(cast.mei).get(f"{SCHEDULE}?client=HRB")
    assert tiles(answer)["All open steps"] == 3
    assert "client=HRB" in unescape(answer.content.decode())
    assert {tile["url"] for tile in answer.context["tiles"]} >= {"?client=HRB", "?client=HRB&show=late"}


@pytest.mark.parametrize(
    "question",
    ["show=nonsense", "client=ZZZ", "person=nobody", "department=moon", "client=HRB&show=late'--", "person=" + "x" * 5000],
)
def test_a_question_that_makes_no_sense_is_told_and_finds_nothing(question, cast, login):
    answer = login(cast.mei).get(f"{SCHEDULE}?{question}")
    assert answer.status_code == 200
    assert rows(answer) == []
    assert "One of these questions cannot be answered" in answer.content.decode()


@pytest.mark.parametrize("after", ["nonsense", "2026-11-23", "2026-11-23.145", "9999-99-99.1"])
def test_an_address_that_leads_to_no_page_is_turned_away_with_a_sentence(after, cast, login):
    answer = login(cast.mei).get(SCHEDULE, {"after": after})
    assert answer.status_code == 400
    assert "does not lead to a page of the list" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "codes"), [("marta", {"HRB"}), ("lucia", {"VOL", "MER", "TER"}), ("tomas", {"HRB", "NOR", "SOL", "PAL"})]
)
def test_who_serves_clients_sees_the_steps_of_those_and_no_others(name, codes, cast, login):
    found = Step.objects.filter(pk__in=rows(login(getattr(cast, name)).get(SCHEDULE))).select_related("client")
    assert {step.client.code for step in found} <= codes
    assert found


def test_a_member_sees_what_is_in_his_hands_and_nothing_else(cast, login):
    found = set(rows(login(cast.felix).get(SCHEDULE)))
    own = set(Step.objects.exclude(state="checked").filter(person=cast.felix).values_list("pk", flat=True))
    waiting = set(Step.objects.exclude(state="checked").filter(holder=cast.felix).values_list("pk", flat=True))
    assert found == own | waiting
    assert own


def test_an_administrator_has_no_schedule(cast, login):
    assert login(cast.admin).get(SCHEDULE).status_code == 403


def test_a_person_of_another_client_is_not_to_be_found_through_the_filter(cast, login):
    answer = login(cast.marta).get(f"{SCHEDULE}?person=lucia")
    assert rows(answer) == []
    assert "Lucia" not in answer.content.decode()


@pytest.mark.parametrize("name", ["mei", "marta", "omar", "jonas"])
def test_the_schedule_asks_as_often_for_three_steps_as_for_twenty(name, cast, clients, login):
    browser = login(getattr(cast, name))

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"{SCHEDULE}?client=HRB")
        return beside_the_bell(asked), len(rows(answer))

    Step.objects.get(campaign__job_number="HRB-26-014", name="Print run").report_done(by=cast.noor)
    queries()
    few, three = queries()
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    steps = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    steps[0].start(by=cast.jonas)
    steps[0].report_done(by=cast.jonas)
    many, more = queries()
    assert (three, more) == (3, 3 + len(steps))
    assert many == few


def test_the_schedule_of_a_member_asks_as_often_for_more_steps(cast, clients, login):
    browser = login(cast.noor)

    def queries(question=""):
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(SCHEDULE + question)
        return beside_the_bell(asked), len(rows(answer))

    queries()
    few, some = queries("?client=PAL")
    many, more = queries("?person=noor")
    assert some < more
    assert few == many


@pytest.mark.parametrize("name", ["helena", "omar", "marta", "jonas", "mei", "felix", "noor", "sven"])
def test_the_one_next_move_is_the_first_that_the_person_may_make(name, cast):
    person = getattr(cast, name)
    steps = list(Step.objects.visible_to(person).for_list())
    for step in reading.with_next_move(steps, person):
        assert step.next_moves == step.moves_open_to(person)[:1], step


def test_the_coordinator_reports_a_step_done_from_the_list_and_comes_back_to_it(cast, login):
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    here = f"http://testserver{SCHEDULE}?client=HRB"
    answer = login(cast.mei).post(f"/steps/{step.pk}/move/report_done/", {"seen": step.version}, HTTP_REFERER=here)
    assert (answer.status_code, answer.url) == (302, f"{SCHEDULE}?client=HRB")
    step.refresh_from_db()
    assert step.state == "done"
    assert step.last_event().details["in_name_of"] == cast.noor.pk


@pytest.mark.parametrize(
    "here", ["https://evil.example/schedule/", "http://testserver/schedule/../", "//evil.example", "", "x"]
)
def test_nobody_is_led_elsewhere_by_the_page_he_came_from(here, cast, login):
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    answer = login(cast.mei).post(f"/steps/{step.pk}/move/report_done/", {"seen": step.version}, HTTP_REFERER=here)
    assert answer.url == step.get_absolute_url()
