"""Small records for tests, made the way the agency makes them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from agency import clock
from agency.flow import revise
from briefs.models import Brief
from campaigns.models import Plan, ScheduleTemplate
from campaigns.schedule import make_schedule

FULL = {
    "product_knowledge": "Rye crackers, thin, baked on stone.",
    "market_situation": "Two rivals, a growing shelf.",
    "budget_notes": "Media, production and fee until June.",
    "market_plan": "Forty thousand packs a month by autumn.",
    "budget_amount": Decimal("60000.00"),
}


def a_brief(client, by, title="Rye crackers", **fields):
    """A brief being written, complete unless fields say otherwise."""
    return Brief.open(client=client, by=by, token=uuid4(), title=title, **{**FULL, **fields})


def an_accepted_brief(client, *, writer, acceptor, **fields):
    brief = a_brief(client, writer, **fields)
    brief.submit(by=writer)
    return brief.accept(by=acceptor)


def a_plan(brief, by, name="Crackers", **fields):
    """A campaign's plan, written and not yet submitted."""
    plan = Plan.open_with(brief=brief, name=name, by=by, token=uuid4())
    changes = {
        "objectives": "Known to one in five.",
        "strategy": "Posters near shops.",
        "budget": Decimal("60000.00"),
        **fields,
    }
    revise(plan, by=by, needs="campaigns.change_plan", seen=plan.version, changes=changes)
    return plan


def a_schedule(campaign, by, *, template="print", on=None):
    """The steps of a campaign, in their order, from a template and a first day (default: today)."""
    make_schedule(campaign, ScheduleTemplate.objects.get(key=template), by=by, on=on or clock.today())
    return list(campaign.steps.order_by("position"))


def days(n):
    return timedelta(days=n)


MONDAY = date(2026, 11, 23)
