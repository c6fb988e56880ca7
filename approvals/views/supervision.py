"""Supervision notes: what was seen while a piece is designed, produced and put up; a defect is fixed and verified (DEP7)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.flow import Conflict, Row, meanwhile
from agency.forms import attempt
from agency.pages import make_move, require
from approvals.models import SupervisionNote
from approvals.models.supervision_note import NOTE
from approvals.supervision_forms import FixForm, GiveForm, NoteForm
from approvals.supervision_list import NoteList
from campaigns.models import Step
from campaigns.views.campaigns import visible_campaign
from clients.filing import files_of
from clients.models.attachment import attachments_of
from clients.owed import with_days_left

State = SupervisionNote.State


def visible_note(person, pk):
    """The note that `person` sees, or 404."""
    return get_object_or_404(SupervisionNote.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def supervision(request, job_number):
    """The notes of a campaign, the newest first."""
    campaign = visible_campaign(request.user, job_number)
    may_note = request.user.has_perm(NOTE, campaign)
    return NoteList(request, campaign).response("approvals/supervision.html", campaign=campaign, may_note=may_note)


@require_http_methods(["GET", "HEAD", "POST"])
def supervision_new(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, NOTE, campaign)
    return _new(request, campaign, initial=_named(request, campaign))


@require_http_methods(["GET", "HEAD", "POST"])
def step_supervision(request, pk):
    """A note on one step: for its owner in another department, who sees nothing else of the campaign."""
    step = get_object_or_404(Step.objects.visible_to(request.user).for_page(), pk=pk)
    require(request.user, NOTE, step)
    return _new(request, step.campaign, step=step)


def _new(request, campaign, step=None, initial=None):
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NoteForm(*given, campaign=campaign, person=request.user, step=step, initial=initial)
    if form.is_bound and (made := attempt(form, lambda: form.write(by=request.user))):
        messages.success(request, _("Noted as %(note)s.") % {"note": made.reference})
        return redirect(made)
    sees = request.user.has_perm("campaigns.view_campaign", campaign)
    shown = {"campaign": campaign, "step": step, "form": form, "sees_campaign": sees}
    return render(request, "approvals/supervision_new.html", shown, status=422 if form.is_bound else 200)


def _named(request, campaign):
    """What the address names: the step at which something was seen."""
    key = request.GET.get("step", "")
    return {"step": campaign.steps.filter(pk=int(key)).first()} if key.isdecimal() and len(key) < 12 else {}


@require_safe
def supervision_note(request, pk):
    found, person = visible_note(request.user, pk), request.user
    may_note = person.has_perm(NOTE, found)
    shown = {
        "note": found, "campaign": found.campaign, "left": with_days_left([found], person)[0].left,
        "moves": found.moves_and_undo(person), "files": files_of(found, person),
        "photos": [file for file in attachments_of(found) if file.media_type.startswith("image/")],
        "may_fix": found.state == State.OPEN and may_note and found.holder_id == person.pk,
        "may_give": found.state == State.OPEN and may_note,
        "own_fix": found.state == State.FIXED and may_note and found.is_work_of(person),
        "sees_campaign": person.has_perm("campaigns.view_campaign", found.campaign),
        "may_see_history": person.has_perm("clients.view_history", found), "events": found.events()[:20],
    }  # fmt: skip
    return render(request, "approvals/supervision_note.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def supervision_fix(request, pk):
    """Whoever has the defect says what was done."""
    found = _open_defect(request, pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FixForm(*given, initial={"seen": found.version})
    if form.is_bound and attempt(form, lambda: form.fix(found, by=request.user)):
        messages.success(request, _("Fixed. Somebody else verifies it."))
        return redirect(found)
    return _asked(request, "approvals/supervision_fix.html", found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def supervision_give(request, pk):
    """Somebody else fixes it, or by another day."""
    found = _open_defect(request, pk)
    form = GiveForm(request.POST if request.method == "POST" else None, note=found)
    if form.is_bound and attempt(form, lambda: form.give(found, by=request.user)):
        messages.success(request, _("Given to %(person)s.") % {"person": found.holder})
        return redirect(found)
    return _asked(request, "approvals/supervision_give.html", found, form)


def _open_defect(request, pk):
    found = visible_note(request.user, pk)
    require(request.user, NOTE, found)
    if found.state != State.OPEN:
        typed = request.POST.get("words", "")
        raise Conflict(found, meanwhile(found), [Row(_("What was done"), typed, found.fixed_words)] if typed else ())
    return found


def _asked(request, template, note, form):
    sees = request.user.has_perm("campaigns.view_campaign", note.campaign)
    shown = {"note": note, "campaign": note.campaign, "form": form, "sees_campaign": sees}
    return render(request, template, shown, status=422 if form.is_bound else 200)


@require_POST
def supervision_move(request, pk, name):
    found = visible_note(request.user, pk)
    return make_move(request, found, name, url=found.get_absolute_url())
