"""MGR2: the manager introduces first drafts, inside to superiors and to the client."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from approvals.models import Presentation
from campaigns.models import Campaign
from reminders.models import Notice
from tests.drafts import a_draft, a_version
from tests.records import MONDAY


@pytest.fixture
def raw(cast):
    """A draft that was handed in and that nobody has cleared."""
    piece = Campaign.objects.get(job_number="HRB-26-014").deliverables.first()
    draft = a_draft(piece, cast.marta, maker=cast.felix)
    a_version(draft, cast.felix)
    return draft


def words(draft, by, **more):
    usual = {"kind": "inside", "held_on": MONDAY.isoformat(), "presenter": by.pk, "place": "", "token": uuid4()}
    return {**usual, "shown": [draft.sheet.pk], **more}


def test_the_manager_presents_to_superiors_what_is_not_cleared_yet(cast, login, raw):
    browser, before = login(cast.tomas), Presentation.objects.count()
    assert browser.post(reverse("presentation_new", args=["HRB-26-014"]), words(raw, cast.tomas)).status_code == 302
    assert Presentation.objects.count() == before + 1
    found = Presentation.objects.latest("pk")
    assert browser.get(f"{found.get_absolute_url()}show/").status_code == 200
    told = {"seen": found.version, "ours": [cast.omar.pk, cast.marta.pk], "said": "Omar wants the price larger."}
    assert browser.post(f"{found.get_absolute_url()}hold/", told).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.ours, found.chosen) == ("held", sorted([cast.omar.pk, cast.marta.pk]), None)
    assert Notice.objects.filter(recipient=cast.omar, path=found.get_absolute_url()).count() == 1
    assert "Omar wants the price larger." in browser.get(raw.get_absolute_url()).content.decode()
    raw.refresh_from_db()
    assert raw.state == "review", "presenting clears nothing"


def test_the_manager_drops_no_other_concept_while_it_is_not_his_to_clear(cast, login, raw):
    a_draft(raw.deliverable, cast.marta, maker=cast.felix)
    browser = login(cast.tomas)
    browser.post(reverse("presentation_new", args=["HRB-26-014"]), words(raw, cast.tomas))
    may = cast.tomas.has_perm("approvals.clear_draft", raw)
    there = Presentation.objects.latest("pk").get_absolute_url()
    page = browser.get(f"{there}hold/").content.decode()
    assert ("drop_others" in page) is may


@pytest.mark.parametrize("name", ["helena", "omar", "jonas", "mei"])
def test_inside_is_the_directors_and_the_managers(name, cast, raw):
    by = getattr(cast, name)
    before = Presentation.objects.count()
    told = {"kind": "inside", "held_on": MONDAY, "presenter": cast.tomas, "shown": [raw.sheet]}
    with pytest.raises(PermissionDenied):
        Presentation.plan(raw.campaign, by=by, token=uuid4(), **told)
    assert Presentation.objects.count() == before
