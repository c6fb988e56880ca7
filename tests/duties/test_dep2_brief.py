"""DEP2, DEP3: what the agency must know is drawn out in the intake brief; who leads the client accepts or returns it."""

from decimal import Decimal
from uuid import uuid4

import pytest

from agency import clock
from briefs.models import Brief, BriefTemplate
from clients.models import Event
from reminders.models import Notice
from tests.records import FULL, PHONED

WORDS = {name: str(value) for name, value in FULL.items() if name != "budget_amount"}


@pytest.fixture
def taken(cast, login):
    """Jonas takes a brief for Hollin & Rye through the page."""
    small = BriefTemplate.objects.get(key="short").pk
    form = {"token": uuid4(), "client": "HRB", "title": "Rye crackers", "template": small}
    assert login(cast.jonas).post("/briefs/new/", form).status_code == 302
    return Brief.objects.get(title="Rye crackers")


@pytest.fixture
def submitted(taken, cast, login):
    write(login(cast.jonas), taken, budget_amount="60000", submit="1")
    taken.refresh_from_db()
    return taken


def write(browser, brief, **more):
    return browser.post(f"/briefs/{brief.pk}/edit/", {"title": brief.title, "seen": brief.version, **WORDS, **more})


def accepting(brief):
    """What the button sends: nobody at the client's has confirmed this brief."""
    return f"{brief.get_absolute_url()}move/accept_without_playback/", {"seen": brief.version, "reason": PHONED}


def test_the_brief_belongs_to_the_client_and_lies_with_who_took_it(taken, cast, clients):
    assert (taken.client, taken.state, taken.holder, taken.version) == (clients["HRB"], "draft", cast.jonas, 1)
    assert [event.verb for event in taken.events()] == ["created"]


def test_submitting_without_a_budget_figure_is_refused_beside_the_field_and_nothing_typed_is_lost(taken, cast, login):
    answer = write(login(cast.jonas), taken, submit="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Still missing: budget figure" in answer.context["form"].errors["budget_amount"][0]
    assert set(answer.context["form"].errors) == {"budget_amount"}
    assert all(text in page for text in WORDS.values())
    saved = Brief.objects.get(pk=taken.pk)
    assert (saved.state, saved.version, saved.market_plan) == ("draft", 2, FULL["market_plan"])
    assert not Notice.objects.filter(recipient=cast.marta, object_id=taken.pk, kind="briefs.news").exists()


def test_after_the_refusal_the_same_page_submits_with_the_figure(taken, cast, login):
    browser = login(cast.jonas)
    refused = write(browser, taken, submit="1")
    seen = refused.context["form"]["seen"].value()
    answer = browser.post(
        f"/briefs/{taken.pk}/edit/", {"title": taken.title, "seen": seen, **WORDS, "budget_amount": "60000", "submit": "1"}
    )
    assert answer.status_code == 302
    assert Brief.objects.get(pk=taken.pk).state == "submitted"


def test_a_submitted_brief_lies_with_the_account_director_for_a_working_day(submitted, cast):
    assert (submitted.state, submitted.holder, submitted.court) == ("submitted", cast.marta, "ours")
    assert submitted.due_on.isoformat() == "2026-11-24"
    assert submitted.budget_amount == Decimal("60000.00")
    assert "asks you to accept the brief “Rye crackers”" in Notice.objects.filter(recipient=cast.marta).latest("pk").text


def test_the_page_says_what_is_missing_and_the_submit_button_there_is_refused_too(taken, cast, login):
    browser = login(cast.jonas)
    assert "Product knowledge is missing" in browser.get(taken.get_absolute_url()).content.decode()
    answer = browser.post(f"/briefs/{taken.pk}/move/submit/", {"seen": taken.version})
    assert answer.status_code == 422
    assert "Fill the four blocks and name a budget figure" in answer.content.decode()


def test_the_director_accepts_and_the_salesman_hears_of_it(submitted, cast, login):
    answer = login(cast.marta).post(*accepting(submitted), follow=True)
    assert "Done: Accept without playback" in answer.content.decode()
    assert Brief.objects.get(pk=submitted.pk).state == "accepted"
    assert "Marta Kowalska accepted the brief" in Notice.objects.filter(recipient=cast.jonas).latest("pk").text


def test_the_director_returns_it_with_a_reason_that_stands_on_top_of_the_page(submitted, cast, login):
    address = f"/briefs/{submitted.pk}/move/return_to_writer/"
    silent = login(cast.marta).post(address, {"seen": submitted.version, "reason": "  "})
    assert silent.status_code == 422
    login(cast.marta).post(address, {"seen": submitted.version, "reason": "Name the competitors."})
    page = login(cast.jonas).get(submitted.get_absolute_url()).content.decode()
    assert "Returned by Marta Kowalska" in page
    assert "Name the competitors." in page
    assert Brief.objects.get(pk=submitted.pk).holder == cast.jonas


def test_the_salesman_is_not_offered_and_not_allowed_to_accept(submitted, cast, login):
    browser = login(cast.jonas)
    assert "move/accept_without_playback/" not in browser.get(submitted.get_absolute_url()).content.decode()
    assert browser.post(*accepting(submitted)).status_code == 403
    assert Brief.objects.get(pk=submitted.pk).state == "submitted"


@pytest.mark.parametrize("name", ["lucia", "ingrid", "amina", "david"])
def test_for_who_does_not_serve_the_client_the_brief_does_not_exist(name, submitted, cast, login):
    browser = login(getattr(cast, name))
    assert browser.get(submitted.get_absolute_url()).status_code == 404
    assert browser.post(*accepting(submitted)).status_code == 404


def test_a_director_does_not_accept_the_brief_he_submitted_himself(cast, clients, login):
    form = {"token": uuid4(), "client": "HRB", "title": "Own work", "template": BriefTemplate.objects.get(key="short").pk}
    login(cast.marta).post("/briefs/new/", form)
    brief = Brief.objects.get(title="Own work")
    write(login(cast.marta), brief, budget_amount="60000", submit="1")
    brief.refresh_from_db()
    assert login(cast.marta).post(*accepting(brief)).status_code == 403
    assert login(cast.omar).post(*accepting(brief)).status_code == 302


def test_the_trail_of_the_brief_tells_every_step_once(submitted, cast):
    trail = Event.objects.about(submitted)
    assert [(event.actor, event.verb) for event in trail] == [
        (cast.jonas, "submit"),
        (cast.jonas, "revised"),
        (cast.jonas, "created"),
    ]
    assert submitted.history.count() == 3
    assert submitted.created_at.date() == clock.today()
