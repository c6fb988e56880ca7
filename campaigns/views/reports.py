"""Progress reports of a campaign: begun, written, released, sent (DIR6)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.flow import Conflict, meanwhile
from agency.forms import attempt
from agency.pages import make_move, page_of, require, tell_saved
from campaigns.models import ProgressReport
from campaigns.models.progress_report import DRAFT, ISSUE, due_after
from campaigns.report_forms import NewReportForm, ReaderForm, ReportForm, RhythmForm
from campaigns.views.campaigns import VIEW, visible_campaign
from clients.links import links_of
from clients.models.dispatch import dispatches_of
from clients.owed import with_days_left

State = ProgressReport.State


def visible_report(person, pk):
    """The progress report that `person` sees, or 404."""
    seen = ProgressReport.objects.visible_to(person)
    return get_object_or_404(
        seen.select_related("campaign__client", "client__group__supervisor", "holder", "created_by"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request, job_number):
    """The reports of a campaign, the newest first; the button that begins the next."""
    campaign, person = visible_campaign(request.user, job_number), request.user
    require(person, VIEW, campaign)
    may_draft = person.has_perm(DRAFT, campaign)
    form = NewReportForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_bound:
        require(person, DRAFT, campaign)
        if made := attempt(form, lambda: form.draft(by=person)):
            messages.success(request, _("Drafted from what has happened. Read it, and write on where it says too little."))
            return redirect("progress_report_edit", pk=made.pk)
    page = page_of(ProgressReport.objects.visible_to(person).filter(campaign=campaign).select_related("created_by"), request)
    shown = {
        "campaign": campaign, "page": page, "form": form, "may_draft": may_draft, "due_on": due_after(campaign),
        "may_set": person.has_perm(ISSUE, campaign), "written": any(it.state in ("draft", "submitted") for it in page),
    }  # fmt: skip
    return render(request, "campaigns/reports.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, ISSUE, campaign)
    form = RhythmForm(request.POST if request.method == "POST" else None, instance=campaign)
    if form.is_bound and attempt(form, lambda: form.write(by=request.user)):
        tell_saved(request, campaign)
        return redirect("progress_reports", job_number=campaign.job_number)
    shown = {"campaign": campaign, "form": form}
    return render(request, "campaigns/report_rhythm.html", shown, status=422 if form.is_bound else 200)


@require_safe
def report(request, pk):
    found, person = visible_report(request.user, pk), request.user
    shown = {
        **sheet_of(found), "moves": found.moves_and_undo(person), "left": with_days_left([found], person)[0].left,
        "may_write": found.state in ProgressReport.WRITABLE and person.has_perm(DRAFT, found),
        "may_send": found.state == State.RELEASED and person.has_perm(ISSUE, found),
        "may_see_history": person.has_perm("clients.view_history", found),
        "links": links_of(found, person), "dispatches": dispatches_of(found),
        "events": found.events()[:20],
    }  # fmt: skip
    return render(request, "campaigns/report.html", shown)


def sheet_of(report):
    title = _("Progress report: %(campaign)s") % {"campaign": report.campaign.name}
    told = {"report": report, "campaign": report.campaign}
    return {**told, **paper.document(report, title=title, number=report.reference)}


@require_safe
def report_pdf(request, pk):
    found = visible_report(request.user, pk)
    return paper.pdf(request, "campaigns/_report_sheet.html", sheet_of(found), name=found.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def report_edit(request, pk):
    """Write on; or take in, without saving, what has happened since it was drafted."""
    found = visible_report(request.user, pk)
    require(request.user, DRAFT, found)
    if found.state not in found.WRITABLE and request.method != "POST":
        raise Conflict(found, meanwhile(found))
    form = ReportForm(request.POST if request.method == "POST" else None, instance=found)
    if "again" in request.POST and form.is_valid():
        form, has_news = form.with_news()
        told = (
            _("Taken in; nothing is saved yet.") if has_news else _("Nothing has happened since that it does not say already.")
        )
        return render(
            request, "campaigns/report_edit.html", {"report": found, "campaign": found.campaign, "form": form, "told": told}
        )
    if form.is_bound and "again" not in request.POST and attempt(form, lambda: form.write(by=request.user)):
        tell_saved(request, found)
        return redirect(found)
    shown = {"report": found, "campaign": found.campaign, "form": form}
    return render(request, "campaigns/report_edit.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def report_send(request, pk):
    """Send a released report to a contact of the client, who reads it under a link."""
    found = visible_report(request.user, pk)
    require(request.user, ISSUE, found)
    if found.state != State.RELEASED:
        raise Conflict(found, meanwhile(found))
    form = ReaderForm(request.POST if request.method == "POST" else None, report=found)
    if form.is_bound and attempt(form, lambda: form.send(by=request.user)):
        messages.success(request, _("Sent: %(contact)s has the link.") % {"contact": form.cleaned_data["contact"]})
        return redirect(found)
    shown = {"report": found, "campaign": found.campaign, "form": form, "readers": found.readers.exists()}
    return render(request, "campaigns/report_send.html", shown, status=422 if form.is_bound else 200)


@require_POST
def report_move(request, pk, name):
    found = visible_report(request.user, pk)
    return make_move(request, found, name, url=found.get_absolute_url())
