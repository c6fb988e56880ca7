"""Cost, supplier, mark-up, time and margin never reach those who do not see the margin: not by page, paper, file, history,
search, notice, mail or the client's own page (DIR2)."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from agency import clock
from campaigns.models import Actual, Commitment, Hours
from clients.links import SafeLink
from clients.tokens import token_of
from reminders.models import Letter, Notice
from tests.records import a_change_order, a_confirmed_plan, a_schedule, an_accepted_brief, an_estimate_line, days
from tests.test_leaks import told
from tests.thorough import one_of_each

COST, PRICE, SUPPLIER, LABOUR, SPENT = "20,413.57", "23,144.91", "Geheimdruck", "7,654.32", "11,222.33"
SECRET = (COST, "20413.57", SUPPLIER, LABOUR, "7654.32", "13.38")
BOOKED = (SPENT, "11222.33")
LINE = {
    "kind": "production", "name": "Printing", "supplier": SUPPLIER, "unit_price": Decimal("20413.57"),
    "markup": Decimal("13.38"),
}  # fmt: skip


@pytest.fixture
def world(cast, clients):
    """A campaign of Hollin & Rye with everything that money can have, and words that give it away."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    piece = {"letter": "A", "what": "Poster", "medium": "outdoor", "size": "", "rounds": "1", "deadline": "2026-12-30"}
    plan = a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=[LINE], labour=Decimal("7654.32"),
                            contingency=Decimal(100), deliverables=[{**piece, "appears": ""}])  # fmt: skip
    line = plan.campaign.budget_lines.get(name="Printing")
    told = {"on": clock.today(), "supplier": SUPPLIER, "document": "G-1"}
    order = Commitment.book(line, by=cast.marta, token=uuid4(), amount=Decimal("11222.33"), **told)
    invoice = Actual.book(line, by=cast.marta, token=uuid4(), amount=Decimal("11222.33"), order=order, **told)
    change = a_change_order(plan.campaign, cast.marta)
    an_estimate_line(change, cast.marta, **{**LINE, "name": "Reprint"})
    change.send(by=cast.marta, contact=change.confirmers.first())
    step = a_schedule(plan.campaign, cast.mei)[0]
    step.give_to(by=cast.mei, person=cast.marta)
    hours = Hours.note_down(step, by=cast.marta, token=uuid4(), on=clock.today(), hours=Decimal(3))
    for name in ("felix", "ida"):
        plan.campaign.share_with(getattr(cast, name), until=clock.today() + days(9), reason="To read", by=cast.marta)
    lines = [*plan.lines.all(), *change.lines.all(), *plan.campaign.budget_lines.all()]
    records = [plan.campaign, plan, plan.sheet, order, invoice, change, step, hours, *lines]
    return plan, change, records


def addresses(world):
    plan, change, records = world
    job = plan.campaign.job_number
    named = ("campaign", "plan_pdf", "plan_edit", "plan_send", "plan_record", "plan_editions", "plan_compare", "plan_estimate",
             "estimate_pdf", "estimate_line_new", "change_orders", "change_order_new", "campaign_money",
             "campaign_let")  # fmt: skip
    yield from (reverse(name, args=[job]) for name in named)
    yield from (reverse("entry_new", args=[job, kind]) for kind in ("order", "invoice"))
    orders = ("change_order", "change_order_pdf", "change_order_edit", "change_order_line", "change_order_send",
              "change_order_record")  # fmt: skip
    yield from (reverse(name, args=[change.pk]) for name in orders)
    yield from (reverse("estimate_line", args=[it.pk]) for it in [*plan.lines.all(), *change.lines.all()])
    yield from (reverse("budget_line", args=[it.pk]) for it in plan.campaign.budget_lines.all())
    yield from (it.get_absolute_url() for it in records if isinstance(it, Commitment | Actual))
    yield from (f"/history/{it._meta.label_lower}/{it.pk}/" for it in records)
    yield from (f"/search/?q={query}" for query in ("Printing", job))
    yield from ("/", "/happened/", "/notices/", "/money/", "/money/?export=csv", "/campaigns/", "/campaigns/?export=csv",
                f"/clients/{plan.client.code}/", f"/steps/{world[2][6].pk}/", f"/steps/{world[2][6].pk}/hours/")  # fmt: skip


@pytest.mark.parametrize("name", one_of_each(["jonas", "mei", "felix", "ida", "admin"], "jonas", "felix"))
def test_whoever_sees_no_margin_and_books_nothing_reads_nothing_behind_a_price(name, world, cast, login):
    browser, opened = login(getattr(cast, name)), 0
    for address in addresses(world):
        answer = browser.get(address)
        text = told(answer)
        found = [it for it in (*SECRET, *BOOKED) if it in text]
        assert found == [] and answer.status_code < 500, (address, found)
        opened += answer.status_code == 200
    assert opened > 3


def test_a_manager_of_a_larger_client_reads_what_he_books_and_no_cost_agreed(world, cast, login):
    browser = login(cast.tomas)
    for address in addresses(world):
        answer = browser.get(address)
        text = told(answer)
        there = [it for it in (COST, "20413.57", LABOUR, "7654.32", "13.38") if it in text]
        assert there == [] and answer.status_code < 500, (address, there)
    plan, _change, _records = world
    assert SPENT in browser.get(reverse("campaign_money", args=[plan.campaign.job_number])).content.decode()


def test_those_who_see_the_margin_read_it(world, cast, login):
    plan, _change, _records = world
    for name in ("helena", "omar", "marta"):
        page = login(getattr(cast, name)).get(plan.estimate_url).content.decode()
        assert COST in page and SUPPLIER in page and LABOUR in page and PRICE in page


def test_a_member_reads_the_plan_and_no_price(world, cast, login):
    plan, _change, _records = world
    page = login(cast.felix).get(plan.get_absolute_url())
    assert page.status_code == 200 and "Poster" in page.text
    for price in (PRICE, "23,144", "12,000.00"):
        assert price not in page.text
    for name in ("plan_estimate", "campaign_money", "change_orders", "plan_editions", "plan_compare", "estimate_pdf"):
        assert login(cast.felix).get(reverse(name, args=[plan.campaign.job_number])).status_code == 404


def test_who_books_for_finance_sees_invoices_and_no_agreed_figure(world, cast, login):
    plan, _change, _records = world
    plan.campaign.let_record(cast.ida, until=clock.today() + days(9), reason="Invoices", by=cast.marta)
    browser = login(cast.ida)
    page = browser.get(reverse("campaign_money", args=[plan.campaign.job_number]))
    assert page.status_code == 200 and SPENT in page.text
    for address in addresses(world):
        text = told(browser.get(address))
        assert [it for it in (COST, PRICE, LABOUR, "13.38") if it in text] == [], address
    assert browser.get(plan.estimate_url).status_code == 404


def test_what_the_client_opens_and_gets_by_mail_is_the_client_view(world, client):
    _plan, change, _records = world
    link = SafeLink.objects.about(change).get()
    page = client.get(reverse("client_page", args=[f"{token_of(link.seed)}/"]))
    assert page.status_code == 200 and PRICE in page.text
    letters = " ".join(f"{it.subject} {it.body}" for it in Letter.objects.all())
    notices = " ".join(Notice.objects.values_list("text", flat=True))
    for secret in (*SECRET, *BOOKED):
        assert secret not in page.text and secret not in letters and secret not in notices


@pytest.mark.parametrize("word", [SUPPLIER, "20413.57"])
def test_the_search_finds_no_amount_and_no_supplier(word, world, cast, login):
    for name in ("jonas", "felix", "marta"):
        assert 'class="hit"' not in login(getattr(cast, name)).get(f"/search/?q={word}").text


def test_an_event_holds_no_money(world):
    for record in world[2]:
        for event in record.events():
            assert not re.search(r"\d{3,}\.\d\d", f"{event.details} {event.reason}"), event
