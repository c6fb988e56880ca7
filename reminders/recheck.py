"""The second look, at the moment of sending: still employed, still allowed to see it, still due."""

import logging
from datetime import timedelta

from django.db.models import prefetch_related_objects

from reminders.errors import one_line
from reminders.models import Notice, Outgoing
from reminders.mornings import local_day
from reminders.registry import kind_of

log = logging.getLogger("accord.reminders")

LATER = timedelta(hours=1)


def sift(held, person, now):
    """Drop, of one person's claimed notices, what must not be sent any more. Returns the others, and how many were dropped.

    person: read from the database just now, so that a right taken away a moment ago counts.
    """
    prefetch_related_objects(held, "subject")
    kept, dropped = [], 0
    for notice in held:
        row = Notice.objects.filter(pk=notice.pk)
        try:
            reason = why_not(notice, person, local_day(now, person))
        except Exception as error:
            log.exception("Notice %s (%s) could not be checked.", notice.pk, notice.kind)
            row.set_aside(now + LATER, one_line(error))
            continue
        if reason:
            dropped += row.drop(now, reason)
        else:
            kept.append(notice)
    return kept, dropped


def why_not(notice, person, today):
    """The reason why this notice is not to be sent to this person today; None if it is."""
    if not person.is_active:
        return Outgoing.Drop.LEFT
    if not person.email:
        return Outgoing.Drop.NO_ADDRESS
    if notice.subject is None:
        return Outgoing.Drop.SETTLED
    kind = kind_of(notice.kind)
    if not person.has_perm(kind.view_right, notice.subject):
        return Outgoing.Drop.HIDDEN
    if notice.due_on and not kind.is_due(notice.subject, notice.due_on, today):
        return Outgoing.Drop.SETTLED
    return None
