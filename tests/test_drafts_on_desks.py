"""Drafts on the desks, in what happened and in the search: each with the one next thing to do, and nothing of another's."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Draft, DraftVersion
from campaigns.models import Campaign
from clients.models import Contact
from desk.handover import pass_work
from desk.inbox import Inbox
from desk.search import Search
from tests.drafts import a_cleared_draft, a_draft, a_sent_draft, a_version, decided
from tests.records import days


@pytest.fixture
def piece(cast):
    return Campaign.objects.get(job_number="HRB-26-014").deliverables.first()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


def line_of(person, draft):
    """The draft as it stands among what needs the person, or None."""
    return next((line for line in Inbox(person).needs_me() if line == draft), None)


def found(person, text):
    return [str(hit.title) for it in Search(person, text).groups if str(it.label) == "Drafts" for hit in it.hits]


def test_the_maker_has_it_to_begin_then_to_go_on_with(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    line = line_of(cast.felix, draft)
    assert (line.link.label, line.link.url) == ("Begin a version", draft.get_absolute_url())
    DraftVersion.open(draft, by=cast.felix, token=uuid4())
    line = line_of(cast.felix, draft)
    assert (line.link.label, line.link.url) == ("Write on", reverse("draft_version_edit", args=[draft.pk, 1]))
    assert draft in Inbox(cast.marta).waits_for(), "whoever asked for it waits for it"


def test_it_goes_from_desk_to_desk_to_the_review_and_to_the_sending(cast, piece, login):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    assert line_of(cast.felix, draft) is None and draft in Inbox(cast.felix).waits_for()
    line = line_of(cast.marta, draft)
    assert (line.link.label, line.link.url) == ("Review", reverse("draft_review", args=[draft.pk]))
    assert login(cast.marta).get(line.link.url).status_code == 200
    decided(draft, cast.marta)
    line = line_of(cast.jonas, draft)
    assert (line.link.label, line.link.url) == ("Send", reverse("draft_send", args=[draft.pk]))
    assert login(cast.jonas).get(line.link.url).status_code == 200


def test_what_was_returned_stands_first_on_the_makers_desk_with_the_reason(cast, piece, login):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    decided(draft, cast.marta, outcome="returned", reply="no", reason="The price is missing.")
    assert line_of(cast.felix, draft).came_back.actor == cast.marta
    assert "The price is missing." in login(cast.felix).get("/").content.decode()
    a_version(draft, cast.felix)
    decided(draft, cast.marta)
    draft.withdraw(by=cast.marta, reason="The date has moved.")
    assert line_of(cast.felix, draft).came_back is None, "what was returned was mended since"


def test_with_the_client_it_is_waited_for_and_the_client_is_called(cast, piece, clara):
    draft = a_sent_draft(piece, maker=cast.felix, clearer=cast.marta, sender=cast.jonas, contact=clara)
    for person in (cast.jonas, cast.marta, cast.tomas):
        line = next(it for it in Inbox(person).waits_for() if it == draft)
        assert (line.link.label, line.link.url) == ("Call", "/clients/HRB/#contacts")
    assert line_of(cast.jonas, draft) is None
    assert draft not in Inbox(cast.omar).stuck((Draft,))


def test_past_its_day_it_is_stuck(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    draft.due_on = draft.created_at.date() - days(3)
    draft.keep(by=cast.marta, reason="test")
    assert draft in Inbox(cast.omar).stuck((Draft,))
    assert draft not in Inbox(cast.ingrid).stuck((Draft,))


def test_a_handover_takes_what_lies_with_the_former_director_along(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    pass_work(piece.campaign.client, cast.marta, cast.david, by=cast.helena)
    draft.refresh_from_db()
    assert draft.holder == cast.david


def test_what_happened_to_it_is_told_to_the_maker_and_not_to_his_colleague(cast, piece, login):
    draft = a_draft(piece, cast.marta, maker=cast.felix, title="Kanarienvogel")
    assert "Kanarienvogel" in login(cast.felix).get("/").content.decode()
    for name in ("noor", "lucia", "ingrid", "admin"):
        browser = login(getattr(cast, name))
        assert not any("Kanarienvogel" in browser.get(address).content.decode() for address in ("/", "/happened/"))
    assert draft in [event.subject for event in login(cast.omar).get("/").context["happened"]]


@pytest.mark.parametrize("text", ["kanarien", "HRB kanarienvogel", "{reference}", "{job}"])
def test_it_is_found_by_title_reference_and_job_number_by_those_who_see_it(text, cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix, title="Kanarienvogel")
    text = text.format(reference=draft.reference.lower(), job=piece.campaign.job_number)
    for name in ("helena", "omar", "marta", "tomas", "jonas", "mei"):
        assert "Kanarienvogel" in found(getattr(cast, name), text), name
    for name in ("ingrid", "lucia", "noor", "ida", "admin"):
        assert found(getattr(cast, name), text) == [], name


def test_its_maker_finds_it_by_its_title_and_by_its_reference(cast, piece):
    draft = a_draft(piece, cast.marta, maker=cast.felix, title="Kanarienvogel")
    assert found(cast.felix, "kanarienvogel") == found(cast.felix, draft.reference) == ["Kanarienvogel"]


@pytest.mark.parametrize("name", ["felix", "marta", "jonas", "omar"])
def test_three_drafts_cost_a_desk_and_a_search_what_one_costs(name, cast, piece, clara, login):
    browser, asked = login(getattr(cast, name)), []
    for count in (1, 2):
        for _each in range(count):
            a_draft(piece, cast.marta, maker=cast.felix, title="Crumpet")
            a_version(a_draft(piece, cast.marta, maker=cast.felix, title="Crumpet"), cast.felix)
            a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta)
            a_sent_draft(piece, maker=cast.felix, clearer=cast.marta, sender=cast.jonas, contact=clara)
        browser.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/").status_code == 200
            assert browser.get(reverse("search"), {"q": "crumpet"}).status_code == 200
        asked.append(len(queries))
    assert asked[1] <= asked[0]
