"""On which days a campaign's progress report is due (DIR6): pure arithmetic over the agency's calendar.

A rhythm is a weekday, every week, every other week (the even ones of the calendar) or the last of it in a month. Where the
agency is closed on that day, the report is due on the working day before.
"""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

FRIDAY = 4
AHEAD, BACK = 21, 70  # days looked at around a date: no rhythm leaves a longer gap


class Every(models.TextChoices):
    WEEK = "week", _("every week")
    FORTNIGHT = "fortnight", _("every other week")
    MONTH = "month", _("once a month")
    NEVER = "never", _("no reports")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")


def falls(every, weekday, day):
    """Whether the rhythm names this calendar day."""
    if day.weekday() != weekday or every == Every.NEVER:
        return False
    if every == Every.FORTNIGHT:
        return day.isocalendar().week % 2 == 0
    return every == Every.WEEK or (day + timedelta(days=7)).month != day.month


def latest_due(every, weekday, until, workdays):
    """The last day on or before `until` on which a report was due; None where none is."""
    days = (until + timedelta(days=shift) for shift in range(AHEAD, -BACK, -1))
    due = (workdays.on_or_before(day) for day in days if falls(every, weekday, day))
    return next((day for day in due if day <= until), None)


def next_due(every, weekday, after, workdays):
    """The first day after `after` on which a report is due; None where none is."""
    days = (after + timedelta(days=shift) for shift in range(1, BACK + AHEAD))
    due = (workdays.on_or_before(day) for day in days if falls(every, weekday, day))
    return next((day for day in due if day > after), None)
