"""Moving a step with everything behind it: first shown, then done, or asked of the coordinator (COO6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agency.flow import Refused
from agency.forms import attempt
from agency.pages import make_move, tell
from campaigns.forms import DayField, RearrangeForm
from campaigns.models import Rearrangement, Step
from campaigns.models.rearrangement import owners_told, preview
from campaigns.views.steps import visible_step

MAKE, ASK = "campaigns.rearrange_steps", "campaigns.ask_rearrangement"


@require_http_methods(["GET", "HEAD", "POST"])
def rearrange(request, pk):
    step, person = visible_step(request.user, pk), request.user
    makes = person.has_perm(MAKE, step)
    if not makes and not person.has_perm(ASK, step):
        raise PermissionDenied
    if request.method != "POST":
        day = _day_asked(request)
        return _page(request, step, RearrangeForm(initial={"to_start": day}), makes, day=day)
    form = RearrangeForm(request.POST)
    if "confirm" in request.POST:
        return _move(request, step, form) if makes else _ask(request, step, form)
    valid = form.is_valid()
    return _page(request, step, form, makes, day=form.cleaned_data.get("to_start"), status=200 if valid else 422)


def _day_asked(request):
    """The day of an address such as ?to_start=2026-12-04, or None."""
    try:
        return DayField(required=False).clean(request.GET.get("to_start", ""))
    except ValidationError:
        return None


def _page(request, step, form, makes, *, day=None, status=200):
    """The form and, for those who see the campaign, what would move if the step began on that day."""
    sees = request.user.has_perm(Step.view_right, step.campaign)
    changes, refusal = _what_moves(step, day) if day and sees else ([], "")
    shown = {
        "step": step, "form": form, "makes": makes, "sees_campaign": sees, "day": day, "changes": changes, "refusal": refusal,
        "told": owners_told(changes, request.user), "broken": [change for change in changes if change.breaks_deadline],
        "ready": bool(changes) and form.is_bound and form.is_valid(),
    }  # fmt: skip
    return render(request, "campaigns/rearrange.html", shown, status=422 if refusal else status)


def _what_moves(step, day):
    try:
        return preview(step, day), ""
    except Refused as why:
        return [], str(why)


def _move(request, step, form):
    if not (wish := attempt(form, lambda: form.move(step, by=request.user), field="to_start")):
        return _page(request, step, form, True, status=422)
    n = len(wish.moved)
    done = ngettext("%(n)d step moved; its owner is told.", "%(n)d steps moved; their owners are told.", n)
    messages.success(request, done % {"n": n})
    return redirect(step)


def _ask(request, step, form):
    if not (wish := attempt(form, lambda: form.ask(step, by=request.user), field="to_start")):
        return _page(request, step, form, False, status=422)
    asked = _("Asked. %(person)s answers.") % {"person": wish.holder or _("The coordinator")}
    tell(request, asked, undo=reverse("rearrangement_move", args=[wish.pk, "withdraw"]), seen=wish.version)
    return redirect(step)


@require_POST
def wish_move(request, pk, name):
    seen = Rearrangement.objects.visible_to(request.user).select_related("step", "campaign", "client__group__supervisor")
    wish = get_object_or_404(seen, pk=pk)
    return make_move(request, wish, name, url=wish.get_absolute_url())
