"""What happened, with the thing it happened to: events of many kinds of record in a bounded number of queries."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import localtime

from agency import clock
from approvals.models import Draft, DraftComment, DraftVersion, Presentation, Sample, SupervisionNote
from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from campaigns.models import (
    Baseline,
    Campaign,
    ChangeOrder,
    Hours,
    Nudge,
    Plan,
    PlanEdition,
    ProgressReport,
    Rearrangement,
    Step,
    StepNote,
    StepProgress,
)
from campaigns.models.standing import SETTLED
from clients.models import Client, Event
from clients.models.record import sees_by_client, unseen_kinds

MOST, RECORDS = 10, 300
# what follows from something else by itself, which is told
FOLLOWING = ("become_ready", "ask", "unask", "note", "finish", "reply_by_link", "settle", "supersede")
TONES = {
    "accept": "done", "accept_without_playback": "done", "confirm": "done", "record_confirmation": "done",
    "clear": "done", "record_agreement": "done", "confirm_with": "risk", "record_with": "risk", "record_no": "risk",
    "agree": "done", "check_off": "done", "check_without_takeover": "done", "grant": "done", "win": "done",
    "return_to_writer": "stopped", "hand_back": "stopped", "decline": "stopped", "part": "stopped",
    "rearranged": "risk", "carry_out": "risk", "ask_changes": "risk", "record_changes": "risk", "answer": "ours",
    "submit": "ours", "report_done": "ours", "take_over": "ours", "record": "ours", "answer_back": "ours",
    "hand_in": "ours", "presented": "ours", "reopen": "risk",
    "pass_it": "done", "release": "done", "pass_with_corrections": "risk", "fail": "stopped", "look_again": "risk",
    "close": "done", "close_despite": "risk", "agree_all_the_same": "risk",
}  # fmt: skip


def told_to(person, client=None):
    """The events on records that `person` sees (of one client), without those that merely follow from another."""
    events = Event.objects.visible_to(person).exclude(verb__in=FOLLOWING)
    return events if client is None else events.filter(client=client)


def happened(person, client=None, *, most=MOST, since=None, by_others=False):
    """The latest events, newest first, each with its `subject` at hand, its `tone`, and `is_new` if it is younger than `since`.

    by_others: without what the person did himself, who knows it.
    """
    events = told_to(person, client)
    if client is None and sees_by_client(person):
        events = only_newest(events, person, most, by_others)
    elif client is None:
        events = of_own_records(person)
    if by_others:
        events = events.exclude(actor=person)
    found = with_subjects(events.order_by("-at", "-pk")[:most])
    for event in found:
        event.is_new = since is not None and event.at > since
    return found


def with_subjects(events):
    """The events in a list, each with its record; one query for each kind of record among them."""
    # These are named after something else.
    named = [
        Plan.objects.select_related("campaign"),
        PlanEdition.objects.select_related("plan__campaign"),
        ChangeOrder.objects.select_related("campaign"),
        Baseline.objects.select_related("campaign"),
        ProgressReport.objects.select_related("campaign"),
        Hours.objects.select_related("step", "created_by"),
        Rearrangement.objects.select_related("step"),
        Draft.objects.select_related("campaign", "deliverable"),
        DraftVersion.objects.select_related("draft__deliverable"),
        DraftComment.objects.select_related("draft__deliverable", "parent"),
        Presentation.objects.select_related("campaign"),
        Sample.objects.select_related("campaign", "deliverable"),
        SupervisionNote.objects.select_related("campaign"),
        StepNote.objects.select_related("step", "created_by"),
        Nudge.objects.select_related("step", "person"),
        StepProgress.objects.select_related("step"),
        Enquiry.objects.select_related("brief"),
        Playback.objects.select_related("brief"),
        Study.objects.select_related("brief"),
        Opinion.objects.select_related("department", "study__brief"),
    ]
    rows = events.with_who().select_related("client")
    found = list(rows.prefetch_related(GenericPrefetch("subject", named)))
    for event in found:
        event.tone, event.day = TONES.get(event.verb, ""), localtime(event.at).date()
    return found


def only_newest(events, person, most, by_others):
    """The events cut to where the latest `most` surely are, so that no query walks the whole past of the house.

    The clients that were busy last are asked through the index (client, at) for their newest event; the latest `most` lie with
    at most so many clients, and none is older than the newest event of the last of these, nor than the `most`-th of any.
    """
    own = Event.objects.filter(client=OuterRef("pk")).exclude(verb__in=FOLLOWING)
    own = own.exclude(content_type__in=unseen_kinds(person)).order_by("-at", "-pk").values("at")
    if by_others:
        own = own.exclude(actor=person)
    busy = Client.objects.visible_to(person).annotate(newest=Subquery(own[:1])).filter(newest__isnull=False)
    busy = list(busy.order_by(F("newest").desc(), "pk").values_list("pk", "newest")[:most])
    keys = [pk for pk, _newest in busy]
    deep = Client.objects.filter(pk__in=keys).values_list(Subquery(own[most - 1 : most]), flat=True)
    limits = [at for at in (busy[-1][1] if len(busy) == most else None, *deep) if at]
    events = events.filter(client__in=keys)
    return events.filter(at__gte=max(limits)) if limits else events


def of_own_records(person):
    """What happened to the records that a member of another department sees, for the desk: what is shared with him, and his
    steps until a month after their last day. They are few, and the index (kind, record) finds their events.
    """
    lately = clock.today_for(person) - timedelta(days=30)
    steps = Step.objects.visible_to(person).filter(~Q(state__in=SETTLED) | Q(ends_on__gte=lately))
    seen = [
        model.objects.visible_to(person)
        for model in (Brief, Opinion, Campaign, Rearrangement, Draft, DraftVersion, Sample, SupervisionNote)
    ]
    about = Q(pk__in=[])
    for records in (steps, *seen):
        kind, keys = ContentType.objects.get_for_model(records.model), records.order_by("-pk").values_list("pk", flat=True)
        about |= Q(content_type=kind, object_id__in=list(keys[:RECORDS]))
    return Event.objects.filter(about).exclude(verb__in=FOLLOWING)
