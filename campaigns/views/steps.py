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
from campaigns import reading
from campaigns.forms import GiveForm
from campaigns.models import Hours, Rearrangement, Step
from campaigns.models.hours import may_note
from clients.owed import with_days_left

GIVE = "campaigns.make_schedule"


def visible_step(person, pk):
    """The step that `person` sees, or 404."""
    return get_object_or_404(Step.objects.visible_to(person).for_page(), pk=pk)


@require_safe
def step_page(request, pk):
    return _page(request, visible_step(request.user, pk))


def _page(request, step, form=None, status=200):
    person = request.user
    may_give = step.state != Step.State.CHECKED and person.has_perm(GIVE, step)
    shown = {
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
    }
    return render(request, "campaigns/step_page.html", shown, status=status)


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
        return _page(request, step, form, status=422)
    now = _("%(step)s is now with %(person)s.") % {"step": step, "person": step.person or _("nobody yet")}
    tell_done(request, now, step, "give_to", at=step.get_absolute_url())
    return redirect(step)


def _give(step, form, by):
    return step.give_to(by=by, person=form.cleaned_data["person"], seen=form.cleaned_data["seen"])
