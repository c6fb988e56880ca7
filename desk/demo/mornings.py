"""The mornings of the demo agency: what was due was written and mailed, and most of it has been read."""

from django.db.models import F

from agency import clock
from desk.demo.stage import Act
from reminders.models import Notice
from reminders.sweep import sweep

FIRST = -16
READ_UNTIL = -1


def acts():
    """Every morning's sweep and post of the last three weeks, as they would have been."""
    for offset in range(FIRST, 1):
        yield Act(offset, "07:55", lambda: sweep(clock.now()))
        yield Act(offset, "08:00", post)
        yield Act(offset, "17:59", post)


def post():
    """What waits has been sent."""
    now = clock.now()
    Notice.objects.waiting(now).sent(now)


def settle(stage):
    """After the last act: nothing of the past waits to be mailed, and only the newest notices lie unread on the desks."""
    Notice.objects.waiting(stage.end).sent(stage.end)
    read = Notice.objects.filter(created_at__lt=stage.instant(READ_UNTIL, "09:00"))
    read.update(seen_at=F("shown_at"))
