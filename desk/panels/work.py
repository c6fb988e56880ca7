"""Campaigns under way, hottest first, and who has how much open (COO1, SUP1)."""

from datetime import timedelta

from django.db.models import Count, F, Min, Q

from accounts.models import Absence, Person
from campaigns import workload
from campaigns.handing import longest_between
from campaigns.models import Campaign, Step, standing
from desk.counts import counted

CAMPAIGNS, PEOPLE = 8, 8
WEEK = 6  # days after today


def campaigns(person, today, *, only_hot=False, most=CAMPAIGNS):
    """The campaigns with open work, those with most late first, each with `late`, `risk`, `blocked`, `first_late` and `work`.

    only_hot: those on which something is late, at risk or blocked. Three queries.
    """
    asked = {
        "late": Count("pk", filter=standing.is_late(today)),
        "risk": Count("pk", filter=standing.is_at_risk(today)),
        "blocked": Count("pk", filter=standing.is_blocked(today)),
        "first_late": Min("ends_on", filter=standing.is_late(today)),
    }
    found = Step.objects.visible_to(person).unchecked().order_by().values("campaign").annotate(**asked)
    if only_hot:
        found = found.filter(Q(late__gt=0) | Q(risk__gt=0) | Q(blocked__gt=0))
    rows = {row.pop("campaign"): row for row in found.order_by("-late", "-risk", "-blocked", "campaign")[:most]}
    there = Campaign.objects.visible_to(person).select_related("client").in_bulk(rows)
    hottest = [there[key] for key in rows if key in there]
    for campaign in hottest:
        vars(campaign).update(rows[campaign.pk])
    return counted(hottest, "campaign", person, today)


def load(person, today, most=PEOPLE):
    """Who owns most of the open steps that the person sees: open, late, begun, ahead. A count, not hours; two queries."""
    late, begun = standing.is_late(today), Q(state__in=("ready", "in_progress"))
    asked = {
        "open": Count("pk"),
        "late": Count("pk", filter=late),
        "begun": Count("pk", filter=begun & ~late),
        "ahead": Count("pk", filter=~begun & ~late),
    }
    open_steps = Step.objects.visible_to(person).open().filter(person__isnull=False).order_by()
    rows = list(open_steps.values("person").annotate(**asked).order_by("-open", "-late", F("person"))[:most])
    people = Person.objects.select_related("department").in_bulk([row["person"] for row in rows])
    return [row | {"person": people[row["person"]]} for row in rows]


def clashes(person, today, people):
    """Which of these people are wanted today for more than they have, with the ways out that are the person's: 7 queries."""
    rows = workload.rows_of(people[: workload.MOST], person, today, today, today)
    return workload.clashes(rows, person)[:PEOPLE]


def away(person, today):
    """The absences, among those shown to the person, with a day within a week from today. One query."""
    soon = Absence.objects.visible_to(person).touching(today, today + timedelta(days=WEEK))
    return list(soon.select_related("person").order_by("first", "pk")[:PEOPLE])


def lies_between(person):
    """What lies longest between two desks, for the panel of that name."""
    rows, count = longest_between(Step.objects.visible_to(person).concerning(person), person)
    return {"between": rows, "between_count": count}
