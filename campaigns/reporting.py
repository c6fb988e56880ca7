"""Which campaigns owe their client a progress report, and when (DIR6)."""

from django.db.models import Exists, F, Max, OuterRef, Q

from campaigns.models import Campaign, ProgressReport, Step
from campaigns.rhythm import Every, latest_due


def reporting():
    """The campaigns with work that is begun and not all checked, and a rhythm; each with `told_until`, the last day told of."""
    steps = Step.objects.filter(campaign=OuterRef("pk")).order_by()
    begun = steps.kept().exclude(state__in=(Step.State.PLANNED, Step.State.READY))
    released = Q(progress_reports__state=ProgressReport.State.RELEASED)
    found = Campaign.objects.exclude(report_every=Every.NEVER).filter(Exists(begun), Exists(steps.unchecked()))
    return found.annotate(told_until=Max(F("progress_reports__last"), filter=released)).order_by("pk")


def report_due(campaign, until, workdays):
    """The day on or before `until` on which a report of this campaign (from `reporting`) was due and is not there; or None.

    What was done before a report was due for the first time, or before the last one, owes none.
    """
    due_on = latest_due(campaign.report_every, campaign.report_day, until, workdays)
    covered = campaign.told_until or campaign.opened_on
    return due_on if due_on and due_on > covered else None
