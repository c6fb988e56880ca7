"""One step of a work schedule and its hand-off: who, when, what before and behind it, and the moves (COO1, COO3).

Its owner and the owner of the next step see it without seeing the campaign; so this page names its neighbours and nothing
else of the campaign to them.
"""

from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import make_move, require, tell_done
from agency.workdays import calendar
from campaigns import reading
from campaigns.causes import foreseen, network
from campaigns.chasing import chasing_of
from campaigns.forms import GiveForm
from campaigns.models import Hours, Rearrangement, Step
from campaigns.models.evidence import Evidence
from campaigns.models.hours import may_note
from campaigns.models.template import Kind
from clients.filing import files_of
from clients.owed import with_days_left

GIVE = "campaigns.make_schedule"


def visible_step(person, pk):
    """The step that `person` sees, or 404."""
    return get_object_or_404(Step.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def step_page(request, pk):
    return page_of(request, visible_step(request.user, pk))


def page_of(request, step, form=None, forms=None, status=200):
    """The page of a step; form, forms: what comes back with its errors, the latter by name (`campaigns.chasing`)."""
    person = request.user
    may_give = not step.is_settled and person.has_perm(GIVE, step)
    shown = {
        "foreseen": foreseen_of(step),
        "step": with_days_left([step], person)[0],
        "standing": reading.standing_of(step, clock.today_for(person)),
        "moves": step.moves_and_undo(person),
        "sees_campaign": person.has_perm(Step.view_right, step.campaign),
        "neighbours": reading.neighbours(step, person),
        "form": form or (GiveForm(step=step) if may_give else None),
        "may_rearrange": step.is_open and person.has_perm("campaigns.rearrange_steps", step),
        "may_ask": step.is_open and person.has_perm("campaigns.ask_rearrangement", step),
        "may_see_history": person.has_perm("clients.view_history", step),
        "wishes": wishes_of(step, person),
        "may_note": may_note(person, step),
        "hours": Hours.objects.visible_to(person).standing().filter(step=step).aggregate(all=Sum("hours"))["all"],
        "events": step.events()[:20],
        **chasing_of(step, person, forms),
        "files": files_of(step, person),
        "asks_evidence": step.needs_evidence != Evidence.NONE,
        "may_supervise": person.has_perm("approvals.note_supervision", step),
        "may_sample": waits_for_proof(step) and person.has_perm("approvals.review_sample", step),
    }
    return render(request, "campaigns/step_page.html", shown, status=status)


def waits_for_proof(step):
    """Whether it is a proof review that nobody has checked yet, or any step that has a passed proof to show."""
    return not step.is_settled and (step.kind == Kind.PROOF or step.needs_evidence == Evidence.PROOF)


def foreseen_of(step):
    """(first day, last day) as things stand, where an open step will not go as planned; else None."""
    if not step.is_open:
        return None
    steps, links = network(step.campaign)
    real = foreseen(steps, links, clock.today(), calendar())[step.pk]
    return None if real == (step.starts_on, step.ends_on) else real


def wishes_of(step, person):
    """What was asked or carried out about this step, as far as `person` sees it; each with the answers open to him."""
    seen = Rearrangement.objects.visible_to(person).filter(step=step)
    wishes = list(seen.select_related("client__group__supervisor", "campaign", "step", "created_by", "holder")[:10])
    for wish in wishes:
        wish.moves = wish.moves_and_undo(person)
    return with_days_left(wishes, person)


@require_POST
def step_move(request, pk, name):
    step = visible_step(request.user, pk)
    return make_move(request, step, name, url=step.get_absolute_url())


@require_POST
def step_give(request, pk):
    step = visible_step(request.user, pk)
    require(request.user, GIVE, step)
    form = GiveForm(request.POST, step=step)
    if not attempt(form, lambda: _give(step, form, request.user)):
        return page_of(request, step, form, status=422)
    now = _("%(step)s is now with %(person)s.") % {"step": step, "person": step.person or _("nobody yet")}
    tell_done(request, now, step, "give_to", at=step.get_absolute_url())
    return redirect(step)


def _give(step, form, by):
    return step.give_to(by=by, person=form.cleaned_data["person"], seen=form.cleaned_data["seen"])
