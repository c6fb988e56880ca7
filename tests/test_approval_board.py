"""The approval board: every open draft by stage and court, with the days it has waited; only what one may see."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign
from clients.models import Contact, SafeLink
from desk.context import places
from tests.drafts import a_cleared_draft, a_draft, a_sent_draft, a_version
from tests.records import days

BOARD = "/approvals/"


@pytest.fixture
def piece(cast):
    return Campaign.objects.get(job_number="HRB-26-014").deliverables.first()


@pytest.fixture
def clara(cast):
    return Contact.objects.get(name="Clara Hollin")


@pytest.fixture
def stages(cast, piece, clara):
    """One draft in each stage, besides those of the demo agency."""
    people = {"maker": cast.felix, "clearer": cast.marta}
    made = {
        "making": a_draft(piece, cast.marta, maker=cast.felix, title="Making"),
        "review": a_draft(piece, cast.marta, maker=cast.felix, title="Review"),
        "cleared": a_cleared_draft(piece, **people),
        "client": a_sent_draft(piece, **people, sender=cast.jonas, contact=clara),
        "changes": a_cleared_draft(piece, **people),
    }
    a_version(made["review"], cast.felix)
    made["changes"].record_no(by=cast.jonas, contact=clara, words="Larger.")
    return made


def shown(browser, query=""):
    answer = browser.get(BOARD + query)
    assert answer.status_code == 200
    return list(answer.context["page"])


def tiles(browser, query=""):
    return {str(it["label"]): it["value"] for it in browser.get(BOARD + query).context["tiles"]}


@pytest.mark.parametrize("stage", ["making", "review", "cleared", "client", "changes"])
def test_each_open_draft_stands_in_one_stage(stage, stages, cast, login):
    found = shown(login(cast.marta), f"?campaign=HRB-26-014&maker=felix&stage={stage}")
    assert stages[stage] in found
    assert not [it for word, it in stages.items() if word != stage and it in found]


def test_the_stages_are_counted_side_by_side_and_what_is_settled_is_gone(stages, cast, login):
    browser, query = login(cast.marta), "?campaign=HRB-26-014"
    before = tiles(browser, query)
    assert sum(value for label, value in before.items() if label != "Late") == len(shown(browser, query))
    assert tiles(browser, f"{query}&stage=client") == before, "asked for one stage, the others are still counted"
    stages["client"].record_agreement(by=cast.jonas, contact=stages["client"].contact)
    stages["making"].drop(by=cast.marta, reason="Nobody needs it.")
    after = tiles(browser, query)
    assert (after["With the client"], after["Being made"]) == (before["With the client"] - 1, before["Being made"] - 1)
    assert not {stages["client"], stages["making"]} & set(shown(browser, query))


def test_a_row_says_with_whom_it_lies_since_when_and_how_the_link_stands(stages, cast, login, monday):
    draft = stages["client"]
    monday.shift(2 * 24 * 3600)
    browser = login(cast.jonas)
    row = next(it for it in shown(browser, "?stage=client") if it == draft)
    assert (row.waited, row.handed_in, row.at_work, row.link.standing[1]) == (2, 1, 0, "Sent")
    page = " ".join(browser.get(f"{BOARD}?stage=client").content.decode().split())
    assert draft.reference in page and "Hollin" in page and "v1" in page
    SafeLink.objects.about(draft.sheet).first().note_opening()
    row = next(it for it in shown(browser, "?stage=client") if it == draft)
    assert row.link.standing[1] == "Opened"


def test_it_can_be_asked_for_client_person_maker_and_what_is_late(stages, cast, login):
    browser, late = login(cast.omar), stages["review"]
    late.due_on = late.created_at.date() - days(3)
    late.keep(by=cast.marta, reason="test")
    assert {it.client.code for it in shown(browser, "?client=HRB")} == {"HRB"}
    assert {it.holder for it in shown(browser, "?person=marta")} == {cast.marta}
    assert {it.maker for it in shown(browser, "?maker=felix")} == {cast.felix}
    assert late in shown(browser, "?late=1") and stages["cleared"] not in shown(browser, "?late=1")
    assert tiles(browser, "?campaign=HRB-26-014")["Late"] == 1
    assert tiles(browser, "?client=HRB&late=1")["To be cleared"] == 1


@pytest.mark.parametrize(
    "query", ["?client=VOL", "?client=XXX", "?person=nobody", "?stage=x", "?campaign=VOL-26-001", "?late=x"]
)
def test_what_cannot_be_asked_finds_nothing_and_is_told(query, stages, cast, login):
    answer = login(cast.jonas).get(BOARD + query)
    assert (answer.status_code, len(answer.context["page"])) == (200, 0)
    assert "cannot be answered" in answer.content.decode()


@pytest.mark.parametrize("query", ["?after=invented", "?order=invented", "?export=exe"])
def test_an_invented_place_or_sequence_is_turned_away(query, cast, login):
    assert login(cast.jonas).get(BOARD + query).status_code == 400


def test_the_file_holds_what_the_page_shows(stages, cast, login):
    browser = login(cast.jonas)
    answer = browser.get(f"{BOARD}?campaign=HRB-26-014&stage=client&export=csv")
    head, *lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert head[:4] == ["Client", "Draft", "Stage", "Version"]
    assert [line[:4] for line in lines] == [["HRB", stages["client"].title, "With the client", "v1"]]
    assert browser.get(f"{BOARD}?export=xlsx").status_code == 200


@pytest.mark.parametrize("sort", ["client", "draft", "job", "stage", "holder", "since", "due", "maker"])
def test_it_sorts_by_its_columns_both_ways(sort, stages, cast, login):
    browser = login(cast.helena)
    whole = {it.pk for it in shown(browser)}
    assert {it.pk for it in shown(browser, f"?order={sort}")} == whole == {it.pk for it in shown(browser, f"?order=-{sort}")}


# ── Only what one may see ───────────────────────────────────────────────────────────────────────
def test_another_groups_drafts_are_in_no_row_no_choice_no_count_and_no_file(stages, cast, login):
    for name in ("ingrid", "lucia", "amina"):
        browser = login(getattr(cast, name))
        assert not set(stages.values()) & set(shown(browser))
        page = browser.get(BOARD).content.decode()
        assert "HRB" not in page and "Hollin" not in page and "Felix" not in page
        before = tiles(browser)
        stages["making"].title = "Kanarienvogel"
        stages["making"].keep(by=cast.marta, reason="test")
        assert tiles(browser) == before
        assert "Kanarienvogel" not in browser.get(f"{BOARD}?export=csv").content.decode()


def test_a_maker_sees_his_own_drafts_and_his_colleague_none(stages, cast, login):
    assert set(stages.values()) <= set(shown(login(cast.felix)))
    assert not set(stages.values()) & set(shown(login(cast.noor)))
    page = login(cast.felix).get(BOARD).content.decode()
    assert page.count(">Approvals<") >= 1
    assert login(cast.admin).get(BOARD).status_code == 403


def test_approvals_stand_in_the_rail_of_those_who_have_some(stages, cast):
    def has_it(person):
        return "approvals" in [place["icon"] for place in places(person, "/")]

    assert all(has_it(getattr(cast, name)) for name in ("helena", "marta", "jonas", "mei", "felix"))
    assert not has_it(cast.ida) and not has_it(cast.admin)
    order = [place["icon"] for place in places(cast.helena, "/")]
    assert order[:6] == ["desk", "clients", "briefs", "campaigns", "schedule", "approvals"]


# ── The desks ───────────────────────────────────────────────────────────────────────────────────
def test_the_desks_tell_what_waits_and_lead_to_the_board(stages, cast, login):
    late = stages["client"]
    late.due_on = late.created_at.date() - days(1)
    late.keep(by=cast.marta, reason="test")
    for name in ("helena", "omar", "marta", "tomas"):
        browser = login(getattr(cast, name))
        told = browser.get("/").context["approvals"]
        for it in told:
            assert len(shown(browser, it["url"].removeprefix("/approvals/"))) >= it["value"], it
        assert [it["value"] for it in told if it["url"] == f"{reverse('approvals')}?stage=client&late=1"] == [1]
    assert "approvals" not in login(cast.jonas).get("/").context
    assert not [it for it in login(cast.ingrid).get("/").context["approvals"] if it["state"] == "late"]


def test_three_rows_cost_what_one_costs(cast, piece, clara, login):
    browser, asked = login(cast.marta), []
    for count in (1, 2):
        for _each in range(count):
            a_sent_draft(piece, maker=cast.felix, clearer=cast.marta, sender=cast.jonas, contact=clara)
        browser.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(browser, "?stage=client")) == (1 if count == 1 else 3)
        asked.append(len(queries))
    assert asked[0] == asked[1]
