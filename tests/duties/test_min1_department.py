"""MIN1, SUP1: the minister sees the whole department, a supervisor the own group, nobody else the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Step
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief


def overview(browser):
    return browser.get("/department/").context["overview"]


def test_the_minister_sees_every_group_client_and_person(cast, login):
    seen = overview(login(cast.helena))
    assert [group.name for group in seen.groups] == ["North", "South"]
    assert [client.code for client in seen.clients][:3] == ["HRB", "VOL", "MER"]
    assert len(seen.people) == 12
    assert str(seen.people[0]) == "Helena Brandt"


def test_a_supervisor_sees_the_own_group_only(cast, login):
    answer = login(cast.omar).get("/department/")
    seen, page = answer.context["overview"], answer.content.decode()
    assert [group.name for group in seen.groups] == ["North"]
    assert {client.group.name for client in seen.clients} == {"North"}
    assert {person.group.name for person in seen.people} == {"North"}
    for hidden in ("Voltane", "Amina Diallo", "Ingrid Solberg", "TER"):
        assert hidden not in page
    assert {it.client.group.name for it in answer.context["stuck"]} <= {"North"}


@pytest.mark.parametrize("name", ["marta", "tomas", "jonas", "mei", "felix", "admin"])
def test_the_overview_is_not_for_others(name, cast, login):
    assert login(getattr(cast, name)).get("/department/").status_code == 403


def test_the_figures_are_those_of_the_steps(cast, login):
    seen = overview(login(cast.helena))
    open_steps = Step.objects.open()
    assert seen.late == open_steps.filter(ends_on__lt="2026-11-23").count()
    assert seen.unassigned == open_steps.filter(person__isnull=True).count()
    jonas = next(person for person in seen.people if person.username == "jonas")
    assert jonas.serves == 4
    assert jonas.open == Step.objects.exclude(state="checked").filter(person=cast.jonas).count()
    north = seen.groups[0]
    assert north.work["late"] == open_steps.filter(ends_on__lt="2026-11-23", client__group=north).count()


def test_what_lies_longest_past_its_day_stands_first_with_its_holder(cast, clients, monday, login):
    brief = a_brief(clients["HRB"], cast.jonas)
    brief.submit(by=cast.jonas)
    assert brief not in login(cast.helena).get("/department/").context["stuck"]
    monday.shift(7 * 86400)
    stuck = login(cast.helena).get("/department/").context["stuck"]
    assert [it.court_since for it in stuck] == sorted(it.court_since for it in stuck)
    line = next((it for it in stuck if it == brief), None)
    assert line is None or (line.holder, line.left) == (cast.marta, -4)
    assert all(it.left < 0 for it in stuck)


def test_more_work_costs_no_more_queries(cast, clients, login):
    browser = login(cast.helena)

    def cost():
        browser.get("/department/")
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/department/").status_code == 200
        return len(seen)

    before = cost()
    for code, seller, lead, maker in (("HRB", "jonas", "marta", "mei"), ("VOL", "amina", "lucia", "rafael")):
        brief = an_accepted_brief(clients[code], writer=getattr(cast, seller), acceptor=getattr(cast, lead))
        a_schedule(a_plan(brief, getattr(cast, lead)).campaign, getattr(cast, maker))
    assert cost() == before
    assert before <= 36
