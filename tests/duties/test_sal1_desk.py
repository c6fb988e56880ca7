"""SAL1, and the desk of every role: what needs me now, what I wait for, my clients; never another's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief


@pytest.fixture
def waiting(cast, clients):
    brief = a_brief(clients["HRB"], cast.jonas)
    return brief.submit(by=cast.jonas)


def desk(browser):
    return browser.get("/").context


def test_a_salesman_sees_only_the_clients_assigned_to_him(cast, login):
    shown = desk(login(cast.jonas))
    assert [client.code for client in shown["clients"]] == ["SOL", "PAL", "HRB", "NOR"]
    assert {event.client.code for event in shown["happened"]} <= {"HRB", "NOR", "SOL", "PAL"}


def test_what_he_submitted_he_waits_for_and_the_director_needs_to_answer(waiting, cast, login):
    assert waiting in desk(login(cast.jonas))["waits_for"]
    assert waiting not in desk(login(cast.jonas))["needs_me"]
    line = next(it for it in desk(login(cast.marta))["needs_me"] if it == waiting)
    assert (line.left, line.holder) == (1, cast.marta)
    assert waiting not in desk(login(cast.david))["needs_me"]


def test_the_desk_is_ordered_by_deadline(cast, login):
    for person in (cast.jonas, cast.lucia, cast.mei, cast.priya, cast.noor):
        days = [it.due_on for it in desk(login(person))["needs_me"]]
        assert [day for day in days if day] == sorted(day for day in days if day)
        assert None not in days[: len([day for day in days if day])]


def test_a_plan_waits_for_the_supervisor_and_for_nobody_else(cast, clients, login):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    plan.submit(by=cast.marta)
    assert plan in desk(login(cast.omar))["needs_me"]
    assert plan in desk(login(cast.marta))["waits_for"]
    for person in (cast.ingrid, cast.helena, cast.jonas, cast.mei):
        assert plan not in desk(login(person))["needs_me"]


def test_a_step_handed_on_leaves_the_owners_list_and_reaches_the_next(cast, clients, login):
    plan = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)
    first = a_schedule(plan.campaign, cast.mei)[0]
    assert first in desk(login(cast.jonas))["needs_me"]
    first.start(by=cast.jonas)
    first.report_done(by=cast.jonas)
    assert first not in desk(login(cast.jonas))["needs_me"]
    assert first in desk(login(cast.jonas))["waits_for"]
    assert first in desk(login(first.holder))["needs_me"]


def test_a_member_of_another_department_sees_own_steps_and_shares_and_no_clients(cast, login):
    shown = desk(login(cast.felix))
    assert shown["clients"] == []
    assert shown["figures"] is None
    assert {it.holder for it in shown["needs_me"]} == {cast.felix}
    briefs = ["Winter vitamins: shelf and page", "Terracotta Home: a booklet for the showroom"]
    assert [str(record) for record in shown["shared"]] == briefs


def test_an_evaluation_to_sign_stands_on_the_desk_of_the_two_alone(cast, login):
    """In the demo Jonas has an evaluation to sign."""
    assert "Evaluation of Jonas Weber" in [str(it) for it in desk(login(cast.jonas))["needs_me"]]
    assert "Evaluation of Jonas Weber" in [str(it) for it in desk(login(cast.helena))["waits_for"]]
    for person in (cast.omar, cast.marta, cast.tomas, cast.mei, cast.felix):
        assert "Evaluation of Jonas Weber" not in login(person).get("/").content.decode()


def test_an_administrator_has_no_desk_in_the_business(cast, login):
    page = login(cast.admin).get("/").content.decode()
    assert "Open the administration" in page
    assert "Hollin" not in page


def test_the_rail_shows_only_the_places_a_person_has(cast, login):
    def places(person):
        return [str(place["label"]) for place in login(person).get("/").context["places"]]

    assert "Department" in places(cast.helena)
    assert "Department" in places(cast.omar)
    assert "Department" not in places(cast.jonas)
    assert "Briefs" in places(cast.felix)
    assert "Clients" not in places(cast.felix)
    assert "Briefs" not in places(cast.ida)
    assert places(cast.admin) == ["Desk"]


@pytest.mark.parametrize("name", ["jonas", "marta", "helena", "mei", "felix"])
def test_a_fuller_desk_costs_no_more_queries(name, waiting, cast, clients, login):
    browser = login(getattr(cast, name))

    def cost():
        browser.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/").status_code == 200
        return len(seen)

    before = cost()
    for title in ("Second", "Third"):
        a_brief(clients["HRB"], cast.jonas, title=title).submit(by=cast.jonas)
    assert cost() <= before <= 90
