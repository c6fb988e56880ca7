"""What any knot of the thread owes: one reading of court, holder and due date for every kind of record that can be due."""

from functools import partial

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agency import clock
from agency.flow import Court
from agency.workdays import calendar
from clients.ladder import Ladder, rung_of
from reminders.registry import Due


def owed_knots(knots, today, text):
    """Yield a Due for everybody whom the ladder tells of these knots by `today`: each the highest rung reached.

    knots: queryset of one ClientKnot model · text: a lazy sentence with %(record)s, %(client)s, %(holder)s and %(due)s.
    Two bounded queries besides the knots themselves, which an index on open due dates finds.
    """
    workdays = calendar()
    soon = workdays.add(today, 1)
    owed = knots.exclude(court=Court.NOBODY).filter(due_on__lte=soon).select_related("client", "holder__guide")
    owed = list(owed)
    ladder = Ladder({knot.client_id for knot in owed})
    for knot in owed:
        owner = ladder.salesman(knot.client_id) if knot.court == Court.CLIENT else knot.holder
        rung = rung_of(knot.due_on, today, workdays)
        for person, step in ladder.reached(knot.client_id, owner, rung).items():
            yield Due(
                subject=knot, recipient=person, rung=step, due_on=knot.due_on, text=partial(sentence, text, knot, owner, rung)
            )


def sentence(text, knot, owner, rung):
    """The reminder's sentence, in the language that is active when it is asked for; from the first rung on it says: late."""
    due = date_format(knot.due_on, pgettext("date format", "D j M"))
    words = {"record": knot, "client": knot.client, "holder": owner or "—", "due": due}
    told = str(text) % words
    return _("Late: %(told)s") % {"told": told} if rung > 0 else told


def with_days_left(knots, person):
    """The knots, each with `left`: the working days to its due date where the person is, negative when late, or None."""
    knots, workdays, today = list(knots), calendar(), clock.today_for(person)
    for knot in knots:
        knot.left = days_left(knot.due_on, today, workdays) if knot.due_on else None
    return knots


def days_left(due_on, today, workdays):
    """Working days to a due date. Once it has passed it is late, on a Saturday too."""
    left = -rung_of(due_on, today, workdays)
    return min(left, -1) if due_on < today else left


def is_owed(knot, due_on, today):
    """Whether a reminder written earlier still holds: the same due date, and the ball still lies with somebody."""
    return knot.court != Court.NOBODY and knot.due_on == due_on
