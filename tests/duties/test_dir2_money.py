"""DIR2: the director holds a campaign to its budget: what is ordered and invoiced, what is still to come, what goes over."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Actual, Commitment
from reminders.models import Notice
from tests.records import MONDAY, a_confirmed_plan, a_plan, a_schedule, an_accepted_brief, days

PRINT = {"kind": "production", "name": "Printing", "supplier": "Dorrit Print", "unit_price": Decimal("20000.00")}
PIECE = {
    "letter": "A",
    "what": "Poster",
    "medium": "outdoor",
    "size": "",
    "rounds": "1",
    "deadline": "2026-12-12",
    "appears": "",
}


@pytest.fixture
def campaign(cast, clients):
    """Agreed by the client: our work at 12,000 and printing at 20,000 with a mark-up of 8 %."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    lines = [{**PRINT, "markup": Decimal(8)}]
    return a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=lines, deliverables=[PIECE]).campaign


def at(campaign, where=""):
    return f"/campaigns/{campaign.job_number}/money/{where}"


def printing(campaign):
    return campaign.budget_lines.get(name="Printing")


def typed(campaign, amount="5000.00", **more):
    usual = {"token": str(uuid4()), "line": printing(campaign).pk, "amount": amount, "on": MONDAY.isoformat()}
    return {**usual, "supplier": "Dorrit Print", "document": "DP-1", **more}


def test_the_director_books_an_order_and_its_invoice_and_reads_how_the_line_stands(cast, campaign, login):
    browser = login(cast.marta)
    assert browser.post(at(campaign, "order/new/"), typed(campaign, "15000.00")).status_code == 302
    order = Commitment.objects.get(campaign=campaign)
    invoice = typed(campaign, "6000.00", document="DP-1/1", order=order.pk)
    assert browser.post(at(campaign, "invoice/new/"), invoice).status_code == 302
    stands = printing(campaign).spent
    assert (stands.committed, stands.actual, stands.open, stands.to_come) == tuple(
        map(Decimal, ("15000.00", "6000.00", "9000.00", "5000.00"))
    )
    page = browser.get(at(campaign)).content.decode()
    assert "DP-1/1" in page
    assert "75 %" in page


def test_a_double_click_books_once(cast, campaign, login):
    browser, form = login(cast.marta), typed(campaign)
    assert [browser.post(at(campaign, "invoice/new/"), form).status_code for _each in range(2)] == [302, 302]
    assert Actual.objects.filter(campaign=campaign).count() == 1
    assert printing(campaign).actual == Decimal("5000.00")


def test_over_the_line_the_form_comes_back_with_everything_typed_and_offers_a_change_order(cast, campaign, login):
    answer = login(cast.marta).post(at(campaign, "invoice/new/"), typed(campaign, "20000.01", note="By courier"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("20000.01", "Dorrit Print", "DP-1", "By courier", "Say why we bear it"):
        assert kept in page, kept
    assert f"/campaigns/{campaign.job_number}/change-orders/new/?cause=over&amp;line={printing(campaign).pk}" in page
    assert "?cause=outside" in page
    assert not Actual.objects.filter(campaign=campaign).exists()


def test_with_a_reason_the_overrun_is_booked_and_the_reason_stands_beside_it(cast, campaign, login):
    browser = login(cast.marta)
    form = typed(campaign, "20000.01", over_because="A second proof: our slip.")
    assert browser.post(at(campaign, "invoice/new/"), form).status_code == 302
    entry = Actual.objects.get(campaign=campaign)
    assert "A second proof: our slip." in browser.get(entry.get_absolute_url()).content.decode()
    assert printing(campaign).spent.is_over


def test_the_paper_comes_with_the_entry(cast, campaign, login):
    browser, paper = login(cast.marta), SimpleUploadedFile("DP-1.txt", b"INVOICE DP-1")
    assert browser.post(at(campaign, "invoice/new/"), typed(campaign, file=paper)).status_code == 302
    entry = Actual.objects.get(campaign=campaign)
    assert "DP-1.txt" in browser.get(entry.get_absolute_url()).content.decode()


def test_what_is_still_to_come_is_said_line_by_line(cast, campaign, login):
    browser, line = login(cast.marta), printing(campaign)
    assert browser.post(f"/budget-lines/{line.pk}/", {"seen": line.version, "expected": "21500"}).status_code == 302
    assert printing(campaign).spent.forecast == Decimal("21500.00")
    assert browser.post(f"/budget-lines/{line.pk}/", {"seen": line.version, "expected": "1"}).status_code == 409


def test_a_wrong_entry_is_struck_out_with_a_reason_and_stays_to_be_read(cast, campaign, login):
    browser = login(cast.marta)
    browser.post(at(campaign, "invoice/new/"), typed(campaign))
    entry = Actual.objects.get(campaign=campaign)
    move = f"{entry.get_absolute_url()}move/strike_out/"
    assert browser.post(move, {"seen": entry.version, "reason": " "}).status_code == 422
    assert browser.post(move, {"seen": entry.version, "reason": "Booked twice."}).status_code == 302
    page = browser.get(entry.get_absolute_url())
    assert page.status_code == 200
    assert "Booked twice." in page.content.decode()
    assert "Struck out" in browser.get(at(campaign)).content.decode()
    assert printing(campaign).actual == 0


def test_an_order_that_was_invoiced_stays(cast, campaign, login):
    browser = login(cast.marta)
    browser.post(at(campaign, "order/new/"), typed(campaign))
    order = Commitment.objects.get(campaign=campaign)
    browser.post(at(campaign, "invoice/new/"), typed(campaign, "10.00", order=order.pk))
    answer = browser.post(f"{order.get_absolute_url()}move/strike_out/", {"seen": order.version, "reason": "Wrong."})
    assert answer.status_code == 422
    assert "Invoices stand on this order" in answer.content.decode()


def test_before_the_client_has_agreed_the_page_says_why_there_is_no_budget(cast, clients, login):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    answer = login(cast.marta).get(at(campaign))
    assert answer.status_code == 200
    assert "The estimate becomes the budget when the client agrees the plan." in answer.content.decode()
    assert "Book an invoice" not in answer.content.decode()


# Finance


def let(campaign, cast, by=None):
    campaign.let_record(cast.ida, until=MONDAY + days(5), reason="Invoices of the posters", by=by or cast.marta)


def test_the_director_lets_finance_book_until_a_day_and_finance_hears_of_it(cast, campaign, login, nothing_sent):
    sent = {"person": cast.ida.pk, "until": (MONDAY + days(5)).isoformat(), "reason": "Invoices of the posters"}
    assert login(cast.marta).post(at(campaign, "let/"), sent).status_code == 302
    (notice,) = Notice.objects.filter(recipient=cast.ida)
    assert "book the orders and invoices" in notice.text
    assert campaign.events().first().verb == "let_record"
    browser = login(cast.ida)
    assert browser.post(at(campaign, "invoice/new/"), typed(campaign)).status_code == 302
    entry = Actual.objects.get(campaign=campaign)
    assert (entry.created_by, browser.get(entry.get_absolute_url()).status_code) == (cast.ida, 200)


def test_to_record_comes_as_one_share_and_goes_as_one(cast, campaign, login):
    let(campaign, cast)
    browser = login(cast.marta)
    page = browser.get(campaign.get_absolute_url())
    (share,) = [it for it in page.context["shares"] if it.user == cast.ida]
    assert share.also
    assert browser.post(f"/unshare/campaigns.campaign/{campaign.pk}/", {"share": share.pk}).status_code == 302
    assert login(cast.ida).get(at(campaign)).status_code == 404
    assert not cast.ida.has_perm("campaigns.record_actual", campaign)


def test_a_longer_share_to_read_is_not_shortened_by_it(cast, campaign):
    campaign.share_with(cast.ida, until=MONDAY + days(60), reason="To know", by=cast.marta)
    let(campaign, cast)
    until = {it.permission.codename: it.until for it in campaign.shares.filter(user=cast.ida).select_related("permission")}
    assert until == {"view_campaign": MONDAY + days(60), "record_actual": MONDAY + days(5)}


def test_the_day_after_its_last_the_recording_is_over(cast, campaign, login, monday):
    let(campaign, cast)
    monday.move_to("2026-11-29T10:00:00Z")
    assert login(cast.ida).get(at(campaign, "invoice/new/")).status_code == 404


@pytest.mark.parametrize("name", ["tomas", "jonas", "mei"])
def test_who_does_not_see_the_margin_opens_the_money_to_nobody(name, cast, campaign, login):
    person = getattr(cast, name)
    sent = {"person": cast.ida.pk, "until": MONDAY.isoformat(), "reason": "So"}
    assert login(person).post(at(campaign, "let/"), sent).status_code == 403
    assert not campaign.shares.exists()


# Hours


def test_whoever_owns_a_step_notes_hours_there_and_strikes_a_wrong_line_out(cast, campaign, login):
    step = a_schedule(campaign, cast.mei)[1]
    step.give_to(by=cast.mei, person=cast.felix)
    browser, at_step = login(cast.felix), step.get_absolute_url()
    assert f"{at_step}hours/" in browser.get(at_step).content.decode()
    form = {"token": str(uuid4()), "on": MONDAY.isoformat(), "hours": "1.5", "note": "First sketches"}
    assert [browser.post(f"{at_step}hours/", form).status_code for _each in range(2)] == [302, 302]
    (line,) = step.hours.all()
    assert "First sketches" in login(cast.marta).get(f"{at_step}hours/").content.decode()
    move = f"/hours/{line.pk}/move/strike_out/"
    assert login(cast.marta).post(move, {"seen": line.version}).status_code == 403
    browser = login(cast.felix)
    assert browser.post(move, {"seen": line.version}).status_code == 302
    answer = browser.get(f"{at_step}hours/")
    assert (answer.status_code, "Struck out" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("hours", ["0", "24.25", "-1", "1e9", "x", ""])
def test_hours_that_no_day_has_are_refused_with_a_sentence(hours, cast, campaign, login):
    step = a_schedule(campaign, cast.mei)[1]
    step.give_to(by=cast.mei, person=cast.felix)
    form = {"token": str(uuid4()), "on": MONDAY.isoformat(), "hours": hours}
    assert login(cast.felix).post(f"{step.get_absolute_url()}hours/", form).status_code == 422
    assert not step.hours.exists()
