"""Making a work schedule from a template (DEP4), forward from a start or backward from a deadline or an appearance."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agency import clock
from agency.flow import Refused, lock
from agency.workdays import Impossible, calendar
from campaigns import arithmetic, giving
from campaigns.models import Step, StepLink
from campaigns.models.template import Kind

# Which seat on the client gets a client-service step first, by the kind of the step; everything else starts unassigned.
SEAT_BY_KIND = {
    Kind.BRIEF: "salesman",
    Kind.PROOF: "salesman",
    Kind.CLIENT: "salesman",
    Kind.CONFIRMATION: "salesman",
    Kind.PLAN: "director",
    Kind.MEETING: "director",
    Kind.GATE: "director",
    Kind.PRESENTATION: "director",
}
# What may be done in fewer days. Reviews, the client's and others' days, presentations and deadlines are not ours to give.
GIVERS = {Kind.BRIEF, Kind.PLAN, Kind.WORK, Kind.DRAFT, Kind.SAMPLE}
GOALS = {"deadline": (Kind.DEADLINE, "last"), "appearance": (Kind.EXECUTION, "first")}


@dataclass(frozen=True)
class Offer:
    """A step of a template in a schedule that would begin too early: the working days it could give, and what it would keep."""

    step: object
    gives: int

    @property
    def keeps(self):
        return self.step.days - self.gives


class TooLate(Refused):
    """Counted back the work would have had to begin in the past. offers: one for each step, those that could give first ·
    lacking: working days that are missing even if all of them give."""

    def __init__(self, sentence, offers, lacking):
        super().__init__(sentence)
        self.offers, self.lacking = offers, lacking
        self.gives = sum(offer.gives for offer in offers)


@transaction.atomic
def make_schedule(campaign, template, *, by, on, count_from="start", lengths=None):
    """Make the steps of `campaign` from `template`.

    on: a date · count_from: "start" (the first step begins on or after it), "deadline" (the media deadline falls on or before
    it) or "appearance" · lengths: {key of a step: working days} in place of those of the template.
    Raises PermissionDenied, or Refused: a schedule exists, the day cannot be met. Returns the steps.
    """
    lock(campaign)
    if not by.has_perm("campaigns.make_schedule", campaign):
        raise PermissionDenied(_("Your role does not make the schedule of this campaign."))
    if campaign.steps.exists():
        raise Refused(_("This campaign has a work schedule already; rearrange its steps instead."))
    plan = planned(template, on=on, count_from=count_from, lengths=lengths)
    steps = _write(campaign, plan, by)
    campaign.schedule_edition = campaign.brief.edition_number
    campaign.keep(by=by, reason=str(template))
    campaign.record_event("scheduled", by=by, template=template.key, steps=len(steps))
    return steps


def planned(template, *, on, count_from, lengths=None):
    """The steps of a template in their order, each with `first` and `last`, its days in such a schedule. Writes nothing."""
    plan = list(template.steps.prefetch_related("links_before").select_related("department"))
    if not plan:
        raise Refused(_("This template has no steps yet."))
    for step in plan:
        step.days = (lengths or {}).get(step.key, step.days)
    dates = _dates(plan, on, count_from)
    for step in plan:
        step.first, step.last = dates[step.pk]
    return plan


def _dates(plan, on, count_from):
    """Template step's key → first and last day; Refused with the days that are missing when the past would be needed."""
    tasks = [
        arithmetic.Task(step.pk, step.days, tuple((link.before_id, link.lag) for link in step.links_before.all()), step.name)
        for step in plan
    ]
    workdays = calendar()
    try:
        if count_from == "start":
            return arithmetic.forward(tasks, on, workdays)
        dates = _counted_back(plan, tasks, on, count_from, workdays)
    except Impossible as why:
        raise Refused(str(why)) from why
    begin, today = min(first for first, _last in dates.values()), clock.today()
    if begin < today:
        missing = workdays.between(begin, workdays.on_or_after(today))
        raise TooLate(_too_late(begin, missing), *_offers(plan, tasks, count_from, missing))
    return dates


def _offers(plan, tasks, count_from, missing):
    """(an offer for each step, the most generous first; working days lacking all the same)"""
    goal, edge = _goal(plan, count_from)
    givers = {step.pk for step in plan if step.kind in GIVERS and step.department_id}
    gave, lacking = giving.given(tasks, goal, missing, givers, edge)
    return sorted((Offer(step, gave.get(step.pk, 0)) for step in plan), key=lambda offer: -offer.gives), lacking


def _too_late(begin, missing):
    sentence = ngettext(
        "To meet that day the work would have had to begin on %(day)s: %(missing)d working day is missing.",
        "To meet that day the work would have had to begin on %(day)s: %(missing)d working days are missing.",
        missing,
    )
    return sentence % {"day": date_format(begin, pgettext("date format", "D j M Y")), "missing": missing}


def _counted_back(plan, tasks, on, count_from, workdays):
    goal, edge = _goal(plan, count_from)
    if goal is None:
        raise Refused(_("This template has no step to count back from."))
    return arithmetic.backward(tasks, goal, on, workdays, edge=edge)


def _goal(plan, count_from):
    """(key of the step that a schedule counts back from, or None; which edge of it)"""
    kind, edge = GOALS[count_from]
    return next((step.pk for step in plan if step.kind == kind), None), edge


def _write(campaign, plan, by):
    """One step and its links for each step of the template; those that wait for nothing are ready from the start."""
    holders = {seat: campaign.client.holder_of(seat) for seat in ("salesman", "director", "manager")}
    steps, workdays = {}, calendar()
    for it in plan:
        steps[it.pk] = step = _step(campaign, it, (it.first, it.last), _first_owner(it, holders), by, workdays)
        step.keep(by=by, reason="planned")
    for link in (link for it in plan for link in it.links_before.all()):
        StepLink.objects.create(before=steps[link.before_id], after=steps[link.after_id], lag=link.lag)
    return list(steps.values())


def _step(campaign, it, days, person, by, workdays):
    first, last = days
    latest = None if it.latest_after is None else workdays.add(last, it.latest_after)
    ready = not it.links_before.all()
    step = Step(
        campaign=campaign, client=campaign.client, created_by=by, position=it.position, name=it.name, kind=it.kind,
        department=it.department, days=it.days, starts_on=first, ends_on=last, due_on=last, person=person, holder=person,
        needs_evidence=it.needs_evidence, latest_on=latest, state=Step.State.READY if ready else Step.State.PLANNED,
    )  # fmt: skip
    step.court = step.own_court
    return step


def _first_owner(it, holders):
    """The seat that usually does such a step; a small client without a director is led by the manager."""
    if it.department_id and it.department.code not in {"client-service", "all"}:
        return None
    seat = SEAT_BY_KIND.get(it.kind)
    return holders.get(seat) or (holders["manager"] if seat == "director" else None)
