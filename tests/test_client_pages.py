"""The pages of clients: the list, one client, opening one, its tier and group, winning and parting (MIN6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from clients.models import Client, Contact
from tests.records import a_brief


def cost(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def new(**changes):
    return {
        "token": uuid4(),
        "code": "ABC",
        "name": "Alder Books",
        "industry": "Books",
        "tier": "small",
        "group": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("jonas", ["HRB", "NOR", "PAL", "SOL"]), ("priya", ["GRE", "MER", "TER", "VOL"]), ("marta", ["HRB"]),
        ("felix", []),
    ],
)  # fmt: skip
def test_the_list_holds_the_clients_one_serves_and_no_others(name, codes, cast, login):
    assert [client.code for client in login(getattr(cast, name)).get("/clients/").context["page"]] == codes


def test_the_list_can_be_asked_for_tier_group_and_state(cast, clients, login):
    browser = login(cast.helena)
    assert [client.code for client in browser.get("/clients/?tier=key").context["page"]] == ["HRB", "VOL"]
    group = clients["HRB"].group.pk
    assert {client.group_id for client in browser.get(f"/clients/?group={group}").context["page"]} == {group}
    assert {client.state for client in browser.get("/clients/?state=prospect").context["page"]} == {"prospect"}


@pytest.mark.parametrize("query", ["tier=huge", "group=x", "group=99999999999999999999999", "state=%00x", "after=%F0%9F"])
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(query, cast, login):
    answer = login(cast.helena).get(f"/clients/?{query}")
    assert answer.status_code in {200, 400}


def test_a_supervisor_cannot_ask_for_the_group_of_another(cast, clients, login):
    answer = login(cast.omar).get(f"/clients/?group={clients['VOL'].group.pk}")
    assert len(answer.context["page"]) == 0


def test_a_list_of_three_costs_what_a_list_of_one_costs(cast, clients, login):
    browser = login(cast.helena)
    group = clients["PAL"].group.pk
    one, more = f"/clients/?tier=small&group={group}", f"/clients/?tier=&group={group}"
    assert len(browser.get(one).context["page"]) == 1
    assert len(browser.get(more).context["page"]) >= 3
    assert cost(browser, one) == cost(browser, more)


def test_the_clients_page_names_its_people_contacts_briefs_and_campaigns(cast, clients, login):
    page = login(cast.jonas).get("/clients/HRB/")
    assert [(seat.seat, seat.person.username) for seat in page.context["team"]] == [
        ("director", "marta"), ("manager", "tomas"), ("salesman", "jonas"),
    ]  # fmt: skip
    assert [contact.name for contact in page.context["contacts"]] == ["Clara Hollin", "Peter Dorn"]
    assert "HRB-26-014" in page.content.decode()


def test_a_fuller_clients_page_costs_no_more(cast, clients, login):
    browser = login(cast.marta)
    a_brief(clients["HRB"], cast.jonas)
    before = cost(browser, "/clients/HRB/")
    for title in ("Second", "Third"):
        a_brief(clients["HRB"], cast.jonas, title=title)
        Contact(client=clients["HRB"], name=title, created_by=cast.jonas).keep(by=cast.jonas)
    assert cost(browser, "/clients/HRB/") <= before  # of what happened last, fewer kinds may be among the newest ten


@pytest.mark.parametrize("name", ["lucia", "ingrid", "amina", "felix", "admin"])
def test_a_client_one_does_not_serve_does_not_exist(name, cast, login):
    browser = login(getattr(cast, name))
    for address in ("/clients/HRB/", "/clients/HRB/edit/", "/clients/HRB/assign/", "/clients/ZZZ/"):
        assert browser.get(address).status_code == 404
    assert browser.post("/clients/HRB/move/part/", {"seen": 1, "reason": "x"}).status_code == 404


def test_a_shared_client_file_shows_neither_its_people_nor_its_briefs(cast, clients, login):
    """A share opens one record and nothing below."""
    until = (clock.today() + timedelta(days=3)).isoformat()
    address = f"/share/clients.client/{clients['HRB'].pk}/"
    login(cast.marta).post(address, {"person": cast.ida.pk, "until": until, "reason": "Invoice"})
    shown = login(cast.ida).get("/clients/HRB/")
    assert shown.status_code == 200
    assert [list(shown.context[name]) for name in ("team", "contacts", "briefs", "campaigns")] == [[], [], [], []]
    assert shown.context["served"] is None
    assert "Sunday Loaf" not in shown.content.decode()


# Opening and placing


def test_the_minister_takes_a_prospect_into_the_books(cast, login):
    answer = login(cast.helena).post("/clients/new/", new(code="abc"))
    assert answer.url == "/clients/ABC/"
    client = Client.objects.get(code="ABC")
    assert (client.state, client.tier, client.group, client.created_by) == ("prospect", "small", None, cast.helena)
    assert [event.verb for event in client.events()] == ["created"]


def test_a_double_click_opens_one_client(cast, login):
    browser, form = login(cast.helena), new()
    assert [browser.post("/clients/new/", form).url for _click in range(2)] == ["/clients/ABC/", "/clients/ABC/"]
    assert Client.objects.filter(code="ABC").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "HRB"), ("code", "AB"), ("code", "A1C"), ("code", "ÄBC"), ("name", ""), ("name", "x" * 121),
        ("industry", "x" * 81),
        ("tier", "huge"), ("group", "999999"), ("token", "x"), ("token", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_a_client_is_told_beside_the_field(field, value, cast, login):
    answer = login(cast.helena).post("/clients/new/", new(**{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Client.objects.filter(name="Alder Books").exists()


@pytest.mark.parametrize("name", ["omar", "marta", "mei", "jonas", "felix", "admin"])
def test_only_the_minister_opens_clients(name, cast, login):
    assert login(getattr(cast, name)).post("/clients/new/", new()).status_code == 403


def place(client, **changes):
    fields = {
        "name": client.name,
        "industry": client.industry,
        "tier": client.tier,
        "group": client.group_id,
        "seen": client.version,
    }
    return {**fields, **changes}


def test_moving_a_client_to_another_group_moves_the_supervisors_access_at_once(cast, clients, login):
    client = clients["TER"]
    assert login(cast.omar).get("/clients/TER/").status_code == 404
    login(cast.helena).post("/clients/TER/edit/", place(client, group=clients["HRB"].group_id))
    assert login(cast.omar).get("/clients/TER/").status_code == 200
    assert login(cast.ingrid).get("/clients/TER/").status_code == 404
    assert login(cast.amina).get("/clients/TER/").status_code == 200


def test_tier_and_group_are_not_the_supervisors_to_set(cast, clients, login):
    assert login(cast.omar).post("/clients/HRB/edit/", place(clients["HRB"], tier="small")).status_code == 403
    assert Client.objects.get(code="HRB").tier == "key"


def test_two_who_place_the_same_client_are_told_of_each_other(cast, clients, login):
    browser, stale = login(cast.helena), place(clients["HRB"], industry="Pastry")
    browser.post("/clients/HRB/edit/", place(clients["HRB"], industry="Bakeries"))
    answer = browser.post("/clients/HRB/edit/", stale)
    assert answer.status_code == 409
    assert "Pastry" in answer.content.decode()
    assert Client.objects.get(code="HRB").industry == "Bakeries"


def test_a_client_is_won_parted_from_with_a_reason_and_taken_back(cast, clients, login):
    browser = login(cast.helena)
    browser.post("/clients/new/", new(group=clients["HRB"].group_id))

    def move(name, **more):
        return browser.post(f"/clients/ABC/move/{name}/", {"seen": Client.objects.get(code="ABC").version, **more})

    assert move("win").status_code == 302
    assert move("part").status_code == 422
    assert move("part", reason="They closed.").status_code == 302
    assert Client.objects.get(code="ABC").state == "former"
    assert 'value="ABC"' not in browser.get("/briefs/new/").content.decode()
    assert move("take_back").status_code == 302
    assert Client.objects.get(code="ABC").state == "active"


def test_a_prospect_without_a_group_is_not_won(cast, login):
    browser = login(cast.helena)
    browser.post("/clients/new/", new())
    answer = browser.post("/clients/ABC/move/win/", {"seen": 1})
    assert answer.status_code == 422
    assert "Give the client to a business group first" in answer.content.decode()
