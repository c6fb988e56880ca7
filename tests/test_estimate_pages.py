"""Writing the estimate and change orders on their pages, sending them, and what the client answers there (DIR2, DEP8)."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Actual, ChangeOrder, EstimateLine, Plan
from clients.links import SafeLink
from clients.models import Confirmation
from clients.tokens import token_of
from tests.records import MONDAY, a_change_order, a_confirmed_plan, a_plan, an_accepted_brief, an_estimate_line

LINE = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "quantity": "2", "unit": "run", "tax": "20",
        "unit_price": "100.00", "markup": "8", "payer": "us"}  # fmt: skip
PRICES = {name: LINE[name] for name in ("kind", "name", "quantity", "unit", "tax", "unit_price")}
PIECE = {
    "letter": "A",
    "what": "Poster",
    "medium": "outdoor",
    "size": "",
    "rounds": "1",
    "deadline": "2026-12-12",
    "appears": "",
}
PRINT = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("20000.00")}


@pytest.fixture
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


@pytest.fixture
def plan(cast, brief):
    return a_plan(brief, cast.marta)


@pytest.fixture
def agreed(cast, brief):
    return a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=[PRINT], deliverables=[PIECE])


def at(plan, name, *more):
    return reverse(name, args=[plan.campaign.job_number, *more])


def sent(fields, **more):
    return {**fields, "token": str(uuid4()), **more}


def fresh(record):
    return type(record).objects.get(pk=record.pk)


# Lines


def test_the_director_writes_a_line_and_reads_cost_and_price(cast, plan, login):
    browser = login(cast.marta)
    answer = browser.post(at(plan, "estimate_line_new"), sent(LINE))
    assert answer.status_code == 302 and answer.url == plan.estimate_url
    page = browser.get(plan.estimate_url).text
    assert "Dorrit Print" in page and "216.00" in page and "What the client reads" in page
    assert browser.get(at(plan, "estimate_line_new")).text.count("Mark-up in %") == 1


def test_a_form_sent_twice_writes_one_line(cast, plan, login):
    browser, once = login(cast.marta), sent(LINE)
    for _time in range(2):
        assert browser.post(at(plan, "estimate_line_new"), once).status_code == 302
    assert plan.lines.count() == 2


def test_without_a_mark_up_the_terms_hold_for_what_bears_one(cast, plan, login):
    browser = login(cast.marta)
    browser.post(at(plan, "estimate_line_new"), sent({**LINE, "markup": ""}))
    browser.post(at(plan, "estimate_line_new"), sent({**LINE, "kind": "fee", "supplier": "", "markup": ""}))
    assert [it.markup for it in plan.lines.order_by("number")][1:] == [8, 0]


@pytest.mark.parametrize("wrong", [
    {"unit_price": "-1"}, {"unit_price": "1000000000.00"}, {"unit_price": "many"}, {"unit_price": ""}, {"unit_price": "NaN"},
    {"quantity": "0"}, {"quantity": "99999999"}, {"markup": "101"}, {"markup": "-1"}, {"tax": "100.01"}, {"name": ""},
    {"name": "x" * 161}, {"kind": "bribe"}, {"payer": "nobody"}, {"supplier": "s" * 121},
    {"kind": "fee", "supplier": ""}, {"payer": "client"}, {"quantity": "9999999", "unit_price": "999999999"},
    {"token": "x"}, {"token": ""},
])  # fmt: skip
def test_what_cannot_be_meant_comes_back_with_everything_typed(wrong, cast, plan, login):
    answer = login(cast.marta).post(at(plan, "estimate_line_new"), {**sent(LINE), **wrong})
    assert answer.status_code == 422 and plan.lines.count() == 1
    assert "run" in answer.text


def test_a_manager_of_a_larger_client_is_asked_for_prices_alone(cast, plan, login):
    browser = login(cast.tomas)
    page = browser.get(at(plan, "estimate_line_new")).text
    assert "Mark-up" not in page and 'name="supplier"' not in page and 'name="payer"' not in page
    assert browser.post(at(plan, "estimate_line_new"), sent(PRICES, markup="50", supplier="X")).status_code == 302
    line = plan.lines.get(name="Printing")
    assert (line.markup, line.supplier, line.created_by) == (0, "", cast.tomas)
    hidden = an_estimate_line(plan, cast.marta, **{**PRINT, "markup": Decimal(8)})
    answer = browser.get(reverse("estimate_line", args=[hidden.pk]))
    assert answer.status_code in {409, 422, 403} and "ask the account director" in answer.text


def test_a_line_is_changed_and_struck_out(cast, plan, login):
    browser, line = login(cast.marta), an_estimate_line(plan, cast.marta, **PRINT)
    here = reverse("estimate_line", args=[line.pk])
    browser.post(here, {**LINE, "seen": line.version, "unit_price": "90.00"})
    assert fresh(line).unit_price == 90
    browser.post(reverse("estimate_line_drop", args=[line.pk]), {"seen": fresh(line).version})
    assert fresh(line).dropped and browser.get(here).status_code == 404


def test_a_stale_line_shows_both_and_loses_nothing(cast, plan, login):
    line = an_estimate_line(plan, cast.marta, **PRINT)
    line.write(by=cast.omar, seen=line.version, changes={"name": "Omar's printing"})
    answer = login(cast.marta).post(reverse("estimate_line", args=[line.pk]), {**LINE, "seen": 1, "name": "Marta's printing"})
    assert answer.status_code == 409 and "Marta&#x27;s printing" in answer.text and "Omar&#x27;s printing" in answer.text


def test_a_locked_estimate_is_not_written(cast, plan, login):
    plan.submit(by=cast.marta)
    browser = login(cast.marta)
    assert browser.post(at(plan, "estimate_line_new"), sent(LINE)).status_code == 409
    assert "Add a line" not in browser.get(plan.estimate_url).text


@pytest.mark.parametrize("name", ["jonas", "mei", "lucia", "ingrid", "felix", "admin"])
def test_others_write_no_line(name, cast, plan, login):
    browser = login(getattr(cast, name))
    assert browser.post(at(plan, "estimate_line_new"), sent(LINE)).status_code in {403, 404}
    line = plan.estimate[0]
    assert browser.post(reverse("estimate_line", args=[line.pk]), {**LINE, "seen": 1}).status_code in {403, 404}
    assert browser.post(reverse("estimate_line_drop", args=[line.pk]), {"seen": 1}).status_code in {403, 404}
    assert EstimateLine.objects.filter(plan=plan, dropped=False, name="Idea and layouts").exists()


def test_three_lines_ask_no_more_than_one(cast, plan, login):
    browser, asked, here = login(cast.marta), [], plan.estimate_url
    browser.get(here)
    for more in (0, 2):
        for number in range(more):
            an_estimate_line(plan, cast.marta, **{**PRINT, "name": f"Printing {number}"})
        with CaptureQueriesContext(connection) as queries:
            browser.get(here)
        asked.append(len(queries))
    assert asked[0] == asked[1]


# To the client and back


@pytest.fixture
def inside(cast, plan):
    plan.submit(by=cast.marta)
    return plan.agree(by=cast.omar)


def test_the_director_sends_the_plan_and_the_client_agrees_it_on_its_page(cast, inside, login, client):
    browser = login(cast.marta)
    clara = inside.confirmers.get()
    assert browser.post(at(inside, "plan_send"), {"seen": inside.version, "contact": clara.pk}).status_code == 302
    there = reverse("client_page", args=[f"{token_of(SafeLink.objects.about(inside.sheet).get().seed)}/"])
    page = client.get(there)
    assert page.status_code == 200 and "12,000.00" in page.text and fresh(inside).state == "client"  # opening decides nothing
    told = {"answer": "confirmed", "words": "", "name": "Clara Hollin", "role": "Marketing Director", "token": str(uuid4())}
    assert client.post(there, told).status_code == 302
    assert fresh(inside).state == "confirmed"
    assert client.get(there).status_code == 404
    assert "Clara Hollin, Marketing Director" in browser.get(inside.get_absolute_url()).text


def test_the_client_asks_for_changes_and_says_which(cast, inside, client):
    inside.send(by=cast.marta, contact=inside.confirmers.get())
    there = reverse("client_page", args=[f"{token_of(SafeLink.objects.about(inside.sheet).get().seed)}/"])
    told = {"answer": "changes", "words": "", "name": "Clara", "role": "Director", "token": str(uuid4())}
    assert client.post(there, told).status_code == 422
    assert client.post(there, {**told, "words": "Cheaper, please."}).status_code == 302
    assert (fresh(inside).state, fresh(inside).remarks) == ("returned", "Cheaper, please.")


def test_the_link_of_a_plan_opened_again_is_dead(cast, inside, client):
    inside.send(by=cast.marta, contact=inside.confirmers.get())
    there = reverse("client_page", args=[f"{token_of(SafeLink.objects.about(inside.sheet).get().seed)}/"])
    inside.reopen(by=cast.marta, reason="A wrong date.")
    told = {"answer": "confirmed", "words": "", "name": "Clara", "role": "Director", "token": str(uuid4())}
    assert client.get(there).status_code == 404 and client.post(there, told).status_code == 404
    assert fresh(inside).state == "reopened"


def test_what_was_said_at_a_table_is_recorded_with_its_proof_once(cast, inside, login):
    told = sent({"seen": inside.version, "contact": inside.confirmers.get().pk, "how": "meeting", "on": MONDAY.isoformat(),
                 "answer": "confirmed", "words": "Go ahead."})  # fmt: skip
    for _time in range(2):
        assert login(cast.marta).post(at(inside, "plan_record"), told).status_code in {302, 409}
    assert fresh(inside).state == "confirmed" and Confirmation.objects.about(inside.sheet).count() == 1


@pytest.mark.parametrize("wrong", [
    {"contact": ""}, {"contact": "99999"}, {"answer": "perhaps"}, {"words": ""}, {"on": "2027-01-01"}, {"on": "2026-01-01"},
    {"how": "link"}, {"token": "x"},
])  # fmt: skip
def test_a_record_without_who_what_when_or_proof_comes_back(wrong, cast, inside, login):
    told = sent({"seen": inside.version, "contact": inside.confirmers.get().pk, "how": "meeting", "on": MONDAY.isoformat(),
                 "answer": "confirmed", "words": "Go ahead.", **wrong})  # fmt: skip
    answer = login(cast.marta).post(at(inside, "plan_record"), {**told, **wrong})
    assert answer.status_code == 422 and fresh(inside).state == "agreed"


# The plan itself


def written(plan, **more):
    return {"seen": plan.version, "objectives": plan.objectives, "strategy": plan.strategy, "budget": "60000", **more}


ROW = {"deliverables-0-letter": "a", "deliverables-0-what": "Poster", "deliverables-0-medium": "outdoor",
       "deliverables-0-deadline": "2026-12-20"}  # fmt: skip


def test_the_sections_and_tables_of_a_plan_are_kept(cast, plan, login):
    more = {**ROW, "audience": "Dog walkers.", "media_mix-0-medium": "Outdoor", "media_mix-0-share": "94", "labour": "500",
            "targets-0-metric": "Loaves", "targets-0-target": "9,000", "targets-0-until": "2026-12-24"}  # fmt: skip
    assert login(cast.marta).post(at(plan, "plan_edit"), written(plan, **more)).status_code == 302
    plan = fresh(plan)
    assert (plan.audience, plan.deliverables[0]["letter"], plan.media_mix[0]["share"], plan.labour) == (
        "Dog walkers.", "A", "94", 500
    )  # fmt: skip
    page = login(cast.marta).get(plan.get_absolute_url()).text
    assert "Dog walkers." in page and "Loaves" in page


@pytest.mark.parametrize("wrong", [
    {**ROW, "deliverables-0-deadline": ""}, {**ROW, "deliverables-0-letter": "ABC"},
    {**ROW, **{key.replace("-0-", "-1-"): value for key, value in ROW.items()}},
    {"media_mix-0-medium": "TV", "media_mix-0-share": "101"},
    {"media_mix-0-medium": "TV", "media_mix-0-share": "60", "media_mix-1-medium": "Print", "media_mix-1-share": "41"},
    {**ROW, "deliverables-0-appears": "2026-12-01"},
    {"budget": "-1"}, {"budget": "1000000000"}, {"contingency": "-0.01"}, {"labour": "x"},
    {"risks": "x" * 8001}, {"targets-0-metric": "Loaves"},
])  # fmt: skip
def test_a_plan_that_cannot_be_meant_comes_back_with_everything_typed(wrong, cast, plan, login):
    answer = login(cast.marta).post(at(plan, "plan_edit"), written(plan, proposition="Only here.", **wrong))
    assert answer.status_code == 422 and "Only here." in answer.text
    assert fresh(plan).proposition == ""


def test_who_does_not_see_the_margin_blanks_no_labour(cast, plan, login):
    Plan.objects.filter(pk=plan.pk).update(labour=Decimal(700))
    browser = login(cast.tomas)
    assert 'name="labour"' not in browser.get(at(plan, "plan_edit")).text
    browser.post(at(plan, "plan_edit"), written(plan, objectives="Other.", labour="0"))
    assert (fresh(plan).labour, fresh(plan).objectives) == (700, "Other.")


def test_a_section_is_marked_on_the_sheet_by_those_who_write(cast, plan, login):
    marked = {"section": "strategy", "standing": "discussed"}
    assert login(cast.jonas).post(at(plan, "plan_mark"), marked).status_code == 403
    assert login(cast.marta).post(at(plan, "plan_mark"), marked).status_code == 302
    assert "Discussed with the client" in login(cast.jonas).get(plan.get_absolute_url()).text
    assert login(cast.marta).post(at(plan, "plan_mark"), {**marked, "standing": "sure"}).status_code in {409, 422}


def test_under_the_floor_is_seen_before_it_is_agreed_by_those_who_see_the_margin(cast, plan, login):
    plan.write(by=cast.marta, seen=plan.version, changes={"labour": Decimal(11000)})
    plan.submit(by=cast.marta)
    assert "lies under the floor" in login(cast.omar).get(plan.get_absolute_url()).text
    assert "lies under the floor" not in login(cast.jonas).get(plan.get_absolute_url()).text
    press = {"seen": plan.version, "reason": ""}
    assert login(cast.omar).post(at(plan, "plan_move", "agree"), press).status_code == 422
    login(cast.omar).post(at(plan, "plan_move", "agree_all_the_same"), {**press, "reason": "For the window displays."})
    assert fresh(plan).state == "agreed"


def test_two_editions_stand_side_by_side_with_what_differs_marked(cast, agreed, login):
    agreed.reopen(by=cast.marta, reason="One more line.")
    an_estimate_line(agreed, cast.marta, name="Window strip", unit_price=Decimal(900))
    agreed.write(by=cast.marta, seen=agreed.version, changes={"risks": "Rain."})
    page = login(cast.jonas).get(at(agreed, "plan_compare")).text
    assert "Window strip" in page and "Rain." in page and page.count("changed") >= 2
    assert login(cast.jonas).get(at(agreed, "plan_compare") + "?a=7").status_code == 404
    assert "P1" in login(cast.jonas).get(at(agreed, "plan_editions")).text


# Change orders


ORDER = {"cause": "outside", "deliverable": "", "title": "A film for the web", "text": "Ten seconds.", "days": "2"}


def test_a_change_order_is_written_costed_sent_and_agreed(cast, agreed, login, client):
    browser = login(cast.marta)
    answer = browser.post(at(agreed, "change_order_new"), sent(ORDER))
    order = ChangeOrder.objects.get(campaign=agreed.campaign)
    assert answer.url == order.get_absolute_url()
    assert browser.get(reverse("change_order_send", args=[order.pk])).status_code == 200
    browser.post(reverse("change_order_line", args=[order.pk]), sent({**LINE, "tax": "0"}))
    told = {"seen": fresh(order).version, "contact": order.confirmers.first().pk}
    assert browser.post(reverse("change_order_send", args=[order.pk]), told).status_code == 302
    there = reverse("client_page", args=[f"{token_of(SafeLink.objects.about(order).get().seed)}/"])
    assert "216.00" in client.get(there).text and "200.00" not in client.get(there).text
    said = {"answer": "confirmed", "words": "", "name": "Clara", "role": "Director", "token": str(uuid4())}
    assert client.post(there, said).status_code == 302
    assert fresh(order).state == "confirmed"
    assert agreed.campaign.budget_lines.filter(source__order=order).count() == 1


def test_without_a_line_a_change_order_is_not_sent(cast, agreed, login):
    browser = login(cast.marta)
    browser.post(at(agreed, "change_order_new"), sent(ORDER))
    order = ChangeOrder.objects.get(campaign=agreed.campaign)
    answer = browser.post(reverse("change_order_send", args=[order.pk]), {"seen": 1, "contact": order.confirmers.first().pk})
    assert answer.status_code == 422 and "write at least one line" in answer.text


def test_the_round_after_the_last_is_offered_as_a_change_order_with_what_is_known(cast, agreed, login):
    browser, piece = login(cast.marta), agreed.campaign.deliverables.get()
    begin = reverse("deliverable_move", args=[piece.pk, "begin_round"])
    assert browser.post(begin, {"seen": piece.version}).status_code == 302
    page = browser.get(agreed.get_absolute_url()).text
    assert "Offer a change order" in page and "1 of 1 used" in page
    assert browser.post(begin, {"seen": fresh(piece).version}).status_code == 422
    form = browser.get(at(agreed, "change_order_new") + "?cause=round&deliverable=A").text
    assert "Round 2 of amends: Poster" in form
    assert browser.get(at(agreed, "change_order_new") + "?cause=round&deliverable=%22&line=9999999999999").status_code == 200


def test_a_full_line_offers_a_change_order_and_takes_a_reason(cast, agreed, login):
    browser, line = login(cast.marta), agreed.campaign.budget_lines.get(name="Printing")
    told = sent({"line": line.pk, "on": MONDAY.isoformat(), "amount": "20000.01", "supplier": "D", "document": "7"})
    answer = browser.post(at(agreed, "entry_new", "invoice"), told)
    assert answer.status_code == 422 and f"cause=over&amp;line={line.pk}" in answer.text and "20000.01" in answer.text
    assert browser.post(at(agreed, "entry_new", "invoice"), {**told, "over_because": "A proof."}).status_code == 302
    assert Actual.objects.get(line=line).over_because == "A proof."


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"text": ""}, {"cause": "mood"}, {"cause": "round"}, {"deliverable": "99999"}, {"days": "-1"},
    {"days": "99999"}, {"title": "x" * 121}, {"token": "x"},
])  # fmt: skip
def test_a_change_order_that_cannot_be_meant_comes_back(wrong, cast, agreed, login):
    answer = login(cast.marta).post(at(agreed, "change_order_new"), {**sent(ORDER), **wrong})
    assert answer.status_code == 422 and not ChangeOrder.objects.filter(campaign=agreed.campaign).exists()


@pytest.mark.parametrize("name", ["lucia", "ingrid", "felix", "admin", "ida"])
def test_strangers_find_no_change_order(name, cast, agreed, login):
    order, browser = a_change_order(agreed.campaign, cast.marta), login(getattr(cast, name))
    for door in ("", "_pdf", "_edit", "_line", "_send", "_record"):
        assert browser.get(reverse(f"change_order{door}", args=[order.pk])).status_code == 404
    assert (
        browser.post(reverse("change_order_move", args=[order.pk, "withdraw"]), {"seen": 1, "reason": "x"}).status_code == 404
    )
