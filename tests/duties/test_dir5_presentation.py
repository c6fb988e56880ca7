"""DIR5: the director introduces the drafts to the client: planned, shown, and written down with what was said and chosen."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.flow import Conflict, Refused
from approvals.models import Draft, DraftVersion, Presentation
from campaigns.models import Campaign
from clients.models import Contact
from reminders.models import Notice
from tests.drafts import IDEA, a_cleared_draft, a_draft, a_version
from tests.records import MONDAY, days

SAID = "They love the smell. The price has to be larger."


@pytest.fixture
def piece(cast):
    return Campaign.objects.get(job_number="HRB-26-014").deliverables.first()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def concepts(cast, piece):
    """Two concepts for one piece, cleared."""
    return [a_cleared_draft(piece, maker=cast.felix, clearer=cast.marta) for _each in range(2)]


def planned(concepts, by, **more):
    usual = {"kind": "outside", "held_on": MONDAY, "presenter": by, "place": "Bakery Lane 4"}
    shown = [draft.sheet for draft in concepts]
    return Presentation.plan(concepts[0].campaign, by=by, token=uuid4(), shown=shown, **{**usual, **more})


def to_plan(concepts, by, **more):
    usual = {"kind": "outside", "held_on": MONDAY.isoformat(), "presenter": by.pk, "place": "Bakery Lane 4", "token": uuid4()}
    return {**usual, "shown": [draft.sheet.pk for draft in concepts], **more}


def test_the_director_plans_shows_and_writes_down_what_was_said_and_chosen(cast, login, piece, concepts, clara):
    browser, (chosen, other), before = login(cast.marta), concepts, Presentation.objects.count()
    page = browser.get(reverse("presentation_new", args=["HRB-26-014"])).content.decode()
    assert str(chosen.sheet) in page
    told = to_plan(concepts, cast.marta)
    for _twice in range(2):
        assert browser.post(reverse("presentation_new", args=["HRB-26-014"]), told).status_code == 302
    assert Presentation.objects.count() == before + 1
    found = Presentation.objects.latest("pk")
    assert (found.state, found.kind, found.shown) == ("planned", "outside", [chosen.sheet.pk, other.sheet.pk])
    words = {"seen": found.version, "ours": [cast.marta.pk, cast.jonas.pk], "theirs": [clara.pk], "others": "A printer",
             "said": SAID, "chosen": chosen.pk, "why": "It can be smelt.", "drop_others": "on"}  # fmt: skip
    assert browser.post(f"{found.get_absolute_url()}hold/", words).status_code == 302
    for record in (found, chosen, other):
        record.refresh_from_db()
    assert (found.state, found.said, found.chosen, found.theirs) == ("held", SAID, chosen, [clara.pk])
    assert (chosen.state, other.state) == ("cleared", "dropped")
    assert other.last_event().reason == "Concept A was chosen in the presentation of 2026-11-23." or chosen.concept != "A"
    assert [event.verb for event in chosen.events()[:1]] == ["presented"]
    assert Notice.objects.filter(recipient=cast.jonas, path=found.get_absolute_url()).count() == 1
    page = browser.get(chosen.get_absolute_url()).content.decode()
    assert SAID in page and "Chosen: It can be smelt." in page
    assert "Clara Hollin" in browser.get(found.get_absolute_url()).content.decode()


def test_what_is_not_cleared_is_not_shown_to_the_client_and_nothing_typed_is_lost(cast, login, piece, concepts):
    raw = a_draft(piece, cast.marta, maker=cast.felix, title="Raw")
    a_version(raw, cast.felix)
    told, before = to_plan([concepts[0], raw], cast.marta, place="At theirs"), Presentation.objects.count()
    answer = login(cast.marta).post(reverse("presentation_new", args=["HRB-26-014"]), told)
    assert answer.status_code == 422
    assert "is not cleared: the client sees it once" in answer.content.decode() and "At theirs" in answer.content.decode()
    assert Presentation.objects.count() == before


def test_a_clearing_taken_back_meanwhile_stops_the_presentation(cast, concepts):
    found = planned(concepts, cast.marta)
    concepts[0].withdraw(by=cast.marta, reason="The date has moved.")
    with pytest.raises(Refused, match="is not cleared"):
        found.hold(by=cast.marta, said=SAID)
    found.refresh_from_db()
    assert found.state == "planned"


def test_it_is_written_down_on_its_day_and_not_before(cast, concepts):
    found = planned(concepts, cast.marta, held_on=MONDAY + days(2))
    with pytest.raises(Refused, match="once it was held"):
        found.hold(by=cast.marta, said=SAID)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"said": " "}, "write down what was said"),
        ({"said": SAID, "chosen": "it"}, "why it was chosen"),
        ({"said": SAID, "chosen": "foreign", "why": "Best."}, "Only what was shown"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(more, sentence, cast, piece, concepts):
    found = planned(concepts[:1], cast.marta)
    choice = {"it": concepts[0], "foreign": concepts[1]}.get(more.get("chosen"))
    with pytest.raises(Refused, match=sentence):
        found.hold(by=cast.marta, **{**more, "chosen": choice})


def test_a_contact_of_another_client_was_not_there(cast, login, concepts, clients):
    found, stranger = planned(concepts, cast.marta), Contact.objects.exclude(client=clients["HRB"]).first()
    with pytest.raises(Refused, match="contacts of this client"):
        found.hold(by=cast.marta, said=SAID, theirs=[stranger])
    words = {"seen": found.version, "said": SAID, "theirs": [stranger.pk]}
    assert login(cast.marta).post(f"{found.get_absolute_url()}hold/", words).status_code == 422


def test_it_is_changed_while_it_is_planned_and_never_after(cast, login, concepts):
    found, browser = planned(concepts, cast.marta), login(cast.marta)
    told = {"seen": found.version, "held_on": MONDAY.isoformat(), "place": "Here", "presenter": cast.tomas.pk}
    told["shown"] = [concepts[1].sheet.pk]
    assert browser.post(f"{found.get_absolute_url()}edit/", told).status_code == 302
    found.refresh_from_db()
    assert (found.place, found.presenter, found.shown) == ("Here", cast.tomas, [concepts[1].sheet.pk])
    found.hold(by=cast.marta, said=SAID)
    with pytest.raises(Conflict):
        found.write(by=cast.marta, seen=found.version, changes={"place": "There"})
    assert browser.get(f"{found.get_absolute_url()}edit/").status_code == 409


def test_it_is_cancelled_with_a_reason(cast, login, concepts):
    found = planned(concepts, cast.marta)
    at = f"{found.get_absolute_url()}move/cancel/"
    assert login(cast.marta).post(at, {"seen": found.version, "reason": ""}).status_code == 422
    assert login(cast.marta).post(at, {"seen": found.version, "reason": "Ill."}).status_code == 302
    found.refresh_from_db()
    assert found.state == "cancelled"


@pytest.mark.parametrize(("name", "may"), [("helena", True), ("omar", True), ("marta", True), ("tomas", True), ("jonas", False),
                                           ("mei", False)])  # fmt: skip
def test_who_presents_to_the_client_is_in_the_table_of_rights(name, may, cast, login, concepts):
    by = getattr(cast, name)
    assert login(by).get(reverse("presentation_new", args=["HRB-26-014"])).status_code == (200 if may else 403)
    if not may:
        with pytest.raises(PermissionDenied):
            planned(concepts, by)


def test_the_page_for_the_room_tells_the_reason_first_and_nothing_of_ours(cast, login, concepts):
    found = planned(concepts, cast.marta)
    DraftVersion.objects.get(pk=concepts[0].sheet.pk)
    page = login(cast.jonas).get(f"{found.get_absolute_url()}show/").content.decode()
    assert page.index(IDEA.split(".")[0]) < page.index("concept-1-art")
    for internal in ("Felix", "Marta", "To be sent", "SHA-256", "cleared"):
        assert internal not in page, internal
    assert concepts[0].title in page and "Hollin" in page


def test_another_groups_people_see_no_presentation(cast, login, concepts):
    found = planned(concepts, cast.marta)
    for name in ("ingrid", "lucia", "felix", "noor", "admin"):
        browser = login(getattr(cast, name))
        for tail in ("", "show/", "edit/", "hold/"):
            assert browser.get(f"{found.get_absolute_url()}{tail}").status_code == 404, (name, tail)
        assert browser.get(reverse("presentations", args=["HRB-26-014"])).status_code == 404
    assert login(cast.mei).get(found.get_absolute_url()).status_code == 200


def test_the_list_of_three_costs_what_one_costs(cast, login, concepts):
    browser, asked, before = login(cast.marta), [], Presentation.objects.filter(campaign__job_number="HRB-26-014").count()
    for count in (1, 2):
        for _each in range(count):
            planned(concepts, cast.marta)
        browser.get(reverse("presentations", args=["HRB-26-014"]))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("presentations", args=["HRB-26-014"])).context["page"]
        assert len(page) == before + (1 if count == 1 else 3)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert Draft.objects.open().exists()
