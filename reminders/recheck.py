"""The second look, at the moment of sending: still employed, still allowed to see it, still due."""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db.models import prefetch_related_objects

from reminders.errors import one_line
from reminders.models import Notice, Outgoing
from reminders.mornings import local_day
from reminders.registry import kind_of, models_told_of

log = logging.getLogger("accord.reminders")

LATER = timedelta(hours=1)


def sift(held, person, now):
    """Drop, of one person's claimed notices, what must not be sent any more. Returns the others, and how many were dropped.

    person: read from the database just now, so that a right taken away a moment ago counts.
    """
    prefetch_related_objects(held, "subject")
    seen, today = places_seen(held, person), local_day(now, person)
    kept, dropped = [], defaultdict(list)
    for notice in held:
        try:
            reason = why_not(notice, person, seen, today)
        except Exception as error:
            log.exception("Notice %s (%s) could not be checked.", notice.pk, notice.kind)
            Notice.objects.filter(pk=notice.pk).set_aside(now + LATER, one_line(error))
            continue
        if reason:
            dropped[reason].append(notice.pk)
        else:
            kept.append(notice)
    return kept, sum(Notice.objects.filter(pk__in=keys).drop(now, reason) for reason, keys in dropped.items())


def places_seen(held, person):
    """Pairs (content type, key) of those records that this person sees: one question for each type, not for each record."""
    seen = set()
    for content_type, model in models_told_of().items():
        keys = {notice.object_id for notice in held if notice.content_type_id == content_type.pk}
        if keys:
            there = model._default_manager.visible_to(person).filter(pk__in=keys).order_by()
            seen.update((content_type.pk, key) for key in there.values_list("pk", flat=True))
    return seen


def why_not(notice, person, seen, today):
    """The reason why this notice is not to be sent to this person today; None if it is."""
    if not person.is_active:
        return Outgoing.Drop.LEFT
    if not person.email:
        return Outgoing.Drop.NO_ADDRESS
    if notice.subject is None:
        return Outgoing.Drop.SETTLED
    kind = kind_of(notice.kind)
    if not person.has_perm(kind.view_right) or (notice.content_type_id, notice.object_id) not in seen:
        return Outgoing.Drop.HIDDEN
    if notice.due_on and not kind.is_due(notice.subject, notice.due_on, today):
        return Outgoing.Drop.SETTLED
    if notice.rung is None and person.news == "desk":
        return Outgoing.Drop.DESK
    return None
