"""The estimate of a plan: the inside view, what the client reads, and its lines as they are written (DIR2)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.forms import attempt
from agency.pages import require
from campaigns import reckoning
from campaigns.client_view import client_view
from campaigns.estimate_forms import DropForm, LineForm, NewLineForm
from campaigns.models import EstimateLine
from campaigns.models.estimate import MARGIN, RIGHT
from campaigns.views.campaigns import visible_campaign
from campaigns.views.outside import view_of

VIEW = "campaigns.view_estimate"


def visible_plan(person, job_number):
    """The plan of a campaign whose estimate `person` sees, or 404."""
    plan = visible_campaign(person, job_number).plan
    if not person.has_perm(VIEW, plan):
        raise Http404
    return plan


@require_safe
def estimate(request, job_number):
    plan = visible_plan(request.user, job_number)
    return render(
        request, "campaigns/estimate.html", {"campaign": plan.campaign, "plan": plan, **inside_of(plan, request.user)}
    )


def inside_of(document, person):
    """What the page of an estimate shows: the client view for everybody who opens it, the figures of ours for those who see
    the margin, and what may be written."""
    may_write = document.state in document.WRITABLE and person.has_perm(RIGHT, document)
    shown = {"document": document, "view": client_view(document), "may_write": may_write, "sees_margin": False}
    if not person.has_perm(MARGIN, document):
        lines = document.estimate if may_write else []
        return {**shown, "lines": [line for line in lines if line.payer != "house"]}
    lines = document.estimate
    for line in lines:
        line.sums = line.figures(document.rate)
    return {
        **shown, "lines": lines, "sees_margin": True, "sums": reckoning.total(line.sums for line in lines),
        "profit": document.profit, "floor": settings.MARGIN_FLOOR, "under": document.profit.is_under(settings.MARGIN_FLOOR),
    }  # fmt: skip


@require_safe
def estimate_pdf(request, job_number):
    plan = visible_plan(request.user, job_number)
    edition = plan.sheet
    reference = f"{plan.campaign.job_number}-E{edition.number}" if edition else f"{plan.campaign.job_number}-E"
    title = _("Estimate: %(campaign)s") % {"campaign": plan.campaign.name}
    told = {"campaign": plan.campaign, "view": view_of(plan), "reference": reference, "is_draft": edition is None}
    return paper.pdf(request, "campaigns/_estimate_sheet.html", {**told, **paper.document(plan, title=title, number=reference)},
                     name=reference if edition else f"{reference}-draft")  # fmt: skip


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def estimate_line_new(request, job_number):
    return new_line(request, visible_plan(request.user, job_number))


def new_line(request, document):
    """The page for one more line of a plan or a change order."""
    require(request.user, RIGHT, document)
    form = NewLineForm(request.POST if request.method == "POST" else None, document=document, person=request.user)
    if form.is_bound and (line := attempt(form, lambda: form.open(by=request.user))):
        messages.success(request, _("Line %(n)d is written.") % {"n": line.number})
        return redirect(request.path if "more" in request.POST else document.estimate_url)
    return _writing(request, document, form)


def _writing(request, document, form, line=None):
    shown = {"document": document, "campaign": document.campaign, "form": form, "line": line}
    return render(request, "campaigns/estimate_line.html", shown, status=422 if form.is_bound else 200)


def visible_line(person, pk):
    seen = EstimateLine.objects.visible_to(person).filter(dropped=False)
    return get_object_or_404(seen.select_related("plan__campaign", "order__campaign", "client"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def estimate_line(request, pk):
    line = visible_line(request.user, pk)
    require(request.user, RIGHT, line.document)
    line.refuse_hidden(request.user)
    form = LineForm(request.POST if request.method == "POST" else None, instance=line, person=request.user)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(line.document.estimate_url)
    return _writing(request, line.document, form, line)


@require_POST
def estimate_line_drop(request, pk):
    line = visible_line(request.user, pk)
    require(request.user, RIGHT, line.document)
    form = DropForm(request.POST)
    line.drop(by=request.user, seen=form.cleaned_data["seen"] if form.is_valid() else None)
    messages.success(request, _("“%(line)s” is struck out.") % {"line": line.name})
    return redirect(line.document.estimate_url)
