"""How the work stands: the steps of clients and people counted by state, in one query each."""

from django.db.models import Count, Q

from agency.flow import Court
from campaigns.models import Step
from campaigns.models.step import OPEN


def counts(today):
    """The counts that divide a schedule: each step is in exactly one of done, late, at_client, ours, draft."""
    late = Q(state__in=OPEN, ends_on__lt=today)
    return {
        "done": Count("pk", filter=Q(state=Step.State.CHECKED)),
        "late": Count("pk", filter=late),
        "at_client": Count("pk", filter=Q(state__in=("ready", "in_progress"), court=Court.CLIENT) & ~late),
        "ours": Count("pk", filter=(Q(state__in=("done", "taken_over")) | Q(state__in=("ready", "in_progress")) & ~Q(court=Court.CLIENT)) & ~late),
        "draft": Count("pk", filter=Q(state=Step.State.PLANNED) & ~late),
        "unassigned": Count("pk", filter=Q(state__in=OPEN, person__isnull=True)),
    }  # fmt: skip


PARTS = ("done", "late", "at_client", "ours", "draft")
NONE = dict.fromkeys((*PARTS, "unassigned"), 0)


def counted(rows, field, person, today):
    """The rows, each with `work`: the counts of its steps that `person` sees, and `whole`. field: how a step names its row."""
    rows = list(rows)
    steps = Step.objects.visible_to(person).filter(**{f"{field}__in": [row.pk for row in rows]}).order_by()
    found = {each.pop(field): each for each in steps.values(field).annotate(**counts(today))}
    for row in rows:
        row.work = found.get(row.pk, NONE)
        row.whole = sum(row.work[name] for name in PARTS)
    return rows


def of_steps(person, today):
    """The figures over a schedule, each of which opens its list; one query."""
    steps = Step.objects.visible_to(person).order_by()
    return steps.aggregate(
        late=Count("pk", filter=Q(state__in=OPEN, ends_on__lt=today)),
        due=Count("pk", filter=Q(state__in=OPEN, ends_on=today)),
        blocked=Count("pk", filter=Q(state=Step.State.PLANNED, starts_on__lte=today)),
        unassigned=Count("pk", filter=Q(state__in=OPEN, person__isnull=True)),
        to_check=Count("pk", filter=Q(state__in=("done", "taken_over"))),
    )
