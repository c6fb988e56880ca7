"""COO3, COO1: what lies between two desks is a list: since when, both names, who has to act; so are the media deadlines."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from campaigns.models import Step
from tests.records import a_plan, a_schedule, an_accepted_brief

HANDOFFS, DEADLINES = "/schedule/hand-offs/", "/schedule/deadlines/"


@pytest.fixture
def printing(cast):
    """The print run of Sunday Loaf: Noor's, in progress; behind it the delivery, given to Sven here."""
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    step.successors.get().give_to(by=cast.mei, person=cast.sven)
    return step


def names(answer):
    return [str(row) for row in answer.context["page"].rows]


def row(answer, step):
    text = unescape(answer.content.decode()).partition('id="hand-offs"')[2]
    found = next(part for part in text.split("<tr>") if f'scope="row" class="list__what"><a href="/steps/{step.pk}/"' in part)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def test_what_is_done_waits_for_the_next_owner_by_name(cast, printing, login):
    printing.report_done(by=cast.noor)
    told = row(login(cast.mei).get(HANDOFFS), printing)
    for words in ("Done, not taken over", "Noor Rahman", "Sven Lindqvist", "0 working days"):
        assert words in told
    assert told.count("Sven Lindqvist") == 2, "he takes it, and he has to act"


def test_what_is_taken_over_waits_for_the_coordinator(cast, printing, login):
    printing.report_done(by=cast.noor)
    printing.take_over(by=cast.sven)
    told = row(login(cast.mei).get(HANDOFFS), printing)
    assert "Taken over, not checked" in told
    assert "Mei Lin" in told


def test_what_came_back_waits_for_its_owner_until_it_is_done_again(cast, printing, login):
    printing.report_done(by=cast.noor)
    printing.hand_back(by=cast.sven, reason="Two sheets are smeared.")
    assert "Returned, not done again" in row(login(cast.mei).get(HANDOFFS), printing)
    printing.report_done(by=cast.noor)
    assert "Done, not taken over" in row(login(cast.mei).get(HANDOFFS), printing)


def test_what_is_settled_is_between_no_desks(cast, printing, login):
    assert "Print run" not in names(login(cast.mei).get(f"{HANDOFFS}?client=HRB"))
    printing.report_done(by=cast.noor)
    assert "Print run" in names(login(cast.mei).get(f"{HANDOFFS}?client=HRB"))
    printing.take_over(by=cast.sven)
    printing.check_off(by=cast.mei)
    assert "Print run" not in names(login(cast.mei).get(f"{HANDOFFS}?client=HRB"))


def test_the_longest_comes_first_on_the_list_and_on_the_dashboard(cast, login):
    browser = login(cast.mei)
    shown = [step.court_since for step in browser.get(HANDOFFS).context["page"].rows]
    assert len(shown) > 1
    assert shown == sorted(shown)
    board = browser.get("/schedule/")
    assert [step.court_since for step in board.context["between"]] == shown[:5]
    assert board.context["between_count"] == len(shown)


def test_the_step_is_moved_on_right_from_the_list(cast, printing, login):
    printing.report_done(by=cast.noor)
    answer = login(cast.sven).get(HANDOFFS)
    here = next(step for step in answer.context["page"].rows if step == printing)
    assert [it.name for it in here.next_moves] == ["take_over"]
    address = f"http://testserver{HANDOFFS}"
    done = login(cast.sven).post(f"/steps/{printing.pk}/move/take_over/", {"seen": here.version}, HTTP_REFERER=address)
    assert (done.status_code, done.url) == (302, HANDOFFS)


@pytest.mark.parametrize("address", [HANDOFFS, DEADLINES])
def test_nobody_finds_there_what_he_does_not_see(address, cast, printing, login):
    printing.report_done(by=cast.noor)
    text = login(cast.lucia).get(address).content.decode()
    assert "Sunday Loaf" not in text
    assert "Print run" not in text
    assert login(cast.admin).get(address).status_code == 403


def test_the_list_asks_as_often_for_three_hand_offs_as_for_one(cast, clients, login):
    browser = login(cast.mei)
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)

    def one_more(n):
        step = a_schedule(a_plan(brief, cast.marta, name=f"Crackers {n}").campaign, cast.mei)[0]
        step.start(by=cast.mei)
        step.report_done(by=cast.mei)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"{HANDOFFS}?client=HRB")
        return len(asked), len(names(answer))

    one_more(1)
    queries()
    few, one = queries()
    one_more(2)
    one_more(3)
    many, three = queries()
    assert (one, three) == (1, 3)
    assert few == many


def test_what_waits_for_the_client_says_since_when_and_how_long(cast, login):
    answer = login(cast.mei).get("/schedule/?show=client")
    rows = answer.context["page"].rows
    assert rows
    assert all(step.court == "client" for step in rows)
    assert "since" in [column.key for column in answer.context["listing"].shown]
    assert f"{rows[0].waited} working day" in answer.content.decode()
    assert "since" not in [column.key for column in login(cast.mei).get("/schedule/").context["listing"].shown]


def test_media_deadlines_of_ten_working_days_stand_by_their_day_with_those_that_were_missed(cast, clients, login):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    steps = a_schedule(a_plan(brief, cast.marta).campaign, cast.mei)
    goal = next(step for step in steps if step.kind == "deadline")

    def shown(on):
        Step.objects.filter(pk=goal.pk).update(starts_on=on, ends_on=on)
        return [it.step for it in login(cast.mei).get(DEADLINES).context["deadlines"]]

    today = clock.today()
    assert goal in shown(today + timedelta(days=14))
    assert goal not in shown(today + timedelta(days=15))
    assert goal in shown(today - timedelta(days=3))
    days = [it.on for it in login(cast.mei).get(DEADLINES).context["deadlines"]]
    assert days == sorted(days)
    assert goal in [it.step for it in login(cast.mei).get("/schedule/").context["near"]]


# Who checks where no coordinator is there


def test_without_a_coordinator_the_hand_off_goes_to_the_head_of_the_group_who_checks_it(cast, printing, login):
    for person in (cast.mei, cast.rafael):
        person.is_active = False
        person.save()
    printing.report_done(by=cast.noor)
    printing.take_over(by=cast.sven)
    assert printing.holder == cast.omar
    answer = login(cast.omar).post(f"/steps/{printing.pk}/move/check_off/", {"seen": printing.version})
    assert answer.status_code == 302
    printing.refresh_from_db()
    assert printing.state == "checked"


def test_where_the_head_of_the_group_did_it_himself_the_minister_checks(cast, printing, login):
    for person in (cast.mei, cast.rafael):
        person.is_active = False
        person.save()
    printing.give_to(by=cast.helena, person=cast.omar)
    printing.report_done(by=cast.omar)
    printing.take_over(by=cast.sven)
    assert printing.holder == cast.helena
    assert login(cast.omar).post(f"/steps/{printing.pk}/move/check_off/", {"seen": printing.version}).status_code == 403
    assert login(cast.helena).post(f"/steps/{printing.pk}/move/check_off/", {"seen": printing.version}).status_code == 302
