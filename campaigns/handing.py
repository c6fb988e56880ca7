"""What the coordinator watches beside lateness: work between two desks, and the media deadlines that come (COO1, COO3)."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from agency.templatetags.dates import since_when
from agency.workdays import calendar
from campaigns.models import Campaign, Deliverable, Step, standing
from campaigns.models.template import Kind
from campaigns.reading import standing_of, with_waited
from clients.owed import days_left, with_days_left

FEW = 5  # rows of a panel; the page behind it has them all
AHEAD = 10  # working days within which a media deadline is near
MOST = 100  # rows of the page of deadlines


def lies_between(step):
    """(one of the seven states, a word) for a step between two desks."""
    words = {
        Step.State.DONE: ("ours", _("Done, not taken over") if step.waits_for_takeover else _("Done, not checked")),
        Step.State.TAKEN_OVER: ("ours", _("Taken over, not checked")),
    }
    return words.get(step.state, ("stopped", _("Returned, not done again")))


def waited(step):
    """Since when a step lies where it lies, and how many working days that is."""
    days = ngettext("%(n)d working day", "%(n)d working days", step.waited) % {"n": step.waited}
    return format_html('{} <span class="list__note">{}</span>', since_when(step.court_since), days)


def longest_between(steps, person, most=FEW):
    """The steps of these that lie longest between two desks, each with `between`, `waited` and `left`; and how many lie so."""
    found = steps.filter(standing.is_between())
    rows = with_days_left(found.for_list().order_by("court_since", "pk")[:most], person)
    for step in with_waited(rows, person):
        step.between = lies_between(step)
    return rows, found.count()


@dataclass(frozen=True)
class Deadline:
    """Something that has to be at the media owner's by a day. left: working days until then, negative when late · step: its
    step in the schedule, or None for a piece of the plan."""

    on: date
    left: int
    what: str
    url: str
    campaign: Campaign
    person: Person | None
    state: str
    word: str
    step: Step | None = None


def media_deadlines(person, today, most=MOST):
    """The media deadlines that are near or missed, the first one first: unchecked steps of that kind, and pieces of plans. And
    how many there are, as far as `most` of each kind. Two queries."""
    workdays = calendar()
    last = workdays.add(today, AHEAD)
    steps = Step.objects.visible_to(person).unchecked().filter(kind=Kind.DEADLINE, ends_on__lte=last)
    steps = steps.select_related("campaign__client", "department", "person").order_by("ends_on", "pk")[: most + 1]
    found = [_of_step(step, today, workdays) for step in steps]
    pieces = Deliverable.objects.visible_to(person).filter(state=Deliverable.State.AGREED, deadline__range=(today, last))
    for piece in pieces.select_related("campaign__client").order_by("deadline", "pk")[: most + 1]:
        left = days_left(piece.deadline, today, workdays)
        about = (piece.campaign, None, "draft", _("Agreed in the plan"))
        found.append(Deadline(piece.deadline, left, str(piece), piece.get_absolute_url(), *about))
    return sorted(found, key=lambda it: (it.on, it.what))


def _of_step(step, today, workdays):
    about = (step.campaign, step.person, *standing_of(step, today), step)
    return Deadline(step.ends_on, days_left(step.ends_on, today, workdays), step.name, step.get_absolute_url(), *about)
