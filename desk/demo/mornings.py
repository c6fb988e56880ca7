"""The mornings of the demo agency: what was due was written and mailed, and most of it has been read."""

from django.db.models import F

from agency import clock
from desk.demo.stage import Act
from reminders.models import Letter, Notice
from reminders.sweep import sweep

# The week in which a key client was silent, and the last one.
MORNINGS = [*range(-16, -11), *range(-4, 1)]
READ_UNTIL = -1


def acts():
    """Each morning's sweep and post, as they would have been."""
    for offset in MORNINGS:
        yield Act(offset, "07:55", lambda: sweep(clock.now()))
        yield Act(offset, "08:00", lambda: post(clock.now()))


def post(now):
    """What waits by now left at its hour."""
    Notice.objects.waiting(now).update(sent_at=F("send_at"))
    Letter.objects.waiting(now).sent(now)


def settle(stage):
    """After the last act: nothing of the past waits to be mailed, and only the newest notices lie unread on the desks."""
    post(stage.end)
    read = Notice.objects.filter(created_at__lt=stage.instant(READ_UNTIL, "09:00"))
    read.update(seen_at=F("shown_at"))
