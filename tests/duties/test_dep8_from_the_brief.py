"""DEP8: what the accepted brief says the client asked, forbade or fixed stands in the ledger, line by line."""

from datetime import date

import pytest

from clients.models import Requirement
from tests.records import a_brief

WORDS = {
    "mandatories": "- The crest, top left\nNo metallic ink\n\nOpening hours of every branch",
    "legal_lines": "Contains gluten.",
    "launch_on": date(2027, 3, 1),
    "launch_is_fixed": True,
}


def accept(brief, by):
    if hasattr(brief, "accept_without_playback"):
        return brief.accept_without_playback(by=by, reason="By telephone.")
    return brief.accept(by=by)


@pytest.fixture
def brief(cast, clients):
    made = a_brief(clients["HRB"], cast.jonas, **WORDS)
    made.marks = {"legal_lines": {"mark": "known", "source": "Clara Hollin, by telephone", "on": "2026-11-20"}}
    made.keep(by=cast.jonas)
    made.submit(by=cast.jonas)
    return made


def told(brief):
    born = Requirement.objects.from_source(brief).order_by("pk")
    return [(it.kind, it.text, it.state, it.gone_since is not None) for it in born]


def test_nothing_is_required_before_the_brief_is_accepted(brief):
    assert told(brief) == []


def test_accepting_writes_a_line_for_each_mandatory_legal_line_and_fixed_day(brief, cast):
    accept(brief, cast.marta)
    assert told(brief) == [
        ("must", "The crest, top left", "open", False),
        ("must_not", "No metallic ink", "open", False),
        ("must", "Opening hours of every branch", "open", False),
        ("must", "Contains gluten.", "open", False),
        ("date", "Launch date: 2027-03-01", "open", False),
    ]
    legal = Requirement.objects.from_source(brief).get(text="Contains gluten.")
    assert (legal.said, legal.said_on, legal.client_id) == ("Clara Hollin, by telephone", date(2026, 11, 20), brief.client_id)
    assert Requirement.objects.from_source(brief).get(key="launch_on").on == date(2027, 3, 1)


def test_a_new_edition_adds_its_lines_and_marks_those_it_no_longer_says(brief, cast):
    accept(brief, cast.marta)
    brief.reopen(by=cast.jonas, reason="The date is open again.")
    changes = {"mandatories": "Opening  hours of every branch\nA telephone number", "launch_is_fixed": False}
    brief.write(by=cast.jonas, seen=brief.version, changes=changes)
    assert not any(gone for *_rest, gone in told(brief))
    brief.submit(by=cast.jonas)
    accept(brief, cast.marta)
    assert told(brief) == [
        ("must", "The crest, top left", "open", True),
        ("must_not", "No metallic ink", "open", True),
        ("must", "Opening hours of every branch", "open", False),
        ("must", "Contains gluten.", "open", False),
        ("date", "Launch date: 2027-03-01", "open", True),
        ("must", "A telephone number", "open", False),
    ]


def test_an_acceptance_taken_back_takes_its_lines_out_of_the_source(brief, cast):
    accept(brief, cast.marta)
    last = brief.last_event().verb
    getattr(brief, f"undo_{last}")(by=cast.marta)
    assert {gone for *_rest, gone in told(brief)} == {True}
    accept(brief, cast.marta)
    assert {gone for *_rest, gone in told(brief)} == {False}


def test_the_ledger_of_the_client_and_the_page_of_the_brief_show_them(brief, cast, login):
    accept(brief, cast.marta)
    browser = login(cast.jonas)
    assert "No metallic ink" in browser.get("/clients/HRB/ledger/").text
    assert "No metallic ink" in browser.get(brief.get_absolute_url()).text
    assert login(cast.amina).get("/clients/HRB/ledger/").status_code == 404
