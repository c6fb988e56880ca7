"""How the work stands: the steps of clients, campaigns and people counted by state, in one query each."""

from django.db.models import Count, Q

from agency.flow import Court
from campaigns.forms import SHOWN
from campaigns.models import Step, standing


def counts(today):
    """The counts that divide a schedule: each step is in exactly one of done, late, at_client, ours, draft."""
    late, begun, theirs = standing.is_late(today), Q(state__in=("ready", "in_progress")), Q(court=Court.CLIENT)
    return {
        "done": Count("pk", filter=Q(state__in=standing.SETTLED)),
        "late": Count("pk", filter=late),
        "at_client": Count("pk", filter=begun & theirs & ~late),
        "ours": Count("pk", filter=standing.is_to_check() | begun & ~theirs & ~late),
        "draft": Count("pk", filter=Q(state=Step.State.PLANNED) & ~late),
        "unassigned": Count("pk", filter=standing.is_unassigned()),
    }


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


def figures(person, today):
    """The figures over the steps that `person` sees, each with the word by which the schedule shows them; one query."""
    asked = {word: Count("pk", filter=condition(today)) for word, (_label, _state, condition) in SHOWN.items()}
    found = Step.objects.visible_to(person).order_by().aggregate(**asked)
    return [
        {"word": word, "label": it[0], "state": it[1] if found[word] else "done", "value": found[word]}
        for word, it in SHOWN.items()
    ]
