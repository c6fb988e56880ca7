"""Whose day it was (COO4): what a campaign lost against the schedule that the client agreed, step by step and by cause.

Reality is what has happened, and beyond today the forecast. What a step loses is its own only as far as the steps before it
did not push it; so the same day is never counted twice along one way through the schedule. Of two ways beside each other each
may lose days of its own, although the end moves by the longer alone.
"""

from dataclasses import dataclass

from agency import clock
from agency.workdays import calendar
from campaigns import arithmetic
from campaigns.models.baseline import Baseline
from campaigns.models.step import Cause, Step, StepLink
from campaigns.models.template import Kind

OURS = {"creative": Cause.CREATIVE, "production": Cause.PRODUCTION, "media": Cause.MEDIA}


@dataclass(frozen=True)
class Lost:
    """A step that ended, or will end, later than agreed through itself. days: working days, net of what was pushed onto it ·
    reaches_end: whether it lies on the way that decides when the whole ends."""

    step: Step
    days: int
    cause: str
    is_proposed: bool
    agreed: tuple
    real: tuple
    reaches_end: bool

    @property
    def label(self):
        return Cause(self.cause).label


@dataclass(frozen=True)
class Reckoning:
    """What became of an agreed schedule. agreed: the `Baseline` · ends_on: when the whole ends as it stands now · lost: the
    steps that lost days, in their order · won: working days that steps won back on the way that decides the end."""

    agreed: Baseline
    ends_on: object
    days_late: int
    lost: list
    won: int

    @property
    def by_cause(self):
        """[(cause, days)], each cause with days, in the order of `Cause`."""
        sums = {cause: sum(it.days for it in self.lost if it.cause == cause) for cause in Cause}
        return [(cause, days) for cause, days in sums.items() if days]

    @property
    def clients_days(self):
        """The client's days that moved the end, never more than it moved."""
        theirs = sum(it.days for it in self.lost if it.cause == Cause.CLIENT and it.reaches_end)
        return max(min(theirs, self.days_late), 0)


def proposed(step):
    """Whose day it is by what the step is: the client's, a supplier's if done outside, else its department's or ours."""
    if step.is_clients:
        return Cause.CLIENT
    if step.kind == Kind.EXTERNAL:
        return Cause.SUPPLIER
    return OURS.get(step.department.code, Cause.US)


def network(campaign):
    """The steps of a campaign in their order, and its links (before, after, lag): two queries."""
    steps = list(campaign.steps.kept().select_related("department").order_by("position", "pk"))
    keys = {step.pk for step in steps}
    links = StepLink.objects.filter(after__campaign=campaign).values_list("before", "after", "lag")
    return steps, [link for link in links if link[0] in keys]


def foreseen(steps, links, today, workdays):
    """{key: (first day, last day)} of these steps as things stand today; links to other steps are passed over."""
    spans = {step.pk: (step.starts_on, step.ends_on) for step in steps}
    known = [link for link in links if link[0] in spans and link[1] in spans]
    return arithmetic.forecast(spans, known, {step.pk: happened(step) for step in steps}, today, workdays)


def happened(step):
    """(began on, done on). Of a step done before such days were kept, the planned ones stand for them."""
    if step.is_open:
        return (step.began_on or step.starts_on, None) if step.state == Step.State.IN_PROGRESS else (None, None)
    return step.began_on or step.starts_on, step.done_on or step.ends_on


def reckoned(campaign, today=None):
    """The `Reckoning` of a campaign against the newest schedule that the client agreed, or None if there is none."""
    agreed = Baseline.objects.filter(campaign=campaign).agreed().first()
    if agreed is None:
        return None
    workdays = calendar()
    steps, links = network(campaign)
    return reckon(agreed, steps, links, foreseen(steps, links, today or clock.today(), workdays), workdays)


def reckon(agreed, steps, links, real, workdays):
    """As `reckoned`, of what has been read already. real: {key: (first, last)} of what happened and will happen."""
    steps = [step for step in steps if step.state != Step.State.SKIPPED]
    real = {step.pk: real[step.pk] for step in steps}
    spans, way = agreed.spans, arithmetic.driving(real, links, workdays)
    slips = arithmetic.own_slips(spans, real, links, workdays)
    lost = [
        Lost(step, slips[step.pk], Cause(step.slip_cause or proposed(step)), not step.slip_cause, spans[step.pk],
             real[step.pk], step.pk in way)
        for step in steps if slips.get(step.pk, 0) > 0
    ]  # fmt: skip
    ends_on = max(last for _first, last in real.values())
    won = -sum(days for key, days in slips.items() if days < 0 and key in way)
    return Reckoning(agreed, ends_on, workdays.between(agreed.ends_on, ends_on), lost, won)


def causes_of(campaign):
    """[(cause, days)]: the working days that a campaign lost, by whose they were; empty without an agreed schedule.

    Each cause is a word of `Cause` and has its `label`.
    """
    found = reckoned(campaign)
    return found.by_cause if found else []
