"""The advertising plan of a campaign: written, marked, agreed inside, sent, answered, compared (DEP4, DIR3, MGR1)."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.flow import Conflict, Refused, meanwhile
from agency.pages import make_move, require, submit_saved, tell_saved
from campaigns.brief_changes import change_for
from campaigns.comparing import Side, compared
from campaigns.forms import PLAN_RIGHT
from campaigns.models import Plan
from campaigns.models.outside import SEND
from campaigns.plan_forms import MarkForm, PlanForm
from campaigns.views import outside
from campaigns.views.campaigns import visible_campaign
from campaigns.views.estimates import visible_plan
from clients.ledger.pinned import pinned_for

State = Plan.State


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request, job_number):
    plan = visible_campaign(request.user, job_number).plan
    require(request.user, PLAN_RIGHT, plan)
    if request.method != "POST":
        return _writing(request, plan, PlanForm(instance=writable(plan), person=request.user))
    form = PlanForm(request.POST, instance=plan, person=request.user)
    if not form.is_valid():
        return _writing(request, plan, form, status=422)
    if "submit" in request.POST:
        require(request.user, "campaigns.submit_plan", plan)
    form.write(by=request.user)
    if "submit" in request.POST:
        done, at = _("Submitted. %(person)s is asked to agree it."), f"{plan.get_absolute_url()}plan/"
        return submit_saved(request, form, at=at, done=done, again=partial(_writing, request, plan))
    tell_saved(request, plan)
    return redirect(plan)


def writable(plan):
    if plan.state not in Plan.WRITABLE:
        raise Conflict(plan, meanwhile(plan))
    return plan


def _writing(request, plan, form, status=200):
    may_submit = request.user.has_perm("campaigns.submit_plan", plan)
    pinned = pinned_for(request.user, plan.client, plan.campaign.brief)
    shown = {"plan": plan, "campaign": plan.campaign, "form": form, "may_submit": may_submit, "pinned": pinned}
    shown["brief_change"] = change_for(plan.campaign, request.user)
    return render(request, "campaigns/plan_edit.html", shown, status=status)


@require_POST
def plan_mark(request, job_number):
    """How far a section is agreed with the client."""
    plan = visible_campaign(request.user, job_number).plan
    require(request.user, PLAN_RIGHT, plan)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a section and how far it is agreed."))
    plan.mark(form.cleaned_data["section"], form.cleaned_data["standing"], by=request.user)
    messages.success(request, _("Marked."))
    return redirect(f"{plan.get_absolute_url()}#{form.cleaned_data['section']}")


@require_POST
def plan_move(request, job_number, name):
    plan = visible_campaign(request.user, job_number).plan
    return make_move(request, plan, name, url=plan.get_absolute_url())


# ── With the client ─────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def plan_send(request, job_number):
    return outside.send(request, visible_plan(request.user, job_number), right=SEND, states={State.AGREED})


@require_http_methods(["GET", "HEAD", "POST"])
def plan_record(request, job_number):
    return outside.record(request, visible_plan(request.user, job_number), states={State.AGREED, State.CLIENT})


# ── Editions ────────────────────────────────────────────────────────────────────────────────────
@require_safe
def plan_editions(request, job_number):
    plan = visible_plan(request.user, job_number)
    editions = list(plan.editions.select_related("created_by").order_by("-number")[:50])
    return render(request, "campaigns/plan_editions.html", {"plan": plan, "campaign": plan.campaign, "editions": editions})


@require_safe
def plan_compare(request, job_number):
    """Two editions side by side, or one and what is written now; by default the last agreed and now."""
    plan = visible_plan(request.user, job_number)
    editions = {str(it.number): it for it in plan.editions.order_by("number")}
    if not editions:
        raise Refused(_("Nothing of this plan has been agreed inside yet: there is no edition to compare with."))
    before, after = request.GET.get("a", ""), request.GET.get("b", "")
    usual = plan.in_force or list(editions.values())[-1]
    first = editions.get(before) if before else usual
    second = editions.get(after) if after and after != "now" else None
    if first is None or (after not in ("", "now") and second is None):
        raise Http404
    sides = Side.of(first), Side.of(second) if second else Side.now(plan)
    shown = {"plan": plan, "campaign": plan.campaign, "editions": editions.values(), "sides": sides, "chosen": (before, after)}
    return render(request, "campaigns/plan_compare.html", {**shown, **compared(*sides)})
