"""Campaigns under way, hottest first, and who has how much open (COO1, SUP1)."""

from django.db.models import Count, F, Min, Q

from accounts.models import Person
from campaigns.models import Campaign, Step, standing
from desk.counts import counted

CAMPAIGNS, PEOPLE = 8, 8


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


def clashes(person, today, most=PEOPLE):
    """People who have begun steps of two campaigns that both run over today: (who, the steps). Two queries."""
    running = Step.objects.visible_to(person).filter(state="in_progress", person__isnull=False, starts_on__lte=today)
    running = running.filter(ends_on__gte=today).order_by()
    twice = running.values("person").annotate(n=Count("campaign", distinct=True)).filter(n__gt=1).order_by("-n", "person")
    keys = [row["person"] for row in twice[:most]]
    found = {}
    for step in running.filter(person__in=keys).select_related("person", "client").order_by("ends_on", "pk"):
        found.setdefault(step.person, []).append(step)
    return sorted(found.items(), key=lambda row: keys.index(row[0].pk))
