"""Writing in the thread of a step, nudging by hand, promising a day, and saying how far a step is (COO2)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import make_move, require
from campaigns.chasing import asked_this_week
from campaigns.chasing_forms import NoteForm, NudgeForm, ProgressForm, PromiseForm
from campaigns.models import Nudge, StepNote
from campaigns.models.thread import NUDGE
from campaigns.views.steps import page_of, visible_step


@require_POST
def note_new(request, pk):
    step, form = visible_step(request.user, pk), NoteForm(request.POST)
    if not attempt(form, lambda: form.write(step, by=request.user)):
        return page_of(request, step, forms={"note": form}, status=422)
    messages.success(request, _("It stands in the thread; those who work on the step are told."))
    return redirect(f"{step.get_absolute_url()}#thread")


@require_POST
def note_move(request, pk, name):
    note = get_object_or_404(StepNote.objects.visible_to(request.user).select_related("step", "created_by"), pk=pk)
    return make_move(request, note, name, url=f"{note.get_absolute_url()}#thread")


@require_POST
def nudge_new(request, pk):
    step, form = visible_step(request.user, pk), NudgeForm(request.POST)
    require(request.user, NUDGE, step)
    nudge = attempt(form, lambda: form.send(step, by=request.user))
    if not nudge:
        return page_of(request, step, forms={"nudge": form}, status=422)
    messages.success(request, _("%(person)s is asked, on the desk and by mail.") % {"person": nudge.person})
    return redirect(f"{step.get_absolute_url()}#chase")


@require_POST
def nudge_promise(request, pk):
    seen = Nudge.objects.visible_to(request.user).select_related("step__campaign", "person", "created_by")
    nudge = get_object_or_404(seen, pk=pk)
    step, form = visible_step(request.user, nudge.step_id), PromiseForm(request.POST, nudge=nudge)
    if not attempt(form, lambda: form.promise(by=request.user)):
        return page_of(request, step, forms={"promise": form, "promised": nudge}, status=422)
    messages.success(request, _("%(person)s is told of the day.") % {"person": nudge.created_by})
    return redirect(f"{step.get_absolute_url()}#chase")


@require_POST
def progress_new(request, pk):
    step = visible_step(request.user, pk)
    require(request.user, "campaigns.work_step", step)
    form = ProgressForm(request.POST, step=step)
    if not attempt(form, lambda: form.say(step, by=request.user)):
        return page_of(request, step, forms={"progress": form}, status=422)
    messages.success(request, _("Noted, and shown beside the step."))
    return redirect(f"{step.get_absolute_url()}#progress")


@require_safe
def how_far(request):
    """Who has not said this week how far a long step is, for those who chase; and what the others said."""
    require(request.user, NUDGE)
    silent, said = asked_this_week(request.user, clock.today())
    return render(request, "campaigns/how_far.html", {"silent": silent, "said": said})
