"""The own absences, and who is away (MIN1)."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.absence_forms import AbsenceForm, BackForm
from accounts.models import Absence
from agency import clock
from agency.forms import attempt
from agency.pages import page_of, require

PLAN, COVER = "accounts.plan_absence", "clients.arrange_cover"
WEEKS, MOST = 8, 100


@require_http_methods(["GET", "HEAD", "POST"])
def my_absences(request):
    """The days one has entered, the newest first, and the form for the next."""
    require(request.user, PLAN)
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: form.enter(by=request.user)):
        messages.success(request, _("Entered. Colleagues read that you are away, and not why."))
        return redirect("absences")
    own = page_of(Absence.objects.filter(person=request.user), request)
    return render(request, "accounts/absences.html", {"form": form, "own": own}, status=422 if form.is_bound else 200)


def visible_absence(person, pk):
    return get_object_or_404(Absence.objects.visible_to(person).select_related("person"), pk=pk)


@require_safe
def absence(request, pk):
    return shown_absence(request, visible_absence(request.user, pk))


def shown_absence(request, shown, form=None):
    """The page of an absence; kind, note and trail are for the person away alone."""
    mine = shown.person == request.user
    ends_later = mine and shown.state == Absence.State.ENTERED and shown.last > max(shown.first, clock.today())
    context = {
        "may_cover": shown.state == Absence.State.ENTERED and request.user.has_perm(COVER, shown),
        "absence": shown, "mine": mine, "moves": shown.moves_open_to(request.user),
        "form": form or (BackForm(initial={"seen": shown.version}) if ends_later else None),
        "events": shown.events()[:MOST] if mine else [],
    }  # fmt: skip
    return render(request, "accounts/absence.html", context, status=422 if form else 200)


@require_safe
def away(request):
    """Who is away this week and in the next ones, for those who arrange cover."""
    if not request.user.has_perm(COVER):
        raise PermissionDenied(_("Who is away is shown to those who arrange the cover."))
    today = clock.today_for(request.user)
    first = today - timedelta(days=today.weekday())
    found = Absence.objects.visible_to(request.user).touching(first, first + timedelta(weeks=WEEKS))
    rows = list(found.select_related("person__department", "person__group").order_by("first", "pk")[: MOST + 1])
    context = {"absences": rows[:MOST], "more": len(rows) > MOST, "weeks": WEEKS, "today": today}
    return render(request, "accounts/away.html", context)
