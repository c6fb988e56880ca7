"""MGR1: the account manager drafts what the agency hands in: the text of a plan with its prices, and a change order."""

from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.models import ChangeOrder, EstimateLine, Plan
from tests.records import a_confirmed_plan, a_plan, an_accepted_brief


@pytest.fixture
def plan(cast, clients):
    """Marta's plan for Hollin & Rye, a KEY client: Tomas has a seat there and does not lead it."""
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)


def test_the_manager_writes_the_strategy_of_a_plan(cast, plan, login):
    browser, at = login(cast.tomas), reverse("plan_edit", args=[plan.campaign.job_number])
    sent = {"seen": plan.version, "objectives": "Known to one in four.", "strategy": "Posters at every bakery."}
    assert browser.post(at, sent).status_code == 302
    written = Plan.objects.get(pk=plan.pk)
    assert (written.objectives, written.strategy) == ("Known to one in four.", "Posters at every bakery.")
    assert written.history.first().history_user == cast.tomas


def test_the_manager_writes_a_price_into_the_estimate_and_no_terms_with_a_supplier(cast, plan, login):
    browser, at = login(cast.tomas), reverse("plan_estimate", args=[plan.campaign.job_number])
    new = browser.get(f"{at}new/")
    assert not {"markup", "payer", "supplier"} & set(new.context["form"].fields)
    sent = {"token": new.context["form"]["token"].value(), "kind": "creative", "name": "Copy", "quantity": "2",
            "unit": "day", "unit_price": "800.00", "tax": "0"}  # fmt: skip
    assert browser.post(f"{at}new/", sent).status_code == 302
    line = EstimateLine.objects.get(plan=plan, name="Copy")
    assert (line.created_by, line.figures().price) == (cast.tomas, Decimal("1600.00"))
    assert "1,600.00" in browser.get(at).content.decode()


def test_the_manager_drafts_a_change_order_and_leaves_its_sending_to_the_director(cast, clients, login):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    campaign = a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar).campaign
    browser, at = login(cast.tomas), reverse("change_order_new", args=[campaign.job_number])
    token = browser.get(at).context["form"]["token"].value()
    sent = {"token": token, "title": "A second size", "text": "The poster also as a placard.", "days": "2", "cause": "outside"}
    answer = browser.post(at, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    order = ChangeOrder.objects.get(campaign=campaign)
    assert (order.created_by, order.state) == (cast.tomas, ChangeOrder.State.DRAFT)
    assert browser.get(reverse("change_order_send", args=[order.pk])).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("jonas", 403), ("mei", 403), ("priya", 404), ("felix", 404)])
def test_nobody_else_drafts_it(name, status, cast, plan, login):
    at = reverse("plan_edit", args=[plan.campaign.job_number])
    assert login(getattr(cast, name)).get(at).status_code == status
