"""The work schedule that a client agrees, and whose day it was when it goes otherwise (DEP4, COO4)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency import paper
from agency.forms import attempt
from agency.pages import make_move, require, tell_done
from campaigns.baseline_forms import BaselineForm, CauseForm
from campaigns.models import Baseline
from campaigns.models.baseline import MAKE
from campaigns.models.outside import RECORD, SEND
from campaigns.views import outside
from campaigns.views.campaigns import visible_campaign
from campaigns.views.steps import visible_step
from clients.owed import with_days_left

State = Baseline.State
JUDGE = "campaigns.rearrange_steps"


def visible_baseline(person, pk):
    """The schedule for the client that `person` sees, or 404."""
    seen = Baseline.objects.visible_to(person)
    return get_object_or_404(seen.select_related("campaign__client", "client__group__supervisor", "holder"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_new(request, job_number):
    """The schedule as it stands, to be frozen for the client."""
    campaign = visible_campaign(request.user, job_number)
    require(request.user, MAKE, campaign)
    form = BaselineForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if form.is_bound and (made := attempt(form, lambda: form.freeze(by=request.user))):
        messages.success(request, _("Kept as %(schedule)s. Next: send it to the client.") % {"schedule": made.reference})
        return redirect(made)
    steps = campaign.steps.kept().select_related("department").order_by("position", "pk")
    shown = {"campaign": campaign, "form": form, "steps": steps}
    return render(request, "campaigns/baseline_new.html", shown, status=422 if form.is_bound else 200)


@require_safe
def baseline(request, pk):
    schedule, person = visible_baseline(request.user, pk), request.user
    shown = {
        **outside.outside_of(schedule, person), **sheet_of(schedule),
        "moves": schedule.moves_and_undo(person), "left": with_days_left([schedule], person)[0].left,
        "may_send": schedule.state == State.DRAFT and person.has_perm(SEND, schedule),
        "may_record": schedule.state in {State.DRAFT, State.CLIENT} and person.has_perm(RECORD, schedule),
        "may_see_history": person.has_perm("clients.view_history", schedule),
        "events": schedule.events()[:20],
    }  # fmt: skip
    return render(request, "campaigns/baseline.html", shown)


def sheet_of(schedule):
    title = _("Work schedule: %(campaign)s") % {"campaign": schedule.campaign.name}
    told = {"baseline": schedule, "campaign": schedule.campaign}
    return {**told, **paper.document(schedule, title=title, number=schedule.reference)}


@require_safe
def baseline_pdf(request, pk):
    schedule = visible_baseline(request.user, pk)
    return paper.pdf(request, "campaigns/_baseline_sheet.html", sheet_of(schedule), name=schedule.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_send(request, pk):
    return outside.send(request, visible_baseline(request.user, pk), right=SEND, states={State.DRAFT})


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_record(request, pk):
    return outside.record(request, visible_baseline(request.user, pk), states={State.DRAFT, State.CLIENT})


@require_POST
def baseline_move(request, pk, name):
    schedule = visible_baseline(request.user, pk)
    return make_move(request, schedule, name, url=schedule.get_absolute_url())


# ── Whose day it was ────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def step_cause(request, pk):
    """Say whose the days are that a step lost, where it is not who the system proposes."""
    step = visible_step(request.user, pk)
    require(request.user, JUDGE, step)
    form = CauseForm(request.POST if request.method == "POST" else None, step=step)
    if form.is_bound and attempt(form, lambda: form.say(by=request.user)):
        step.refresh_from_db()
        tell_done(request, _("Kept, with the reason."), step, "say_cause", at=step.get_absolute_url())
        return redirect("campaign_schedule", job_number=step.campaign.job_number)
    shown = {"step": step, "campaign": step.campaign, "form": form}
    return render(request, "campaigns/step_cause.html", shown, status=422 if form.is_bound else 200)
