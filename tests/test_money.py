"""Plan and estimate on their way, the budget they become, what is spent of it, and change orders: the moves (DIR2, DEP8)."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from agency.flow import Conflict, Refused
from campaigns.client_view import client_view, thawed
from campaigns.models import Actual, Commitment, Hours, Plan
from campaigns.models.spending import OverLine
from campaigns.profit import level_of, money_in
from clients.answering import take
from clients.links import SafeLink, Visitor
from clients.models import Confirmation, Dispatch
from reminders.models import Notice
from tests.records import (
    MONDAY,
    a_change_order,
    a_confirmed_plan,
    a_file,
    a_plan,
    a_schedule,
    an_accepted_brief,
    an_estimate_line,
)

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
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


@pytest.fixture
def plan(cast, brief):
    """Written with one line of our own work, 12,000, under a frame of 60,000."""
    return a_plan(brief, cast.marta, deliverables=[PIECE])


@pytest.fixture
def agreed(cast, brief):
    """Agreed by the client: our work at 12,000, printing at 20,000 with a mark-up of 8 %, one poster with one round."""
    lines = [{**PRINT, "markup": Decimal(8)}]
    return a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar, lines=lines, deliverables=[PIECE])


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def clara(client):
    return client.contacts().get(name="Clara Hollin")


def book(kind, line, by, amount, **more):
    usual = {"on": MONDAY, "amount": Decimal(amount), "supplier": "Dorrit Print", "document": "7702"}
    return kind.book(fresh(line), by=by, token=uuid4(), **{**usual, **more})


def printing(plan):
    return plan.campaign.budget_lines.get(name="Printing")


def say(subject, answer, decide, words=""):
    link = SafeLink.objects.about(subject).with_names().first()
    given = {"answer": answer, "words": words, "name": "Clara Hollin", "role": "Marketing Director", "token": uuid4()}
    form = SimpleNamespace(cleaned_data=given)
    return take(link, form, what="plan", then=lambda visitor, it: decide(by=visitor, words=it.words))


# Inside


def test_a_plan_is_not_submitted_without_an_estimate(cast, brief):
    plan = a_plan(brief, cast.marta)
    plan.estimate[0].drop(by=cast.marta, seen=1)
    with pytest.raises(Refused, match="at least one line"):
        fresh(plan).submit(by=cast.marta)


def test_whoever_wrote_a_line_of_the_estimate_does_not_agree_it(cast, plan):
    an_estimate_line(plan, cast.omar, name="Omar's own")
    plan.submit(by=cast.marta)
    assert plan.holder == cast.helena  # the head of the group had a hand in it
    with pytest.raises(PermissionDenied, match="Four eyes"):
        plan.agree(by=cast.omar)
    assert plan.agree(by=cast.helena).state == "agreed"


def test_agreed_inside_it_lies_with_whoever_sends_it_for_a_working_day(cast, plan):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    assert (plan.state, plan.court, plan.holder, plan.due_on) == ("agreed", "ours", cast.marta, date(2026, 11, 24))
    assert plan.sheet.reference == f"{plan.campaign.job_number}-P1"


def test_an_agreement_taken_back_withdraws_its_edition_and_the_number_is_not_given_again(cast, plan):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.undo_agree(by=cast.omar)
    assert (plan.state, plan.sheet) == ("submitted", None)
    plan.agree(by=cast.omar)
    assert plan.sheet.number == 2


@pytest.mark.parametrize("doubt", [{"labour": Decimal("11000")}, {"budget": Decimal("11999.99")}])
def test_under_the_floor_or_over_the_frame_it_is_agreed_with_a_reason_only(cast, plan, doubt):
    plan.write(by=cast.marta, seen=plan.version, changes=doubt)
    plan.submit(by=cast.marta)
    assert plan.is_doubtful
    with pytest.raises(Refused):
        plan.agree(by=cast.omar)
    with pytest.raises(Refused, match="reason"):
        plan.agree_all_the_same(by=cast.omar)
    assert plan.agree_all_the_same(by=cast.omar, reason="We win the window displays by it.").state == "agreed"


def test_a_submitted_estimate_is_locked(cast, plan):
    line = plan.estimate[0]
    plan.submit(by=cast.marta)
    with pytest.raises(Conflict):
        an_estimate_line(plan, cast.marta)
    with pytest.raises(Conflict):
        line.write(by=cast.marta, seen=line.version, changes={"unit_price": Decimal(1)})
    with pytest.raises(Conflict):
        line.drop(by=cast.marta, seen=line.version)


def test_of_two_who_write_a_line_at_once_the_second_reads_what_the_first_wrote(cast, plan):
    line = plan.estimate[0]
    seen = line.version
    line.write(by=cast.marta, seen=seen, changes={"unit_price": Decimal(9000)})
    with pytest.raises(Conflict):
        fresh(line).write(by=cast.tomas, seen=seen, changes={"unit_price": Decimal(8000)})


def test_a_manager_of_a_larger_client_writes_prices_and_no_terms_with_suppliers(cast, plan):
    an_estimate_line(plan, cast.tomas, name="Layout for windows", unit_price=Decimal(900))
    with pytest.raises(Refused, match="ask the account director"):
        an_estimate_line(plan, cast.tomas, **{**PRINT, "markup": Decimal(8)})
    hidden = an_estimate_line(plan, cast.marta, **{**PRINT, "markup": Decimal(8)})
    with pytest.raises(Refused, match="ask the account director"):
        hidden.write(by=cast.tomas, seen=hidden.version, changes={"name": "Cheap printing"})
    with pytest.raises(Refused, match="ask the account director"):
        hidden.drop(by=cast.tomas, seen=hidden.version)


@pytest.mark.parametrize("name", ["jonas", "mei", "lucia", "ingrid", "felix", "admin"])
def test_others_write_no_estimate(cast, plan, name):
    with pytest.raises(PermissionDenied):
        an_estimate_line(plan, getattr(cast, name))


@pytest.mark.parametrize("wrong", [
    {"kind": "fee", "markup": Decimal(8)},
    {**PRINT, "markup": Decimal(8), "payer": "client"},
    {**PRINT, "quantity": Decimal("9999999"), "unit_price": Decimal("999999999")},
])  # fmt: skip
def test_a_line_that_cannot_be_meant_is_refused(cast, plan, wrong):
    with pytest.raises(Refused):
        an_estimate_line(plan, cast.marta, **wrong)


def test_a_line_sent_twice_is_one(cast, plan):
    token = uuid4()
    told = {"kind": "fee", "name": "Advice", "unit_price": Decimal(100)}
    first, second = (type(plan.estimate[0]).open(plan, by=cast.marta, token=token, **told) for _time in range(2))
    assert first == second and len(plan.estimate) == 2


# What the client reads


def test_the_client_reads_prices_and_nothing_of_cost_mark_up_or_what_we_bear(cast, plan):
    an_estimate_line(plan, cast.marta, **{**PRINT, "markup": Decimal(8), "tax": Decimal(20)})
    an_estimate_line(plan, cast.marta, name="Our slip", unit_price=Decimal(777), payer="house", kind="other", supplier="Secret")
    an_estimate_line(
        plan, cast.marta, name="Airtime", unit_price=Decimal(500), payer="client", kind="media", supplier="Channel"
    )
    view = client_view(plan)
    assert [(it.number, it.name, it.amount, it.direct) for it in view.lines] == [
        (1, "Idea and layouts", 12000, False), (2, "Printing", 21600, False), (3, "Airtime", 500, True),
    ]  # fmt: skip
    assert (view.net, view.tax, view.total, view.direct) == (34100, 4320, 38420, 500)


def test_what_is_frozen_thaws_to_the_same_and_holds_no_figure_of_ours(cast, agreed):
    content = agreed.sheet.content
    assert thawed(content) == client_view(agreed)
    assert "20000" not in str(content) and "Dorrit" not in str(content) and "markup" not in str(content)


def test_in_another_currency_each_line_is_turned_once_and_the_sum_is_that_of_the_lines(cast, plan):
    Plan.objects.filter(pk=plan.pk).update(currency="GBP", rate=Decimal("0.853"))
    an_estimate_line(plan, cast.marta, name="One", unit_price=Decimal("0.99"))
    an_estimate_line(plan, cast.marta, name="Two", unit_price=Decimal("0.99"))
    view = client_view(fresh(plan))
    assert [it.amount for it in view.lines] == [Decimal("10236.00"), Decimal("0.84"), Decimal("0.84")]
    assert view.net == Decimal("10237.68")


# With the client


def test_the_client_agrees_by_the_link_and_the_estimate_becomes_the_budget(cast, plan, clients):
    an_estimate_line(plan, cast.marta, **{**PRINT, "markup": Decimal(8)})
    plan.write(by=cast.marta, seen=plan.version, changes={"contingency": Decimal(500)})
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.send(by=cast.marta, contact=clara(clients["HRB"]))
    assert (plan.state, plan.court, plan.holder) == ("client", "client", cast.marta)
    say(plan.sheet, "confirmed", plan.confirm)
    plan = fresh(plan)
    assert (plan.state, plan.in_force.number, plan.in_force.total) == ("confirmed", 1, Decimal("34100.00"))
    lines = plan.campaign.budget_lines.in_order().values_list("name", "cost", "price")
    assert list(lines) == [("Idea and layouts", 0, 12000), ("Printing", 20000, 21600), ("Contingency", 500, 500)]
    assert {plan.standing_of(section) for section in plan.SECTIONS if plan.says(section)} == {"agreed"}
    assert Confirmation.objects.about(plan.sheet).get().digest == plan.sheet.digest
    assert Notice.objects.filter(recipient=cast.omar, text__startswith="The client has agreed the plan").exists()


def test_what_was_sent_to_whom_and_when_is_a_record(cast, plan, clients):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.send(by=cast.marta, contact=clara(clients["HRB"]))
    row = Dispatch.objects.about(plan.sheet).get()
    assert (row.reference, row.contact.name, row.how, row.digest) == (
        f"{plan.campaign.job_number}-P1", "Clara Hollin", "link", plan.sheet.digest
    )  # fmt: skip


def test_nobody_agrees_above_the_limit_of_the_terms(cast, brief, clients):
    plan = a_plan(brief, cast.marta, budget=Decimal("200000"))
    an_estimate_line(plan, cast.marta, name="Sites", unit_price=Decimal("138000.01"))
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    with pytest.raises(Refused, match="nobody of the client agrees such a total"):
        plan.send(by=cast.marta, contact=clara(clients["HRB"]))
    with pytest.raises(Refused):
        plan.record_agreement(by=cast.omar, contact=clara(clients["HRB"]))


def test_peter_who_signs_proofs_agrees_no_plan(cast, plan, clients):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    with pytest.raises(Refused, match="Clara Hollin"):
        plan.send(by=cast.marta, contact=clients["HRB"].contacts().get(name="Peter Dorn"))


def test_what_the_client_wants_changed_comes_back_to_the_writer(cast, plan, clients):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.send(by=cast.marta, contact=clara(clients["HRB"]))
    say(plan.sheet, "changes", plan.ask_changes, "Too dear.")
    plan = fresh(plan)
    assert (plan.state, plan.holder, plan.remarks, plan.sheet) == ("returned", cast.marta, "Too dear.", None)
    assert plan.returned_because.verb == "ask_changes"


def test_a_plan_opened_again_leaves_the_agreed_edition_in_force_until_the_next(cast, agreed, clients):
    agreed.reopen(by=cast.marta, reason="Two more sites.")
    an_estimate_line(agreed, cast.marta, name="Two sites", kind="media", supplier="Citylight", unit_price=Decimal(4000))
    assert agreed.in_force.number == 1 and not agreed.campaign.budget_lines.filter(name="Two sites").exists()
    agreed.submit(by=cast.marta)
    agreed.agree(by=cast.omar)
    agreed.record_agreement(by=cast.omar, contact=clara(clients["HRB"]))
    first, second = agreed.editions.order_by("number")
    assert (first.superseded_on, second.confirmed_on, agreed.in_force) == (MONDAY, MONDAY, second)
    assert agreed.campaign.budget_lines.get(name="Two sites").cost == 4000


def test_a_line_taken_out_keeps_what_was_spent_on_it_and_agrees_to_nothing_more(cast, agreed, clients):
    book(Actual, printing(agreed), cast.marta, "300.00")
    agreed.reopen(by=cast.marta, reason="No posters.")
    line = agreed.lines.get(name="Printing")
    line.drop(by=cast.marta, seen=line.version)
    agreed.submit(by=cast.marta)
    agreed.agree(by=cast.omar)
    agreed.record_agreement(by=cast.omar, contact=clara(clients["HRB"]))
    line = printing(agreed)
    assert (line.cost, line.price, line.actual, line.spent.over) == (0, 0, 300, 300)


def test_a_link_opens_nothing_after_the_plan_is_taken_back(cast, plan, clients, client):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.send(by=cast.marta, contact=clara(clients["HRB"]))
    link = SafeLink.objects.about(plan.sheet).get()
    plan.take_back(by=cast.marta, reason="A wrong date.")
    assert not fresh(link).is_live
    with pytest.raises(PermissionDenied):
        plan.confirm(by=Visitor(fresh(link)))


def test_a_salesman_records_no_agreement_and_sends_no_plan(cast, plan, clients):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    with pytest.raises(PermissionDenied):
        plan.send(by=cast.jonas, contact=clara(clients["HRB"]))
    with pytest.raises(PermissionDenied):
        plan.record_agreement(by=cast.jonas, contact=clara(clients["HRB"]))


def test_an_agreement_by_word_is_kept_with_its_proof(cast, plan, clients):
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    proof = a_file(plan.sheet, cast.marta, "mail.txt")
    told = {"contact": clara(clients["HRB"]), "answer": "confirmed", "words": "Go ahead.", "how": "mail", "on": MONDAY}
    row = plan.hear(by=cast.marta, seen=plan.version, token=uuid4(), evidence=proof, **told)
    assert (plan.state, row.subject, row.evidence_digest) == ("confirmed", plan.sheet, proof.sha256)
    assert Dispatch.objects.about(plan.sheet).get().how == "hand"


# Marks


def test_a_section_is_marked_and_is_ours_again_when_it_says_something_else(cast, plan):
    plan.mark("strategy", "discussed", by=cast.marta)
    assert plan.standing_of("strategy") == "discussed" and plan.marks["strategy"]["who"] == "Marta Kowalska"
    plan.write(by=cast.marta, seen=plan.version, changes={"objectives": "Other."})
    assert plan.standing_of("strategy") == "discussed"
    plan.write(by=cast.marta, seen=plan.version, changes={"strategy": "Other."})
    assert plan.standing_of("strategy") == "ours"


@pytest.mark.parametrize("section, standing", [("risks", "agreed"), ("nothing", "agreed"), ("strategy", "sure")])
def test_what_says_nothing_is_not_marked(cast, plan, section, standing):
    with pytest.raises(Refused):
        plan.mark(section, standing, by=cast.marta)


# Orders and invoices


def test_orders_and_invoices_fill_a_line(cast, agreed):
    order = book(Commitment, printing(agreed), cast.marta, "18000.00")
    book(Actual, printing(agreed), cast.marta, "6000.00", order=order)
    spent = printing(agreed).spent
    assert (spent.committed, spent.actual, spent.open, spent.used, spent.to_come) == (18000, 6000, 12000, 18000, 2000)
    assert level_of(spent) == "risk"


def test_over_the_line_needs_a_reason(cast, agreed):
    book(Actual, printing(agreed), cast.marta, "20000.00")
    with pytest.raises(OverLine, match="change order") as refused:
        book(Actual, printing(agreed), cast.marta, "0.01")
    assert refused.value.over == Decimal("0.01") and printing(agreed).actual == 20000
    entry = book(Actual, printing(agreed), cast.marta, "0.01", over_because="A stamp.")
    assert entry.over_because == "A stamp." and level_of(printing(agreed).spent) == "late"


def test_an_invoice_on_its_order_fills_the_line_no_further(cast, agreed):
    order = book(Commitment, printing(agreed), cast.marta, "20000.00")
    assert book(Actual, printing(agreed), cast.marta, "20000.00", order=order).over_because == ""
    assert printing(agreed).spent.used == 20000


@pytest.mark.parametrize("wrong, why", [
    ({"on": MONDAY - timedelta(days=1)}, "not there yet"),
    ({"on": MONDAY + timedelta(days=1)}, "has not come yet"),
    ({"amount": "0"}, "between 0.01"), ({"amount": "-5"}, "between 0.01"), ({"amount": "1000000000.00"}, "between 0.01"),
])  # fmt: skip
def test_money_is_not_spent_before_the_campaign_nor_in_the_days_to_come_nor_without_end(cast, agreed, wrong, why):
    amount = wrong.pop("amount", "10.00")
    with pytest.raises(Refused, match=why):
        book(Actual, printing(agreed), cast.marta, amount, **wrong)


def test_nobody_invoices_us_for_our_own_work(cast, agreed):
    with pytest.raises(Refused, match="our own work"):
        book(Actual, agreed.campaign.budget_lines.get(name="Idea and layouts"), cast.marta, "10.00")


def test_an_entry_struck_out_empties_its_line_again(cast, agreed):
    order = book(Commitment, printing(agreed), cast.marta, "5000.00")
    invoice = book(Actual, printing(agreed), cast.marta, "5000.00", order=order)
    with pytest.raises(Refused, match="Invoices stand on this order"):
        order.strike_out(by=cast.marta, reason="Wrong house.")
    invoice.strike_out(by=cast.marta, reason="Wrong house.")
    fresh(order).strike_out(by=cast.marta, reason="Wrong house.")
    assert printing(agreed).spent.used == 0


def test_another_lines_order_is_not_invoiced_here(cast, agreed):
    agreed.reopen(by=cast.marta, reason="Paper.")
    an_estimate_line(agreed, cast.marta, **{**PRINT, "name": "Paper"})
    agreed.submit(by=cast.marta)
    agreed.agree(by=cast.omar) if agreed.is_sound else agreed.agree_all_the_same(by=cast.omar, reason="Known.")
    agreed.record_agreement(by=cast.omar, contact=agreed.confirmers.first())
    order = book(Commitment, agreed.campaign.budget_lines.get(name="Paper"), cast.marta, "10.00")
    with pytest.raises(Refused, match="one of this line"):
        book(Actual, printing(agreed), cast.marta, "10.00", order=order)


def test_a_booking_sent_twice_is_one(cast, agreed):
    token = uuid4()
    told = {"on": MONDAY, "amount": Decimal(50), "supplier": "D", "document": "1"}
    entries = [Actual.book(printing(agreed), by=cast.marta, token=token, **told) for _time in range(2)]
    assert entries[0] == entries[1] and printing(agreed).actual == 50


@pytest.mark.parametrize("name", ["jonas", "mei", "lucia", "ingrid", "felix", "ida", "admin"])
def test_others_record_no_money(cast, agreed, name):
    with pytest.raises(PermissionDenied):
        book(Actual, printing(agreed), getattr(cast, name), "10.00")


def test_what_is_still_to_come_is_said_by_those_who_record(cast, agreed):
    line = printing(agreed)
    line.expect(by=cast.tomas, seen=line.version, amount=Decimal(500))
    assert (fresh(line).spent.to_come, fresh(line).spent.forecast) == (500, 500)
    with pytest.raises(PermissionDenied):
        fresh(line).expect(by=cast.jonas, seen=None, amount=None)


# Profit


def test_what_the_client_has_not_agreed_is_not_earned(cast, plan, agreed):
    assert money_in(plan.campaign) is None
    money = money_in(agreed.campaign)
    assert (money.profit.billed, money.profit.third_party, money.profit.profit, money.price) == (33600, 20000, 13600, 33600)


def test_what_goes_over_the_line_is_borne_by_us(cast, agreed):
    book(Actual, printing(agreed), cast.marta, "21000.00", over_because="A second proof.")
    assert money_in(agreed.campaign).profit.over == 1000


def test_hours_count_once_they_cost_more_than_was_planned(cast, agreed, settings):
    settings.HOUR_COST = Decimal(80)
    agreed.editions.update(labour=Decimal(500))
    step = a_step(agreed, cast)
    Hours.note_down(step, by=cast.felix, token=uuid4(), on=MONDAY, hours=Decimal("6.00"))
    assert money_in(agreed.campaign).profit.labour == 500
    Hours.note_down(step, by=cast.felix, token=uuid4(), on=MONDAY, hours=Decimal("0.50"))
    assert money_in(agreed.campaign).profit.labour == 520


def a_step(plan, cast):
    step = next(it for it in a_schedule(plan.campaign, cast.mei) if it.department and it.department.code == "creative")
    step.give_to(by=cast.mei, person=cast.felix)
    return step


def test_hours_are_noted_on_the_own_step_and_a_day_has_twenty_four(cast, agreed):
    step = a_step(agreed, cast)
    told = {"token": uuid4(), "on": MONDAY}
    with pytest.raises(PermissionDenied):
        Hours.note_down(step, by=cast.noor, hours=Decimal(1), **told)
    Hours.note_down(step, by=cast.felix, hours=Decimal(20), **told)
    with pytest.raises(Refused, match="24 hours"):
        Hours.note_down(step, by=cast.felix, hours=Decimal(5), token=uuid4(), on=MONDAY)
    with pytest.raises(Refused, match="until today"):
        Hours.note_down(step, by=cast.felix, hours=Decimal(1), token=uuid4(), on=MONDAY + timedelta(days=1))


# Rounds and change orders


def test_the_round_after_the_last_is_not_begun_but_offered_as_a_change_order(cast, agreed):
    poster = agreed.campaign.deliverables.get(letter="A")
    poster.begin_round(by=cast.marta)
    assert poster.is_used_up
    with pytest.raises(Refused):
        poster.begin_round(by=cast.marta)
    order = a_change_order(agreed.campaign, cast.marta, cause="round", deliverable=poster)
    order.record_agreement(by=cast.marta, contact=order.confirmers.first())
    assert fresh(poster).has_round_left


def test_an_agreed_change_order_adds_its_lines_and_the_coordinator_hears_of_its_days(cast, agreed):
    order = a_change_order(agreed.campaign, cast.marta, days=3)
    an_estimate_line(order, cast.marta, **{**PRINT, "name": "Copies", "unit_price": Decimal(1000), "markup": Decimal(8)})
    order.send(by=cast.marta, contact=order.confirmers.first())
    say(order, "confirmed", order.confirm)
    added = agreed.campaign.budget_lines.filter(source__order=order).in_order().values_list("name", "cost", "price")
    assert list(added) == [("Film", 0, 900), ("Copies", 1000, 1080)]
    assert fresh(order).state == "confirmed"
    assert Notice.objects.filter(recipient=cast.mei, text__contains="3 working days more").exists()
    assert money_in(agreed.campaign).profit.billed == 33600 + 1980


def test_a_declined_change_order_changes_nothing(cast, agreed):
    order = a_change_order(agreed.campaign, cast.marta)
    order.send(by=cast.marta, contact=order.confirmers.first())
    say(order, "declined", order.decline, "Not this year.")
    assert (fresh(order).state, agreed.campaign.budget_lines.count()) == ("declined", 2)


def test_change_orders_are_numbered_within_their_campaign_and_wait_for_an_agreed_plan(cast, agreed, clients):
    numbers = [a_change_order(agreed.campaign, cast.marta).reference for _time in range(2)]
    assert numbers == [f"{agreed.campaign.job_number}-C1", f"{agreed.campaign.job_number}-C2"]
    other = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Other")
    with pytest.raises(Refused, match="not agreed a plan yet"):
        a_change_order(a_plan(other, cast.marta).campaign, cast.marta)


def test_a_manager_writes_a_change_order_and_does_not_issue_it_for_a_larger_client(cast, agreed):
    order = a_change_order(agreed.campaign, cast.tomas)
    with pytest.raises(PermissionDenied):
        order.send(by=cast.tomas, contact=order.confirmers.first())
    with pytest.raises(PermissionDenied):
        order.record_agreement(by=cast.tomas, contact=order.confirmers.first())


def test_a_sent_change_order_is_locked_and_taken_back_it_is_written_again(cast, agreed):
    order = a_change_order(agreed.campaign, cast.marta)
    order.send(by=cast.marta, contact=order.confirmers.first())
    with pytest.raises(Conflict):
        an_estimate_line(order, cast.marta)
    link = SafeLink.objects.about(order).get()
    order.take_back(by=cast.marta, reason="One line more.")
    an_estimate_line(order, cast.marta, name="More")
    assert not fresh(link).is_live and order.total == 12900


def test_the_states_of_a_plan_are_those_of_the_trade():
    assert [str(it.label) for it in Plan.State] == [
        "Preliminary", "Under study", "Returned", "Agreed inside", "With the client", "Agreed", "Being changed"
    ]  # fmt: skip
