"""The sweep: asks every kind what is owed and lays it into the outbox, once each.

Unique on record, recipient, kind and occasion (the due date and the rung): sweeping twice, or from two machines at a time,
changes nothing.
"""

import logging
from itertools import islice

from django.contrib.auth import get_user_model

from agency.workdays import calendar
from reminders.models import OPEN, Notice, Outgoing
from reminders.mornings import local_day, next_morning
from reminders.notices import sentence
from reminders.registry import POSTS, owing_kinds

log = logging.getLogger("accord.reminders")
CHUNK = 500


def sweep(now):
    """Write what is due by `now`, on everybody's own date. Returns how many notices are new."""
    for post in POSTS.values():
        write_letters(post, now)
    workdays = calendar()
    return sum(sweep_kind(kind, day, now, workdays) for day in todays(now) for kind in owing_kinds())


def write_letters(post, now):
    """The letters that one kind owes. A kind that fails is logged; the others go on."""
    try:
        if post.write:
            post.write(now)
    except Exception:
        log.exception("The letters of %s could not be written.", post.name)


def todays(now):
    """The dates that the people of the agency have at this instant: one, or two or three where they sit far apart."""
    people = get_user_model()._default_manager.filter(is_active=True).order_by()
    zones = people.distinct().values_list("time_zone")
    return sorted({local_day(now, people.model(time_zone=zone)) for (zone,) in zones})


def sweep_kind(kind, day, now, workdays):
    """Write what one kind owes to the people who have this date. A kind that fails is logged; the others go on."""
    written, places = 0, set()
    try:
        owed = (due for due in kind.owed(day) if due.recipient.is_active and local_day(now, due.recipient) == day)
        while dues := list(islice(owed, CHUNK)):
            places.update(due.place for due in dues)
            notices = list(drafts(kind, unwritten(kind, dues), now, workdays))
            clear_the_way(kind, notices)
            Notice.objects.bulk_create(notices, ignore_conflicts=True)
            written += len(notices)
        withdraw(kind, day, now, places)
    except Exception:
        log.exception("What %s owes on %s could not be swept.", kind.name, day)
    return written


def withdraw(kind, day, now, places):
    """Take back what waits to be sent and is not owed to its recipient any more: settled, moved, or given to somebody else."""
    waiting = Notice.objects.filter(OPEN, kind=kind.name, rung__isnull=False).select_related("recipient")
    stale = [it.pk for it in waiting if local_day(now, it.recipient) == day and it.place not in places]
    Notice.objects.filter(pk__in=stale).drop(now, Outgoing.Drop.SETTLED)


def unwritten(kind, dues):
    """Those of the dues whose recipient has not been written this rung, nor a higher one, for the same due date."""
    highest = {}
    rows = Notice.objects.filter(kind=kind.name, rung__isnull=False, object_id__in={due.subject.pk for due in dues})
    rows = rows.exclude(drop_reason=Outgoing.Drop.SETTLED)  # taken back before it left: never told
    for row in rows.filter(content_type__in={due.place[0] for due in dues}):
        highest[row.place] = max(row.rung, highest.get(row.place, row.rung))
    return [due for due in dues if due.rung > highest.get(due.place, due.rung - 1)]


def clear_the_way(kind, notices):
    """What was taken back as settled and is owed once more (a step reported done, then returned) is written anew."""
    wanted = {(it.content_type_id, it.object_id, it.recipient_id, it.occasion) for it in notices}
    rows = Notice.objects.filter(kind=kind.name, drop_reason=Outgoing.Drop.SETTLED, object_id__in={key[1] for key in wanted})
    named = rows.values_list("pk", "content_type", "object_id", "recipient", "occasion")
    rows.filter(pk__in=[pk for pk, *key in named if tuple(key) in wanted]).delete()


def drafts(kind, dues, now, workdays):
    """The notices of these dues. One that cannot be worded is logged and keeps nobody else's back."""
    for due in dues:
        try:
            yield notice_for(kind, due, now, workdays)
        except Exception:
            log.exception("A reminder of %s %s could not be written.", kind.name, due.subject.pk)


def notice_for(kind, due, now, workdays):
    """The notice of a due thing: for the recipient's morning of today, or of the next working day if the agency is closed."""
    leaves = next_morning(local_day(now, due.recipient), due.recipient, workdays)
    return Notice(
        recipient=due.recipient,
        kind=kind.name,
        subject=due.subject,
        text=sentence(due.text, due.recipient),
        path=due.subject.get_absolute_url(),
        occasion=f"due:{due.due_on}{due.rung:+d}",
        due_on=due.due_on,
        rung=due.rung,
        digest=due.rung <= 0,
        created_at=now,
        shown_at=leaves,
        send_at=leaves,
    )
