"""What of campaigns can be due: steps and their hand-offs, plans waiting for agreement, rearrangements asked."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, ChangeOrder, Plan, Rearrangement, Step
from clients.owed import is_owed, owed_knots
from clients.stranded import coordinators_of, heads_of, is_still_stranded, owed_stranded
from reminders.registry import Kind, register

VIEW, MONEY = "campaigns.view_campaign", "campaigns.view_estimate"


def owed_steps(today):
    """Steps to be finished, taken over or checked (COO1, COO3)."""
    waiting = Step.objects.exclude(state=Step.State.CHECKED)
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


def owed_answers(today):
    """Requests for a rearrangement that wait for their answer (COO6)."""
    waiting = Rearrangement.objects.filter(state=Rearrangement.State.ASKED)
    return owed_knots(waiting, today, _("%(record)s waits for %(holder)s: due %(due)s."))


register(Kind("campaigns.step_news", label=_("Steps"), view_right=VIEW, model=Step))
register(Kind("campaigns.brief_news", label=_("Changed briefs"), view_right=VIEW, model=Campaign))
register(Kind("campaigns.plan_news", label=_("Plans"), view_right=VIEW, model=Plan))
register(Kind("campaigns.order_news", label=_("Change orders"), view_right=MONEY, model=ChangeOrder))
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
    ("campaigns.answer_stranded", _("Requests that lie with nobody who can answer them"), Rearrangement, heads_of),
)
for name, label, model, mended_by in STRANDED:
    owed = owed_stranded(model, mended_by)
    register(Kind(name, label=label, view_right=model.view_right, model=model, owed=owed, is_due=is_still_stranded))
register(Kind("campaigns.campaign.shared", label=_("Shares"), view_right=VIEW, model=Campaign))
