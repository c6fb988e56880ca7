"""The advertising plan of a campaign: written, submitted, agreed inside or returned (DEP4, DIR3)."""

from functools import partial

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.flow import Conflict, meanwhile
from agency.pages import make_move, require, submit_saved, tell_saved
from campaigns.brief_changes import change_for
from campaigns.forms import PLAN_RIGHT, PlanForm
from campaigns.models import Plan
from campaigns.views.campaigns import visible_campaign
from clients.ledger.pinned import pinned_for


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request, job_number):
    plan = visible_campaign(request.user, job_number).plan
    require(request.user, PLAN_RIGHT, plan)
    if request.method != "POST":
        return _writing(request, plan, PlanForm(instance=writable(plan)))
    form = PlanForm(request.POST, instance=plan)
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
def plan_move(request, job_number, name):
    plan = visible_campaign(request.user, job_number).plan
    return make_move(request, plan, name, url=plan.get_absolute_url())
