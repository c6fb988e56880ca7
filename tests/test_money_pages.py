"""The money pages: nothing of cost and margin reaches whoever does not hold see_margin, nothing impossible is booked, and no
page asks the database more because there is more on it."""

from decimal import Decimal
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.models import Actual, Campaign, Commitment
from campaigns.models.spending import OverLine
from clients.models.attachment import attachments_of
from reminders.models import Notice
from tests.queries import beside_the_bell
from tests.records import MONDAY, a_confirmed_plan, a_file, an_accepted_brief, days

# What must not be known: our cost, unit price and margin. The client reads 1,234 × 1.08 = 1,332.72 and no more.
COST, SPENT, LABOUR = "1234.00", "1117.00", "4321.00"
SECRETS = ("1,234.00", "1234.00", "98.72", "4,321.00", "4321.00", "Zuliefer", "7,777.72", "12,098.72")
ENTRY = ("1,117.00", "1117.00", "ZX-77")
PRINT = {"kind": "production", "name": "Printing", "supplier": "Zuliefer", "unit_price": Decimal(COST), "markup": Decimal(8)}


@pytest.fixture
def campaign(cast, clients):
    return a_budget(cast, clients)


def a_budget(cast, clients, *, lines=(PRINT,), name="Crackers"):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    told = {"lines": lines, "labour": Decimal(LABOUR), "name": name}
    return a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, **told).campaign


def printing(campaign):
    return campaign.budget_lines.get(name="Printing")


def book(kind, line, by, amount=SPENT, **more):
    usual = {"on": MONDAY, "amount": Decimal(amount), "supplier": "Presse", "document": "ZX-77"}
    return kind.book(type(line).objects.get(pk=line.pk), by=by, token=uuid4(), **{**usual, **more})


@pytest.fixture
def spent(campaign, cast):
    """An invoice with a paper, and a line on which less is still to come than is left."""
    entry = book(Actual, printing(campaign), cast.marta)
    a_file(entry, cast.marta, name="ZX-77.txt", content=b"1117.00 for printing")
    return entry


def pages(campaign, entry):
    """Every page that knows something of the money of this campaign."""
    job, line, plan = campaign.job_number, printing(campaign), campaign.plan
    at = f"/campaigns/{job}/"
    yield from (at, f"{at}money/", f"{at}estimate/", f"{at}change-orders/", f"{at}plan/editions/", f"{at}plan/compare/")
    yield from (f"{at}money/order/", f"{at}money/invoice/", f"{at}money/invoice/?words=ZX", f"{at}money/invoice/?export=csv")
    yield from (f"{at}money/order/new/", f"{at}money/invoice/new/", f"{at}money/let/")
    yield from (f"/budget-lines/{line.pk}/", entry.get_absolute_url(), "/money/", "/money/?by=client&export=csv")
    kept = (line, entry, plan, plan.sheet, campaign, *plan.lines.all())
    yield from (reverse("history", args=[it._meta.label_lower, it.pk]) for it in kept)
    yield from ("/", "/happened/", "/notices/", "/campaigns/?export=csv", f"/clients/{campaign.client.code}/")
    yield from (f"/search/?q={word}" for word in ("1234", "Zulief", "ZX", "Printing"))
    yield from (it.get_absolute_url() for it in attachments_of(entry))


def told(answer):
    """All the words of an answer: page, file or PDF."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        pdf = pytest.importorskip("pypdfium2").PdfDocument(body)
        return "".join(page.get_textpage().get_text_bounded() for page in pdf)
    return unescape(body.decode(errors="replace"))


def found(person, login, campaign, entry, words):
    """Where `person` meets one of these words."""
    browser = login(person)
    met = {page: told(browser.get(page)).replace(page, "") for page in pages(campaign, entry)}  # a page tells its own address
    return {(page, word) for page, text in met.items() for word in words if word in text}


def test_our_cost_and_margin_do_not_reach_the_manager_of_a_larger_client(campaign, spent, cast, login):
    assert found(cast.tomas, login, campaign, spent, SECRETS) == set()


@pytest.mark.parametrize("name", ["jonas", "mei", "lucia", "ida", "admin"])
def test_neither_cost_and_margin_nor_orders_and_invoices_reach_whoever_holds_no_such_right(name, campaign, spent, cast, login):
    assert found(getattr(cast, name), login, campaign, spent, (*SECRETS, *ENTRY)) == set()


def test_nor_does_finance_meet_them_who_books_here(campaign, spent, cast, login):
    campaign.let_record(cast.ida, until=MONDAY + days(9), reason="Invoices", by=cast.marta)
    assert found(cast.ida, login, campaign, spent, (*SECRETS, "1,332.72", "12,000.00")) == set()


@pytest.mark.parametrize("name", ["marta", "jonas"])
def test_the_papers_hold_what_the_client_reads_whoever_takes_them_out(name, campaign, spent, cast, login):
    browser = login(getattr(cast, name))
    for paper in ("plan/pdf/", "estimate/pdf/"):
        text = told(browser.get(f"/campaigns/{campaign.job_number}/{paper}"))
        assert [word for word in (*SECRETS, *ENTRY) if word in text] == [], paper


def test_whoever_may_meets_all_of_it(campaign, spent, cast, login):
    """The same search finds everything with the director: it can find."""
    met = {word for _page, word in found(cast.marta, login, campaign, spent, ("1,234.00", "4,321.00", "Zuliefer", *ENTRY))}
    assert met >= {"1,234.00", "4,321.00", "Zuliefer", "1,117.00", "ZX-77"}


def test_of_what_we_bear_not_even_the_name_reaches_whoever_reads_prices(cast, clients, login):
    line = {**PRINT, "name": "Sorrybasket", "markup": Decimal(0), "payer": "house"}
    campaign = a_budget(cast, clients, lines=[PRINT, line])
    entry = book(Actual, printing(campaign), cast.marta)
    assert found(cast.jonas, login, campaign, entry, ["Sorrybasket"]) == set()
    assert found(cast.marta, login, campaign, entry, ["Sorrybasket"])


def test_what_somebody_typed_for_an_entry_stays_with_the_entry(campaign, spent, cast, login):
    spent.strike_out(by=cast.marta, reason="It was 1234.00, not 1117.00.")
    late = book(Actual, printing(campaign), cast.marta, "1300.00", over_because="They wanted 1234.00 for it first.")
    assert found(cast.jonas, login, campaign, late, (*SECRETS, *ENTRY)) == set()
    assert not Notice.objects.filter(text__contains="1234.00").exists()


def test_the_manager_of_a_larger_client_books_and_reads_a_word_for_how_full_a_line_is(campaign, spent, cast, login):
    text = told(login(cast.tomas).get(f"/campaigns/{campaign.job_number}/money/"))
    for word in ("1,117.00", "ZX-77", "Printing", "over 80 %", "1,332.72"):
        assert word in text, word
    for word in (*SECRETS, "Margin", "Forecast", "90 %"):
        assert word not in text, word


def test_the_salesman_reads_what_the_client_agreed_and_no_entry(campaign, spent, cast, login):
    text = told(login(cast.jonas).get(f"/campaigns/{campaign.job_number}/money/"))
    assert "1,332.72" in text
    for word in (*ENTRY, "Book an invoice", "over 80 %"):
        assert word not in text, word


def test_finance_reads_names_of_lines_and_how_full_they_are(campaign, spent, cast, login):
    campaign.let_record(cast.ida, until=MONDAY + days(9), reason="Invoices", by=cast.marta)
    text = told(login(cast.ida).get(f"/campaigns/{campaign.job_number}/money/"))
    for word in ("Printing", "over 80 %", "1,117.00", "Book an invoice"):
        assert word in text, word
    assert "Estimate" not in text


@pytest.mark.parametrize(("name", "status"), [("tomas", 403), ("jonas", 403), ("mei", 403), ("lucia", 404), ("ida", 404)])
def test_what_is_still_to_come_is_no_matter_of_whoever_does_not_see_our_cost(name, status, campaign, cast, login):
    line = printing(campaign)
    browser, sent = login(getattr(cast, name)), {"seen": line.version, "expected": "5"}
    assert browser.get(f"/budget-lines/{line.pk}/").status_code == status
    assert browser.post(f"/budget-lines/{line.pk}/", sent).status_code == status
    assert printing(campaign).expected is None


# What cannot be meant


def typed(campaign, **more):
    usual = {"token": str(uuid4()), "line": printing(campaign).pk, "amount": "10.00", "on": MONDAY.isoformat()}
    return {**usual, "supplier": "Presse", "document": "ZX-1", **more}


BAD = [
    {"amount": "0"},
    {"amount": "-5"},
    {"amount": "0.001"},
    {"amount": "999999999999"},
    {"amount": "1e400"},
    {"amount": "NaN"},
    {"amount": "ten"},
    {"amount": ""},
    {"on": "2026-11-24"},
    {"on": "2026-11-20"},
    {"on": "1926-11-20"},
    {"on": "31.02.2026"},
    {"line": ""},
    {"line": "0"},
    {"line": "9" * 30},
    {"line": "x"},
    {"supplier": " "},
    {"supplier": "x" * 121},
    {"document": ""},
    {"document": "x" * 61},
    {"note": "x" * 301},
    {"token": "x"},
    {"token": ""},
    {"order": "x"},
    {"order": "9" * 30},
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: "{}={:.12}".format(*next(iter(bad.items()))))
def test_what_cannot_be_meant_is_refused_with_a_sentence_and_nothing_typed_is_lost(bad, campaign, cast, login):
    answer = login(cast.marta).post(f"/campaigns/{campaign.job_number}/money/invoice/new/", typed(campaign, **bad))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert answer.context["form"].errors
    assert "Presse" in page or "supplier" in bad
    assert not Actual.objects.filter(campaign=campaign).exists()


def test_control_characters_do_not_come_in(campaign, cast, login):
    sent = typed(campaign, document="ZX\x00")
    assert login(cast.marta).post(f"/campaigns/{campaign.job_number}/money/invoice/new/", sent).status_code == 400
    assert not Actual.objects.filter(campaign=campaign).exists()


def test_another_campaigns_line_or_order_is_none_of_this_one(campaign, cast, clients, login):
    other = a_budget(cast, clients, name="Another")
    order = book(Commitment, printing(other), cast.marta)
    browser, at = login(cast.marta), f"/campaigns/{campaign.job_number}/money/invoice/new/"
    for bad in ({"line": printing(other).pk}, {"order": order.pk}, {"line": campaign.budget_lines.get(number=1).pk}):
        assert browser.post(at, typed(campaign, **bad)).status_code == 422
    assert not Actual.objects.filter(campaign__in=(campaign, other)).exists()


def test_an_order_that_was_struck_out_bears_no_invoice(campaign, cast, login):
    order = book(Commitment, printing(campaign), cast.marta)
    order.strike_out(by=cast.marta, reason="Not placed.")
    answer = login(cast.marta).post(
        f"/campaigns/{campaign.job_number}/money/invoice/new/", typed(campaign, order=order.pk)
    )  # fmt: skip
    assert answer.status_code == 422


def test_of_two_who_fill_a_line_the_second_is_told_that_it_is_full(campaign, cast):
    book(Actual, printing(campaign), cast.marta, "1000.00")
    with pytest.raises(OverLine):
        book(Actual, printing(campaign), cast.tomas, "500.00", document="ZX-78")
    assert printing(campaign).actual == Decimal("1000.00")


@pytest.mark.parametrize("query", ["?line=x", "?line=²", "?line=" + "9" * 40, "?line=0", "?line=&order=1"])
def test_a_link_that_names_no_line_opens_an_empty_form(query, campaign, cast, login):
    answer = login(cast.marta).get(f"/campaigns/{campaign.job_number}/money/invoice/new/{query}")
    assert answer.status_code == 200


# All orders, and all invoices


def test_the_money_page_shows_the_latest_and_leads_to_all(campaign, cast, login, monkeypatch):
    monkeypatch.setattr("campaigns.views.money.LATEST", 2)
    for n in range(3):
        book(Actual, printing(campaign), cast.marta, "10.00", document=f"ZX-{n}")
    browser, at = login(cast.marta), f"/campaigns/{campaign.job_number}/money/"
    shown = told(browser.get(at))
    assert ("ZX-2" in shown, "ZX-1" in shown, "ZX-0" in shown) == (True, True, False)
    assert f'href="{at}invoice/"' in shown
    listed = told(browser.get(f"{at}invoice/"))
    assert all(f"ZX-{n}" in listed for n in range(3))


def test_invoices_are_searched_by_supplier_and_number_and_those_struck_out_are_found(campaign, cast, login):
    book(Actual, printing(campaign), cast.marta, "10.00", document="ZX-1").strike_out(by=cast.marta, reason="Twice.")
    book(Actual, printing(campaign), cast.marta, "10.00", document="QB-2", supplier="Wilson")
    browser, at = login(cast.marta), f"/campaigns/{campaign.job_number}/money/invoice/"
    asked = (("words=wilson", "QB-2", "ZX-1"), ("words=zx", "ZX-1", "QB-2"), ("state=struck", "ZX-1", "QB-2"))
    for question, there, missing in asked:
        page = told(browser.get(f"{at}?{question}"))
        assert there in page, question
        assert missing not in page, question


def test_an_order_tells_the_invoices_that_came_on_it_and_what_is_open(campaign, cast, login):
    order = book(Commitment, printing(campaign), cast.marta, "500.00", document="O-1")
    book(Actual, printing(campaign), cast.marta, "120.00", document="I-7", order=order)
    page = told(login(cast.marta).get(order.get_absolute_url()))
    assert "I-7" in page
    assert "Not invoiced yet: 380.00" in page


@pytest.mark.parametrize("name", ["jonas", "mei"])
def test_who_records_no_money_has_no_list_of_it(name, campaign, spent, cast, login):
    assert login(getattr(cast, name)).get(f"/campaigns/{campaign.job_number}/money/invoice/").status_code == 404


@pytest.mark.parametrize("question", ["after=x", "sort=x", "export=pdf"])
def test_a_place_in_the_list_of_invoices_that_is_none_is_refused(question, campaign, cast, login):
    assert login(cast.marta).get(f"/campaigns/{campaign.job_number}/money/invoice/?{question}").status_code == 400


# The department


@pytest.mark.parametrize(
    "query",
    ["?year=1", "?year=x", "?period=13", "?period=q5", "?by=person", "?client=XXX", "?client=VOL", "?group=0", "?group=x",
     "?year=" + "9" * 30],
)  # fmt: skip
def test_a_question_that_makes_no_sense_finds_nothing_and_says_so(query, cast, login):
    answer = login(cast.marta).get(f"/money/{query}")
    assert answer.status_code == 200
    assert "One of these questions cannot be answered" in answer.content.decode()
    assert answer.context["rows"] == []


@pytest.mark.parametrize("query", ["?after=x", "?after=-1", "?after=" + "9" * 30, "?export=pdf"])
def test_an_address_that_leads_to_no_page_or_file_is_refused(query, cast, login):
    assert login(cast.marta).get(f"/money/{query}").status_code == 400


def test_the_file_holds_the_rows_of_the_page_and_their_sum_as_numbers(cast, login):
    browser = login(cast.helena)
    page = browser.get("/money/")
    sheet = load_workbook(BytesIO(browser.get("/money/?export=xlsx").content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [row.name for row in page.context["rows"]] + ["Together"]
    loaf = next(row for row in rows if row[2] == "HRB-26-014")
    assert [float(cell) for cell in loaf[4:]] == [141720, 122000, 19720, 1340, 15000, 3380, 17.1, 2.4]


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless_in_the_file(cast, clients, login):
    a_budget(cast, clients, name="=1+1")
    text = login(cast.marta).get("/money/?export=csv").content.decode()
    assert ",=1+1" not in text
    assert "'=1+1" in text


@pytest.mark.parametrize("by", ["", "client", "group", "quarter", "month"])
def test_however_they_are_added_up_the_sum_is_the_same(by, cast, login):
    context = login(cast.helena).get(f"/money/?by={by}").context
    assert sum(row.profit.profit for row in context["rows"]) == context["whole"].profit.profit
    margins = [row.profit.margin for row in context["rows"]]
    assert margins == sorted(margins)


# What a page costs


def cost(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return beside_the_bell(asked)


@pytest.mark.parametrize("name", ["marta", "tomas"])
def test_three_lines_and_entries_ask_no_more_than_one(name, cast, clients, login):
    one = a_budget(cast, clients, name="One")
    three = a_budget(cast, clients, name="Three", lines=[{**PRINT, "name": f"Printing {n}"} for n in ("", "2", "3")])
    three.budget_lines.filter(name="Printing ").update(name="Printing")
    for n, campaign in ((1, one), (3, three)):
        for line in campaign.budget_lines.exclude(name="Idea and layouts"):
            for at in range(n):
                order = book(Commitment, line, cast.marta, "100.00", document=f"O-{at}")
                book(Actual, line, cast.marta, "90.00", document=f"I-{at}", order=order)
    browser = login(getattr(cast, name))
    assert cost(browser, f"/campaigns/{one.job_number}/money/") == cost(browser, f"/campaigns/{three.job_number}/money/")
    for kind in ("order", "invoice"):
        lists = [f"/campaigns/{it.job_number}/money/{kind}/" for it in (one, three)]
        assert cost(browser, lists[0]) == cost(browser, lists[1])
    assert cost(browser, f"/campaigns/{one.job_number}/money/invoice/new/") == cost(
        browser, f"/campaigns/{three.job_number}/money/invoice/new/"
    )


@pytest.mark.parametrize("by", ["", "client", "month"])
def test_three_campaigns_ask_no_more_than_one(by, cast, clients, login):
    browser, address = login(cast.marta), f"/money/?by={by}"
    before = cost(browser, address)
    for n in range(3):
        a_budget(cast, clients, name=f"More {n}")
    assert cost(browser, address) == before


def test_the_page_ends_after_fifty_and_leads_on(cast, login, monkeypatch):
    monkeypatch.setattr("campaigns.money_lists.PAGE", 2)
    browser = login(cast.helena)
    first = browser.get("/money/")
    assert len(first.context["rows"]) == 2
    further = first.context["further"]
    assert [row.name for row in browser.get(f"/money/{further}").context["rows"]] != [row.name for row in first.context["rows"]]
    assert first.context["whole"].money.campaigns == len(first.context["table"].rows) > 2


def test_only_what_the_client_has_agreed_counts(cast, login):
    agreed = {row.job for row in login(cast.helena).get("/money/").context["rows"]}
    assert agreed == set(
        Campaign.objects.filter(plan__editions__confirmed_on__isnull=False, plan__editions__superseded_on__isnull=True)
        .values_list("job_number", flat=True)
    )  # fmt: skip
