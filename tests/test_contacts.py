"""Who is at the client's: added, changed, gone and back; told to those who may know the client, and to nobody else."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.flow import Refused
from clients.models import Contact
from desk.search import Search
from tests.client_pages import a_link, door
from tests.records import a_brief


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


def form(**changes):
    return {
        "token": uuid4(), "name": "Rita Rye", "position": "Head of brand", "standing": "manager", "email": "rita@rye.example",
        "phone": "+44 (20) 7946 0199 x12", "language": "en-gb", "note": "Calls back after four.", **changes,
    }  # fmt: skip


def cost(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_a_salesman_writes_down_whom_he_met_and_finds_them_on_the_clients_page(cast, clients, login):
    browser = login(cast.jonas)
    answer = browser.post("/clients/HRB/contacts/new/", form())
    rita = Contact.objects.get(name="Rita Rye")
    assert answer.url == rita.get_absolute_url()
    assert (rita.client, rita.created_by, rita.standing, rita.state) == (clients["HRB"], cast.jonas, "manager", "current")
    assert [(event.verb, event.actor) for event in rita.events()] == [("created", cast.jonas)]
    for address in (rita.get_absolute_url(), "/clients/HRB/"):
        page = browser.get(address).content.decode()
        assert 'href="tel:+442079460199"' in page and 'href="mailto:rita@rye.example"' in page
        assert "Marketing manager" in page and "Rita Rye" in page


def test_a_double_click_adds_one(cast, login):
    browser, sent = login(cast.jonas), form()
    assert len({browser.post("/clients/HRB/contacts/new/", sent).url for _click in range(2)}) == 1
    assert Contact.objects.filter(name="Rita Rye").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 121), ("position", "x" * 121), ("standing", "boss"), ("email", "rita@"),
        ("phone", "x" * 41), ("phone", "call me"), ("phone", "javascript:alert(1)"), ("language", "tlh"),
        ("note", "x" * 2001), ("token", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_contact_is_told_beside_the_field(field, value, cast, login):
    answer = login(cast.jonas).post("/clients/HRB/contacts/new/", form(**{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Contact.objects.filter(email="rita@rye.example").exists()


@pytest.mark.parametrize("address", ["clara.hollin@hollin-rye.example", "Clara.Hollin@HOLLIN-rye.example"])
def test_two_people_of_a_client_never_share_an_address(address, clara, cast, login):
    answer = login(cast.jonas).post("/clients/HRB/contacts/new/", form(email=address))
    assert answer.status_code == 422
    assert "Clara Hollin has this address already" in answer.content.decode()
    assert "Calls back after four." in answer.content.decode(), "nothing typed is lost"
    peter = Contact.objects.get(name="Peter Dorn")
    answer = login(cast.jonas).post(f"/contacts/{peter.pk}/edit/", form(email=address, seen=peter.version))
    assert answer.status_code == 422 and "has this address already" in answer.content.decode()


def test_the_same_address_at_another_client_is_another_matter(cast, login):
    answer = login(cast.jonas).post("/clients/PAL/contacts/new/", form(email="clara.hollin@hollin-rye.example"))
    assert answer.status_code == 302


def test_two_who_change_a_contact_at_once_lose_nothing(clara, cast, login):
    words = {name: getattr(clara, name) for name in ("name", "position", "standing", "email", "phone", "language", "note")}
    browser, address = login(cast.jonas), f"/contacts/{clara.pk}/edit/"
    assert browser.post(address, {**words, "seen": clara.version, "position": "Board"}).status_code == 302
    answer = browser.post(address, {**words, "seen": clara.version, "position": "Chair", "standing": "decides"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Chair" in page and "Board" in page and "Decision maker" in page


def test_whoever_leaves_stays_in_the_books_and_is_offered_nowhere(clara, cast, clients, login):
    browser, move = login(cast.jonas), f"/contacts/{clara.pk}/move/"
    assert browser.post(f"{move}retire/", {"seen": clara.version}).status_code == 422, "a reason is asked for"
    browser.post(f"{move}retire/", {"seen": clara.version, "reason": "Sold her shares"})
    clara.refresh_from_db()
    assert clara.state == "retired" and clara not in clients["HRB"].contacts()
    assert not clients["HRB"].terms_on().may_confirm(clara, "plan")
    assert "Clara Hollin" not in [it.name for it in browser.get("/clients/HRB/").context["contacts"]]
    assert [it.name for it in browser.get("/contacts/?client=HRB").context["page"]] == ["Peter Dorn"]
    assert [it.name for it in browser.get("/contacts/?client=HRB&state=retired").context["page"]] == ["Clara Hollin"]
    assert len(browser.get("/contacts/?client=HRB&state=all").context["page"]) == 2
    page = browser.get(clara.get_absolute_url()).content.decode()
    assert "No longer there" in page and "Sold her shares" in page
    terms = clients["HRB"].terms_on()
    assert login(cast.omar).get(f"/clients/HRB/terms/{terms.pk}/confirm/{clara.pk}/").status_code == 404
    [found] = [it for it in Search(cast.jonas, "clara hollin").groups if it.label == "Contacts"]
    assert [hit.state for hit in found.hits] == [clara]


def test_somebody_comes_back_unless_the_address_has_passed_on(clara, cast):
    clara.retire(by=cast.jonas, reason="Left")
    heir = Contact.add(client=clara.client, by=cast.jonas, token=uuid4(), name="Rita Rye", email=clara.email)
    with pytest.raises(Refused, match="Rita Rye has this address already"):
        clara.take_back(by=cast.jonas)
    heir.retire(by=cast.jonas, reason="Left too")
    assert clara.take_back(by=cast.jonas).state == "current"


@pytest.mark.parametrize("name", ["lucia", "ingrid", "amina", "felix", "admin"])
def test_contacts_of_a_client_one_does_not_serve_do_not_exist(name, clara, cast, login):
    browser = login(getattr(cast, name))
    for address in (clara.get_absolute_url(), f"/contacts/{clara.pk}/edit/", "/clients/HRB/contacts/new/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/contacts/{clara.pk}/move/retire/", {"seen": 1, "reason": "x"}).status_code == 404
    listed = browser.get("/contacts/?state=all")
    assert listed.status_code == 403 or "Clara" not in listed.content.decode()
    with pytest.raises(PermissionDenied):
        clara.retire(by=getattr(cast, name), reason="x")


def add_to_the_bank(name, cast):
    bank = Contact.objects.get(name="Paul Reyes").client
    contact = Contact.add(client=bank, by=cast.jonas, token=uuid4(), name=name)
    bank.terms_on().authorise(contact, kinds=["plan", "draft"], up_to=100, by=cast.omar)


def test_a_list_of_three_costs_what_a_list_of_one_costs(clara, cast, login):
    browser = login(cast.jonas)
    pages = ("/contacts/?client=NOR", "/clients/NOR/terms/", "/contacts/?client=NOR&export=csv")
    add_to_the_bank("Nadia", cast)
    before = [cost(browser, page) for page in pages]
    add_to_the_bank("Nora", cast)
    add_to_the_bank("Nils", cast)
    assert [cost(browser, page) for page in pages] == before


@pytest.mark.parametrize("query", ["client=VOL", "client=%00", "standing=x", "state=x", "sort=note", "after=x", "export=exe"])
def test_a_question_that_makes_no_sense_is_answered(query, cast, login):
    assert login(cast.jonas).get(f"/contacts/?{query}").status_code in {200, 400}


def test_the_links_of_whoever_leaves_end_for_good(clara, cast, clients, client):
    link = a_link(a_brief(clients["HRB"], cast.jonas), clara, cast.jonas)
    assert client.get(door(link)).status_code == 200
    clara.retire(by=cast.jonas, reason="Left")
    assert client.get(door(link)).status_code == 404
    clara.take_back(by=cast.jonas)
    assert client.get(door(link)).status_code == 404, "whoever comes back is asked anew"
    assert not type(link).objects.get(pk=link.pk).is_live
