"""The hot list (COO1): the steps that hurt most, why, and what helps."""

from dataclasses import dataclass

from django.db.models import Case, Prefetch, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.templatetags.dates import day
from agency.workdays import calendar
from campaigns.board import WORST
from campaigns.models import Nudge, Step, standing
from campaigns.models.nudge import latest_promises
from campaigns.reading import standing_of
from clients.owed import days_left
from clients.stranded import is_stranded

MOST = 6
SOON = 5  # working days: what begins by then needs somebody who does it


@dataclass(frozen=True)
class Hot:
    """A step that hurts: why, and (label, address) of what helps."""

    step: Step
    state: str
    reason: str
    help: tuple
    promise: Nudge | None = None

    @property
    def promised(self):
        """The newest promise, in a sentence; "" if there is none."""
        if self.promise is None:
            return ""
        words = {"person": self.promise.person, "day": day(self.promise.promised_on)}
        return _("%(person)s promised it for %(day)s.") % words


def hot_of(steps, person, today, most=MOST):
    """The steps that hurt most, each with its reason, its promise and what the person can do. Eight queries at most."""
    workdays = calendar()
    waited = Prefetch("before", queryset=Step.objects.visible_to(person).unchecked(), to_attr="waited_for")
    found = list(worst_of(steps, today, workdays).for_list().prefetch_related(waited)[:most])
    helps, promises = helps_for(found, person), latest_promises(found)

    def told(step):
        reason = reason_of(step, today, workdays)
        return Hot(step, standing_of(step, today)[0], reason, helps(step, today), promises.get(step.pk))

    return [told(step) for step in found]


def worst_of(steps, today, workdays):
    """Late, blocked or at risk, in this sequence and by due day; then what begins within a week and nobody does, or can."""
    soon = Q(starts_on__lte=workdays.add(today, SOON))
    nobodys = standing.is_unassigned() | standing.is_open() & Q(stranded=True)
    conditions = [*(condition(today) for condition in WORST[:3]), nobodys & soon]
    steps = steps.annotate(stranded=is_stranded(Step))
    whens = [When(condition, then=Value(place)) for place, condition in enumerate(conditions)]
    return steps.annotate(hurt=Case(*whens)).filter(hurt__isnull=False).order_by("hurt", "ends_on", "pk")


def reason_of(step, today, workdays):
    if step.is_late(today):
        return _late(step, -days_left(step.ends_on, today, workdays))
    if step.is_blocked(today):
        words = {"day": day(step.starts_on), "steps": ", ".join(f"“{it}”" for it in step.waited_for)}
        if step.waited_for:
            return _("Should begin on %(day)s; waits for %(steps)s.") % words
        return _("Should begin on %(day)s; waits for the step before it.") % words
    if step.latest_on and step.is_at_risk(today) and step.latest_on <= step.ends_on:
        return _("Ends on the latest day allowed, %(day)s.") % {"day": day(step.latest_on)}
    if step.is_at_risk(today):
        return _("Should have begun on %(day)s.") % {"day": day(step.starts_on)}
    if step.stranded:
        words = {"day": day(step.starts_on), "person": step.in_hands_of}
        return _("Begins on %(day)s and lies with %(person)s, who can no longer do it.") % words
    return _("Begins on %(day)s, and nobody does it yet.") % {"day": day(step.starts_on)}


def _late(step, n):
    if step.is_clients:
        return ngettext("The client is %(n)d working day late.", "The client is %(n)d working days late.", n) % {"n": n}
    return ngettext("%(n)d working day late.", "%(n)d working days late.", n) % {"n": n}


def helps_for(steps, person):
    """A function: step → (label, address) of what helps, as far as the person may. Three queries."""
    keys = [step.pk for step in steps]

    def held(right):
        return set(Step.objects.where(person, right).filter(pk__in=keys).values_list("pk", flat=True))

    gives, moves, asks = (held(f"campaigns.{right}") for right in ("make_schedule", "rearrange_steps", "ask_rearrangement"))

    def helps(step, today):
        at = step.get_absolute_url()
        nobodys = (step.person_id is None and not step.is_clients) or (step.is_open and step.stranded)
        if nobodys and step.pk in gives:
            return _("Give"), f"{at}#give"
        if step.pk in moves:
            return _("Rearrange"), f"{at}rearrange/"
        return (_("Ask for a day"), f"{at}rearrange/") if step.pk in asks else (_("Open"), at)

    return helps
