"""What of campaigns can be due: steps and their hand-offs, plans waiting for agreement, rearrangements asked."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Person, Role
from agency.templatetags.dates import day
from agency.workdays import calendar
from campaigns import hot_letters
from campaigns.models import Baseline, Campaign, ChangeOrder, Nudge, Plan, ProgressReport, Rearrangement, Step, StepNote
from campaigns.models.progress import THURSDAY, asked_on, is_unanswered, unanswered
from campaigns.reporting import report_due, reporting
from clients.ladder import Ladder, rung_of
from clients.owed import is_owed, owed_knots
from clients.stranded import coordinators_of, heads_of, is_still_stranded, owed_stranded
from reminders.notices import worded
from reminders.registry import Due, Kind, Post, register, register_post

VIEW, MONEY = "campaigns.view_campaign", "campaigns.view_estimate"


def owed_steps(today):
    """Steps to be finished, taken over or checked (COO1, COO3)."""
    waiting = Step.objects.unchecked()
    return owed_knots(waiting, today, _("Step “%(record)s” of %(client)s: due %(due)s, with %(holder)s."))


def owed_plans(today):
    """Plans to be agreed, mended, sent to the client, and those the client has not answered in time (DEP4)."""
    asked = (Plan.State.SUBMITTED, Plan.State.RETURNED, Plan.State.AGREED, Plan.State.CLIENT)
    waiting = Plan.objects.filter(state__in=asked)
    return owed_knots(waiting, today, _("%(record)s waits for %(holder)s: due %(due)s."))


def owed_orders(today):
    """Change orders that the client has not answered in time, or that were taken back and wait to be written (DIR2)."""
    waiting = ChangeOrder.objects.filter(state__in=(ChangeOrder.State.DRAFT, ChangeOrder.State.CLIENT))
    return owed_knots(waiting, today, _("%(record)s waits for %(holder)s: due %(due)s."))


def owed_baselines(today):
    """Work schedules to be sent to the client, and those the client has not answered in time (DEP4)."""
    waiting = Baseline.objects.waiting()
    return owed_knots(waiting, today, _("%(record)s waits for %(holder)s: due %(due)s."))


def owed_reports(today):
    """Progress reports that a campaign's rhythm asks for and nobody has released (DIR6), to whoever leads the client, and on up
    the ladder. A report that is late is overtaken by the next one. Two bounded queries beside the campaigns at work."""
    workdays = calendar()
    soon = workdays.add(today, 1)
    waiting = [
        (campaign, due_on)
        for campaign in reporting().select_related("client")
        if (due_on := report_due(campaign, soon, workdays))
    ]
    ladder = Ladder({campaign.client_id for campaign, _due_on in waiting})
    for campaign, due_on in waiting:
        rung, owner = rung_of(due_on, today, workdays), ladder.lead(ladder.clients[campaign.client_id])
        for person, step in ladder.reached(campaign.client_id, owner, rung).items():
            text = partial(told_of_report, campaign, due_on, rung)
            yield Due(subject=campaign, recipient=person, rung=step, due_on=due_on, text=text)


def told_of_report(campaign, due_on, rung):
    told = (
        _("The progress report of %(campaign)s was due %(day)s.")
        if rung > 0
        else _("The progress report of %(campaign)s is due %(day)s.")
    )
    return told % {"campaign": campaign, "day": day(due_on)}


def is_report_owed(campaign, due_on, today):
    """Whether the report of that day is still the one to be released."""
    found = reporting().filter(pk=campaign.pk).first()
    workdays = calendar()
    return found is not None and report_due(found, workdays.add(today, 1), workdays) == due_on


def owed_answers(today):
    """Requests for a rearrangement that wait for their answer (COO6)."""
    waiting = Rearrangement.objects.filter(state=Rearrangement.State.ASKED)
    return owed_knots(waiting, today, _("%(record)s waits for %(holder)s: due %(due)s."))


def owed_absences(today):
    """Absences, current or ahead, on whose days open steps of the person lie: each coordinator hears of them once (COO1)."""
    workdays = calendar()
    hit = {it.pk: it for it in Absence.objects.filter(hits_work(), last__gte=today).entered().select_related("person")}
    coordinators = list(Person.objects.in_role(Role.COORDINATOR).order_by("pk")) if hit else []
    for absence in hit.values():
        for person in coordinators:
            if person.pk != absence.person_id:
                due_on = workdays.on_or_after(localdate(absence.created_at))
                yield Due(subject=absence, recipient=person, rung=0, due_on=due_on, text=partial(told_of_absence, absence))


def hits_work():
    """The condition on absences: on its days lie open steps of the person."""
    steps = Step.objects.open().filter(
        person=OuterRef("person"), starts_on__lte=OuterRef("last"), ends_on__gte=OuterRef("first")
    )
    return Exists(steps.order_by())


def told_of_absence(absence):
    return _("%(absence)s: open steps lie on these days.") % {"absence": absence}


def absence_still_hits(absence, due_on, today):
    """Whether it still counts, is not over, and work still lies on its days."""
    mine = Absence.objects.filter(hits_work(), pk=absence.pk, last__gte=today)
    return mine.entered().exists()


register(
    Kind(
        "campaigns.absence",
        label=_("Absences that hit work"),
        view_right="clients.arrange_cover",
        model=Absence,
        owed=owed_absences,
        is_due=absence_still_hits,
    )
)


def owed_progress(today):
    """From Thursday on: the owners of long steps say how far they are and when they will be done (COO2)."""
    if today.weekday() < THURSDAY:
        return
    text = _("How far is “%(step)s” of %(campaign)s, and on which day will it be done?")
    for step in unanswered(today).select_related("campaign", "person").filter(person__is_active=True):
        told = worded(text, {"step": step, "campaign": step.campaign})
        yield Due(subject=step, recipient=step.person, rung=0, due_on=asked_on(today), text=told)


register_post(Post(hot_letters.KIND, text=hot_letters.text_now, write=hot_letters.write_lists))
register(Kind("campaigns.step_note", label=_("Threads of steps"), view_right=VIEW, model=StepNote))
register(Kind("campaigns.nudged", label=_("Nudges and promises"), view_right=VIEW, model=Nudge))
register(
    Kind(
        "campaigns.progress",
        label=_("How far long steps are"),
        view_right=VIEW,
        model=Step,
        owed=owed_progress,
        is_due=is_unanswered,
    )
)
register(Kind("campaigns.step_news", label=_("Steps"), view_right=VIEW, model=Step))
register(Kind("campaigns.brief_news", label=_("Changed briefs"), view_right=VIEW, model=Campaign))
register(Kind("campaigns.plan_news", label=_("Plans"), view_right=VIEW, model=Plan))
register(Kind("campaigns.order_news", label=_("Change orders"), view_right=MONEY, model=ChangeOrder))
register(Kind("campaigns.baseline_news", label=_("Schedules for the client"), view_right=VIEW, model=Baseline))
register(
    Kind(
        "campaigns.report",
        label=_("Progress reports due"),
        view_right="campaigns.draft_progress",
        model=Campaign,
        owed=owed_reports,
        is_due=is_report_owed,
    )
)
register(Kind("campaigns.rearrangement_news", label=_("Rearrangements"), view_right=VIEW, model=Rearrangement))
register(Kind("campaigns.step", label=_("Steps due and late"), view_right=VIEW, model=Step, owed=owed_steps, is_due=is_owed))
register(Kind("campaigns.plan", label=_("Plans waiting"), view_right=VIEW, model=Plan, owed=owed_plans, is_due=is_owed))
register(
    Kind(
        "campaigns.order",
        label=_("Change orders waiting"),
        view_right=MONEY,
        model=ChangeOrder,
        owed=owed_orders,
        is_due=is_owed,
    )
)
register(
    Kind(
        "campaigns.baseline",
        label=_("Schedules that wait for the client"),
        view_right=VIEW,
        model=Baseline,
        owed=owed_baselines,
        is_due=is_owed,
    )
)
register(
    Kind(
        "campaigns.answer",
        label=_("Rearrangements asked"),
        view_right=VIEW,
        model=Rearrangement,
        owed=owed_answers,
        is_due=is_owed,
    )
)
STRANDED = (
    ("campaigns.step_stranded", _("Steps that lie with nobody who can do them"), Step, coordinators_of),
    ("campaigns.plan_stranded", _("Plans that lie with nobody who can do them"), Plan, heads_of),
    ("campaigns.order_stranded", _("Change orders that lie with nobody who can do them"), ChangeOrder, heads_of),
    ("campaigns.baseline_stranded", _("Schedules for the client that lie with nobody"), Baseline, heads_of),
    ("campaigns.report_stranded", _("Progress reports that lie with nobody"), ProgressReport, heads_of),
    ("campaigns.answer_stranded", _("Requests that lie with nobody who can answer them"), Rearrangement, heads_of),
)
for name, label, model, mended_by in STRANDED:
    owed = owed_stranded(model, mended_by)
    register(Kind(name, label=label, view_right=model.view_right, model=model, owed=owed, is_due=is_still_stranded))
register(Kind("campaigns.campaign.shared", label=_("Shares"), view_right=VIEW, model=Campaign))
