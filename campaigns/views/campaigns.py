"""Campaigns: the list, opening one on an accepted brief, and its page (DIR2)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock, paper
from agency.forms import attempt
from agency.pages import require
from briefs.studying import of_brief
from campaigns import reading
from campaigns.brief_changes import change_for
from campaigns.client_view import client_view
from campaigns.forms import OPEN_RIGHT, PLAN_RIGHT, OpenForm
from campaigns.lists import CampaignList
from campaigns.models import Campaign, Plan
from campaigns.models.budget import RECORD as ENTER
from campaigns.models.estimate import MARGIN
from campaigns.models.outside import RECORD, SEND
from campaigns.models.plan_text import Standing
from campaigns.sheets import marked_sections
from campaigns.views.outside import outside_of
from clients.filing import files_of
from clients.ledger.pinned import pinned_for
from clients.owed import with_days_left
from clients.sharing import shares_of

VIEW = "campaigns.view_campaign"
EVENTS = 20


def visible_campaign(person, job_number):
    """The campaign under this job number that `person` sees, or 404."""
    return get_object_or_404(Campaign.objects.visible_to(person).for_page(), job_number=job_number)


@require_safe
def campaign_list(request):
    person = request.user
    require(person, VIEW)
    return CampaignList(request).response("campaigns/campaign_list.html", may_open=person.has_perm(OPEN_RIGHT))


@require_safe
def campaign_page(request, job_number):
    person = request.user
    campaign = visible_campaign(person, job_number)
    plan, today = campaign.plan, clock.today_for(person)
    shown = {
        **sheet_of(campaign, person),
        "plan": with_days_left([plan], person)[0],
        "brief_change": change_for(campaign, person),
        "moves": plan.moves_and_undo(person),
        "may_write": plan.state in Plan.WRITABLE and person.has_perm(PLAN_RIGHT, plan),
        "may_schedule": person.has_perm("campaigns.make_schedule", campaign),
        "may_see_brief": person.has_perm("briefs.view_brief", campaign.brief),
        "may_see_history": person.has_perm("clients.view_history", campaign),
        "shares": shares_of(campaign, person),
        "studying": of_brief(campaign.brief, person),
        "loose_ends": plan.loose_ends if plan.state in Plan.NOT_AGREED else [],
        **doubts_of(plan, person),
        **outside_of(plan, person),
        "may_send": plan.state == Plan.State.AGREED and person.has_perm(SEND, plan),
        "may_record": plan.state in {Plan.State.AGREED, Plan.State.CLIENT} and person.has_perm(RECORD, plan),
        "may_see_money": person.has_perm("campaigns.view_estimate", campaign) or person.has_perm(ENTER, campaign),
        "standings": Standing.choices,
        "pieces": reading.pieces_of(campaign, person),
        "may_offer": person.has_perm("campaigns.change_estimate", campaign),
        "pinned": pinned_for(person, campaign.client, campaign.brief),
        "files": files_of(campaign, person),
        "progress": reading.with_progress([campaign], person)[0].progress,
        "now": reading.now_on(campaign, person, today),
        "happened": reading.happened(campaign, person, EVENTS),
    }
    return render(request, "campaigns/campaign_page.html", shown)


@require_safe
def plan_pdf(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    name = f"{campaign.job_number}-plan-v{campaign.plan.version}"
    return paper.pdf(request, "campaigns/_plan_sheet.html", sheet_of(campaign, request.user), name=name)


def sheet_of(campaign, person):
    """What the sheet of a campaign's plan tells, on the page and on paper; its estimate, in the client view, for those who
    see prices."""
    plan = campaign.plan
    title = _("Advertising plan: %(campaign)s") % {"campaign": campaign.name}
    common = paper.document(plan, title=title, number=campaign.job_number)
    view = client_view(plan) if person.has_perm("campaigns.view_estimate", plan) else None
    return {"campaign": campaign, "plan": plan, "view": view, "sections": marked_sections(plan), **common}


def doubts_of(plan, person):
    """What speaks against agreeing a submitted plan, as far as this person may know it."""
    if plan.state != Plan.State.SUBMITTED:
        return {}
    found = {"over_frame": plan.is_over_frame and person.has_perm("campaigns.view_estimate", plan)}
    if person.has_perm(MARGIN, plan) and plan.is_under_floor:
        found |= {"thin": plan.profit, "floor": settings.MARGIN_FLOOR}
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request):
    require(request.user, OPEN_RIGHT)
    form = OpenForm(
        request.POST if request.method == "POST" else None, person=request.user, initial={"brief": request.GET.get("brief")}
    )
    if form.is_bound and (plan := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("Opened as %(job)s. Next: the plan.") % {"job": plan.campaign.job_number})
        may_write = request.user.has_perm(PLAN_RIGHT, plan)
        return redirect("plan_edit" if may_write else "campaign", job_number=plan.campaign.job_number)
    return render(request, "campaigns/campaign_new.html", {"form": form}, status=422 if form.is_bound else 200)
