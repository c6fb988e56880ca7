"""What campaigns earn, added up for a campaign, a client, a group, a month or the whole department (DIR2, MIN1).

What the client has agreed counts from its budget and what became of it; what it has not agreed yet is not earned and does not
count. How the margin counts is told in docs/money.md.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from agency import clock
from campaigns import reckoning
from campaigns.models import BudgetLine, Hours, PlanEdition
from campaigns.models.hours import cost_of


@dataclass
class Money:
    """How the money of one campaign, or of several, stands. agreed_on: the day the client agreed the edition in force."""

    spent: reckoning.Spent = field(default_factory=reckoning.Spent)
    profit: reckoning.Profit = field(default_factory=reckoning.Profit)
    hours: Decimal = Decimal(0)
    campaigns: int = 0
    agreed_on: object = None
    price: Decimal = reckoning.NOTHING  # what the client agreed to pay through us, contingency included

    def __add__(self, other):
        return Money(
            self.spent + other.spent, self.profit + other.profit, self.hours + other.hours,
            self.campaigns + other.campaigns, None, self.price + other.price,
        )  # fmt: skip

    @property
    def level(self):
        return level_of(self.spent)

    @property
    def is_under_floor(self):
        return self.profit.is_under(settings.MARGIN_FLOOR)


def level_of(spent):
    """The state whose colour a line or a campaign has: "late" over what was agreed, "risk" from BUDGET_WARNS_AT per cent on."""
    if spent.is_over:
        return "late"
    return "risk" if spent.reaches(settings.BUDGET_WARNS_AT) else "done"


def money_of(campaigns):
    """campaign's key → its Money, for those of these campaigns whose plan the client has agreed. Three queries for all.

    campaigns: a queryset, as far as the reader sees the margin of each.
    """
    keys = campaigns.order_by().values("pk")
    editions = {it.plan.campaign_id: it for it in _in_force(keys)}
    noted = Hours.objects.standing().filter(campaign__in=keys).order_by().values_list("campaign").annotate(all=Sum("hours"))
    hours = dict(noted)
    found = {}
    for line in BudgetLine.objects.filter(campaign__in=keys).in_order():
        if line.campaign_id in editions:
            money = found.setdefault(line.campaign_id, Money(campaigns=1))
            spent = line.spent if line.is_spent_on else reckoning.Spent()
            money.spent, money.profit = money.spent + spent, money.profit + line.profit
            money.price += line.price
    for key, money in found.items():
        money.hours, money.agreed_on = hours.get(key, Decimal(0)), editions[key].confirmed_on
        labour = max(editions[key].labour, cost_of(money.hours))
        money.profit += reckoning.Profit(labour=labour)
    return found


def _in_force(keys):
    return PlanEdition.objects.in_force().filter(plan__campaign__in=keys).select_related("plan")


def money_in(campaign):
    """The Money of one campaign, or None while the client has agreed nothing."""
    return money_of(type(campaign).objects.filter(pk=campaign.pk)).get(campaign.pk)


def gathered(campaigns, found, by):
    """Several campaigns added up: what `by(campaign, money)` gives → Money, the weakest margin first.

    campaigns: those of a list · found: what `money_of` gave for them.
    """
    sums = {}
    for campaign in campaigns:
        if campaign.pk in found:
            key = by(campaign, found[campaign.pk])
            sums[key] = sums[key] + found[campaign.pk] if key in sums else found[campaign.pk] + Money()
    return dict(sorted(sums.items(), key=lambda it: _strength(it[1].profit)))


def _strength(profit):
    """By what the weakest stands first: the margin; where there is no income, a loss before everything and the rest behind."""
    if profit.margin is None:
        return float("-inf") if profit.profit < 0 else float("inf")
    return profit.margin


def this_year():
    return clock.today().year
