"""The page on which a brief is written (DEP2): what is asked first, rows, marks, and each answer saved as one types."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from briefs.models import Brief, BriefTemplate
from clients.models import Contact
from tests.records import a_brief


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def jonas(cast, login):
    return login(cast.jonas)


def address(brief):
    return f"/briefs/{brief.pk}/edit/"


def send(browser, brief, **fields):
    """One piece, as the page sends it while one types."""
    return browser.post(address(brief), {"seen": brief.version, "save": "auto", **fields})


def now(brief):
    return Brief.objects.get(pk=brief.pk)


def blocks(answer):
    return {part.block.value: part for part in answer.context["sheet"].blocks()}


# What is asked, and in which order


def test_what_the_template_asks_first_stands_open_and_the_rest_is_folded(brief, jonas):
    answer = jonas.get(address(brief))
    found = blocks(answer)
    assert [it.name for it in found["A"].first] == ["product_knowledge"]
    assert len(found["A"].later) == 8
    page = answer.content.decode()
    assert "More to ask (8)" in page
    assert "What is it, and what does it do for whom that nothing else does?" in page


def test_what_is_answered_or_asked_among_the_rest_stands_open_too(brief, cast, jonas):
    brief.write(by=cast.jonas, seen=brief.version, changes={"price": "3.90"}, marks={"strengths": {"mark": "unknown"}})
    found = blocks(jonas.get(address(brief)))
    assert [it.name for it in found["A"].first] == ["product_knowledge", "price", "strengths"]
    assert len(found["A"].later) == 6


def test_the_template_asks_in_its_own_words_too(cast, clients, jonas):
    template = BriefTemplate.objects.get(key="launch")
    brief = a_brief(clients["HRB"], cast.jonas, template=template)
    assert "What would a week&#x27;s delay cost, and who would notice?" in jonas.get(address(brief)).content.decode()


def test_without_a_template_what_weighs_most_is_asked_first(cast, clients, jonas):
    brief = a_brief(clients["HRB"], cast.jonas, template=None)
    first = {it.name for part in blocks(jonas.get(address(brief))).values() for it in part.first}
    assert first == {
        "product_knowledge", "market_situation", "competitors", "budget_amount", "budget_notes", "objectives", "market_plan",
        "audience", "message",
    }  # fmt: skip


def test_what_is_missing_leads_to_its_place(cast, clients, jonas):
    brief = a_brief(clients["HRB"], cast.jonas, market_plan="")
    page = jonas.get(address(brief)).content.decode()
    assert '<a href="#ask-market_plan">Market plan</a>' in page
    assert 'id="ask-market_plan"' in page


# Rows


def competitor(number, name="", spend="", does=""):
    return {f"competitors-{number}-{cell}": text for cell, text in (("name", name), ("spend", spend), ("does", does))}


def test_rows_are_kept_without_the_empty_ones_and_two_more_are_offered(brief, jonas):
    typed = {**competitor(0, "Finn", "120000"), **competitor(1), **competitor(2, "Wasa", does="Price")}
    jonas.post(address(brief), {"seen": brief.version, **typed})
    assert now(brief).competitors == [
        {"name": "Finn", "spend": "120000.00", "does": ""}, {"name": "Wasa", "spend": "", "does": "Price"},
    ]  # fmt: skip
    page = jonas.get(address(brief)).content.decode()
    assert 'name="competitors-3-name"' in page
    assert 'name="competitors-4-name"' not in page


def test_a_wrong_row_is_told_beside_it_and_every_row_is_kept_as_typed(brief, jonas):
    typed = {**competitor(0, "Finn", "much"), **competitor(1, "Wasa", "-4"), **competitor(2, "", "500")}
    answer = jonas.post(address(brief), {"seen": brief.version, "title": brief.title, **typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    for text in ('value="much"', 'value="-4"', 'value="Wasa"', 'id="competitors-1-faults"', 'id="competitors-3-faults"'):
        assert text in page
    assert "Competitor is missing." in page
    assert now(brief).competitors == []


def test_a_target_before_its_baseline_is_refused_with_a_sentence(brief, jonas):
    row = {"metric": "Packs", "baseline_on": "2026-10-01", "target": "40,000", "target_on": "2026-09-30"}
    typed = {f"objectives-0-{cell}": text for cell, text in row.items()}
    answer = send(jonas, brief, **typed)
    assert answer.status_code == 422
    assert answer.json()["wrong"]["objectives"] == ["Row 1: “Reached by” lies before “Measured on”."]


def test_hostile_rows_are_refused_or_ignored(brief, jonas):
    many = {f"deliverables-{n}-what": f"Poster {n}" for n in range(31)}
    assert send(jonas, brief, **many).json()["wrong"] == {"deliverables": ["At most 30 rows."]}
    answer = send(jonas, brief, **{"deliverables-x-what": "A", "deliverables-0-price": "B", "deliverables": "C"})
    assert answer.status_code == 200
    assert now(brief).deliverables == []


def test_two_people_in_the_same_rows_get_both_texts_without_script(brief, cast, login):
    for name in ("marta", "jonas"):
        answer = login(getattr(cast, name)).post(address(brief), {"seen": brief.version, **competitor(0, name)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Competitor: marta" in page
    assert "Competitor: jonas" in page


# How sure, and who said it


def test_a_guess_is_kept_with_its_source_and_day(brief, jonas):
    send(jonas, brief, price="3.90", **{"mark-price": "guess", "source-price": "Paul Reyes", "on-price": "2026-11-16"})
    assert now(brief).marks == {"price": {"mark": "guess", "source": "Paul Reyes", "on": "2026-11-16"}}
    page = jonas.get(address(brief)).content.decode()
    assert "Our guess · said by Paul Reyes · Mon 16 Nov" in page


def test_what_is_known_needs_no_mark(brief, jonas):
    send(jonas, brief, price="3.90", **{"mark-price": "", "source-price": "", "on-price": ""})
    assert now(brief).marks == {}
    send(jonas, now(brief), price="3.90", **{"mark-price": "", "source-price": "Paul Reyes", "on-price": ""})
    assert now(brief).marks == {"price": {"mark": "known", "source": "Paul Reyes"}}


def test_accepted_as_unknown_with_an_answer_is_refused(brief, jonas):
    answer = send(jonas, brief, price="3.90", **{"mark-price": "unknown"})
    assert answer.status_code == 422
    assert "There is an answer" in answer.json()["wrong"]["price"][0]
    assert now(brief).price == ""


def test_an_answer_ends_that_it_was_accepted_as_unknown(brief, jonas):
    send(jonas, brief, price="", **{"mark-price": "unknown"})
    assert now(brief).mark_of("price") == "unknown"
    send(jonas, now(brief), price="3.90")
    assert (now(brief).price, now(brief).marks) == ("3.90", {})


@pytest.mark.parametrize(
    "mark",
    [{"mark-price": "sworn"}, {"on-price": "2026-11-24"}, {"on-price": "soon"}, {"source-price": "x" * 201}],
)
def test_a_mark_that_makes_no_sense_is_told_beside_its_question(mark, brief, jonas):
    answer = send(jonas, brief, price="3.90", **{"mark-price": "guess", **mark})
    assert answer.status_code == 422
    assert list(answer.json()["wrong"]) == ["price"]


def test_a_mark_that_the_page_merely_showed_takes_nothing_back(brief, cast, jonas):
    brief.write(by=cast.marta, seen=brief.version, changes={"price": "3.90"}, marks={"price": {"mark": "guess"}})
    shown = {"seasons": "Autumn", "mark-seasons": "", "price": "", "mark-price": ""}
    assert jonas.post(address(brief), {"seen": brief.version - 1, "save": "auto", **shown}).status_code == 200
    assert (now(brief).seasons, now(brief).price, now(brief).mark_of("price")) == ("Autumn", "3.90", "guess")


# Figures and days


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({"budget_amount": "5000", "budget_to": "4000"}, "budget_amount", "A range goes from the smaller to the larger sum."),
        ({"budget_amount": "", "budget_to": "4000"}, "budget_amount", "A range goes from the smaller to the larger sum."),
        ({"budget_from": "2027-03-01", "budget_until": "2027-02-28"}, "budget_from", "The period ends before it begins."),
        ({"launch_on": "2026-11-22"}, "launch_on", "The launch cannot be before today."),
        ({"budget_amount": "5000", "currency": "euro"}, "budget_amount", None),
        ({"budget_amount": "999999999999"}, "budget_amount", None),
        ({"budget_amount": "-1"}, "budget_amount", None),
    ],
)
def test_a_figure_or_a_day_that_cannot_be_is_refused_with_a_sentence(fields, where, why, brief, jonas):
    answer = send(jonas, brief, **fields)
    assert answer.status_code == 422
    assert list(answer.json()["wrong"]) == [where]
    assert why is None or answer.json()["wrong"][where] == [why]
    assert now(brief).version == brief.version


def test_only_the_clients_own_present_people_approve(brief, cast, clients, jonas):
    own, other = Contact.objects.filter(client=clients["HRB"]).first(), Contact.objects.exclude(client=clients["HRB"]).first()
    assert send(jonas, brief, work_approver=other.pk).json()["wrong"] == {
        "work_approver": ["Choose one of this client's own contacts."]
    }
    assert send(jonas, brief, work_approver=own.pk).status_code == 200
    own.retire(by=cast.jonas, reason="Left")
    assert send(jonas, now(brief), work_approver=own.pk).status_code == 200  # who stands there already may stay
    assert send(jonas, now(brief), budget_approver=own.pk).status_code == 422


def test_a_launch_day_that_has_passed_by_now_does_not_stop_the_others(cast, clients, jonas):
    brief = a_brief(clients["HRB"], cast.jonas, launch_on=clock.today() - timedelta(days=3))
    assert send(jonas, brief, launch_on="2026-11-20", price="3.90").status_code == 200


# Saved as one types


def test_one_answer_is_saved_and_the_rest_stays(brief, jonas):
    answer = send(jonas, brief, message="Thin, and full of rye.", **{"mark-message": ""})
    assert answer.status_code == 200
    assert answer["Cache-Control"].count("no-store") == 1
    kept, said = now(brief), answer.json()
    assert (kept.message, kept.market_plan, kept.budget_amount) == (
        "Thin, and full of rye.", brief.market_plan, Decimal("60000.00"),
    )  # fmt: skip
    assert said["seen"] == kept.version == brief.version + 1
    assert said["told"].startswith("Saved ")
    assert "90 %" in said["parts"]["asking"]
    assert "100 %" in said["parts"]["block-E"]
    assert "known" in said["states"]["message"]
    assert said["news"] == []


def test_a_box_that_was_unticked_is_saved(brief, jonas):
    send(jonas, brief, launch_on="2027-03-01", launch_is_fixed="on")
    assert now(brief).launch_is_fixed
    send(jonas, now(brief), launch_on="2027-03-01")
    assert not now(brief).launch_is_fixed


def test_different_answers_of_two_people_are_both_kept_and_each_hears_of_the_other(brief, cast, jonas, login):
    send(login(cast.marta), brief, price="3.90")
    said = send(jonas, brief, seasons="Autumn").json()
    assert (now(brief).price, now(brief).seasons) == ("3.90", "Autumn")
    assert [it["name"] for it in said["news"]] == ["price"]
    assert "Marta Kowalska has changed this answer." in said["news"][0]["html"]
    assert "3.90" in said["news"][0]["html"]


def test_the_same_answer_of_two_people_is_shown_to_the_second_and_nothing_is_lost(brief, cast, jonas, login):
    send(login(cast.marta), brief, message="Marta was first")
    answer = send(jonas, brief, message="Jonas came second", price="3.90")
    said = answer.json()
    assert answer.status_code == 409
    assert list(said["both"]) == ["message"]
    assert "Marta was first" in said["both"]["message"]["shown"]
    assert now(brief).message == "Marta was first"
    assert now(brief).price == ""
    again = jonas.post(address(brief), {"seen": said["seen"], "save": "auto", "message": "Jonas came second"})
    assert again.status_code == 200
    assert now(brief).message == "Jonas came second"


def test_two_windows_of_one_person_are_two_writers_as_well(brief, jonas):
    send(jonas, brief, price="3.90")
    assert [it["name"] for it in send(jonas, brief, seasons="Autumn").json()["news"]] == ["price"]


def test_a_brief_that_was_submitted_meanwhile_takes_no_more_and_says_so(brief, cast, jonas):
    brief.submit(by=cast.marta)
    answer = send(jonas, brief, price="3.90")
    assert answer.status_code == 409
    assert "Awaiting acceptance" in answer.json()["refused"]


@pytest.mark.parametrize("seen", ["", "0", "x", "99999999999999999999999", "4000"])
def test_a_version_that_makes_no_sense_keeps_nothing(seen, brief, jonas):
    answer = jonas.post(address(brief), {"seen": seen, "save": "auto", "price": "3.90"})
    assert answer.status_code in {409, 422}
    assert now(brief).price == ""


def test_who_may_not_write_saves_nothing_piece_by_piece(brief, cast, login):
    assert send(login(cast.amina), brief, price="3.90").status_code == 404
    assert now(brief).price == ""


def test_what_is_saved_piece_by_piece_is_one_line_of_the_trail(brief, jonas):
    for text in ("A", "An", "Aniseed"):
        send(jonas, now(brief), price=text)
    assert brief.events().filter(verb="revised").count() == 1
    assert brief.history.count() == 4


def test_a_lost_session_leads_to_the_words_that_were_kept(brief, cast, login):
    browser = login(cast.jonas)
    browser.get(address(brief))
    browser.cookies.pop("sessionid", None) or browser.logout()
    answer = send(browser, brief, price="3.90")
    assert "json" not in answer.get("Content-Type", "")
    assert answer.status_code in {302, 401}


def test_the_page_and_each_piece_cost_a_bounded_number_of_queries(brief, cast, jonas):
    jonas.get(address(brief))
    with CaptureQueriesContext(connection) as page:
        jonas.get(address(brief))
    full = {name: f"Words for {name}" for name in ("price", "seasons", "consumers", "channels", "support", "measure")}
    brief.write(by=cast.jonas, seen=brief.version, changes=full)
    with CaptureQueriesContext(connection) as fuller:
        jonas.get(address(brief))
    with CaptureQueriesContext(connection) as piece:
        assert send(jonas, now(brief), price="4.20", **{"mark-price": ""}).status_code == 200
    assert len(fuller) == len(page) < 40
    assert len(piece) < 25
