"""What happened, with the thing it happened to: events of many kinds of record in a bounded number of queries."""

from django.contrib.contenttypes.prefetch import GenericPrefetch

from campaigns.models import Plan, Rearrangement
from clients.models import Event

MOST = 15


def happened(person, client=None, most=MOST):
    """The latest events on records that `person` sees (of one client), newest first, each with its `subject` at hand."""
    events = Event.objects.visible_to(person)
    if client is not None:
        events = events.filter(client=client)
    # A plan and a rearrangement are named after something else.
    subjects = GenericPrefetch(
        "subject", [Plan.objects.select_related("campaign"), Rearrangement.objects.select_related("step")]
    )
    latest = events.select_related("actor", "content_type", "client").order_by("-at", "-pk")[:most]
    return list(latest.prefetch_related(subjects))
