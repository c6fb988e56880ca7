"""Presentations of drafts: planned, shown, and written down (DIR5, MGR2)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, page_of, require, tell_saved
from approvals.models import Draft, Presentation
from approvals.presentation_forms import EditForm, HoldForm, PlanForm, kinds_for
from approvals.showing import pieces_of
from approvals.views.drafts import file_url, page_url
from campaigns.views.campaigns import visible_campaign

State = Presentation.State


def visible_presentation(person, pk):
    """The presentation that `person` sees, or 404."""
    heads = ("campaign__client__group__supervisor", "client__group__supervisor")
    seen = Presentation.objects.visible_to(person).select_related(*heads, "presenter", "chosen__deliverable", "created_by")
    return get_object_or_404(seen, pk=pk)


@require_safe
def presentations(request, job_number):
    """The presentations of one campaign, the newest first."""
    campaign, person = visible_campaign(request.user, job_number), request.user
    require(person, Draft.view_right, campaign)
    found = Presentation.objects.visible_to(person).filter(campaign=campaign)
    page = page_of(found.select_related("presenter", "chosen__deliverable", "campaign"), request)
    shown = {"campaign": campaign, "page": page, "may_plan": bool(kinds_for(person, campaign))}
    return render(request, "approvals/presentations.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_new(request, job_number):
    campaign, person = visible_campaign(request.user, job_number), request.user
    if not kinds_for(person, campaign):
        raise PermissionDenied
    form = PlanForm(request.POST if request.method == "POST" else None, campaign=campaign, person=person)
    if form.is_bound and (made := attempt(form, lambda: form.plan(by=person))):
        messages.success(request, _("Planned: %(person)s presents.") % {"person": made.presenter})
        return redirect(made)
    shown = {"campaign": campaign, "form": form}
    return render(request, "approvals/presentation_new.html", shown, status=422 if form.is_bound else 200)


@require_safe
def presentation(request, pk):
    """What is or was shown, who was there, and what was said."""
    found, person = visible_presentation(request.user, pk), request.user
    shown = {
        "presentation": found,
        "campaign": found.campaign,
        "moves": found.moves_and_undo(person),
        "events": found.events()[:20],
    }
    shown["may_write"] = found.state == State.PLANNED and person.has_perm(found.right, found)
    return render(request, "approvals/presentation.html", shown)


@require_safe
def presentation_show(request, pk):
    """What the room sees: each version with its rationale first, and nothing of ours."""
    found = visible_presentation(request.user, pk)
    slides = [{"version": it, "pieces": pieces_of(it, [], file_url=file_url, page_url=page_url)} for it in found.versions]
    shown = {"presentation": found, "campaign": found.campaign, "slides": slides}
    return render(request, "approvals/presentation_show.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_edit(request, pk):
    found = _planned(request, pk)
    form = EditForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        tell_saved(request, found)
        return redirect(found)
    return _written(request, found, form, "approvals/presentation_edit.html")


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_hold(request, pk):
    """Write down who was there, what was said, and what was chosen."""
    found = _planned(request, pk)
    form = HoldForm(request.POST if request.method == "POST" else None, presentation=found, person=request.user)
    if form.is_bound and attempt(form, lambda: form.hold(by=request.user)):
        messages.success(request, _("Kept with every draft that was shown."))
        return redirect(found)
    return _written(request, found, form, "approvals/presentation_hold.html")


def _planned(request, pk):
    """The presentation, for somebody who may write on it and while it is planned."""
    found = visible_presentation(request.user, pk)
    require(request.user, found.right, found)
    if found.state != State.PLANNED and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    return found


def _written(request, found, form, template):
    shown = {"presentation": found, "campaign": found.campaign, "form": form}
    return render(request, template, shown, status=422 if form.is_bound else 200)


@require_POST
def presentation_move(request, pk, name):
    found = visible_presentation(request.user, pk)
    return make_move(request, found, name, url=found.get_absolute_url())
