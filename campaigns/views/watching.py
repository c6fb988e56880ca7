"""Beside the dashboard: what lies between two desks, media deadlines, the hot list to print, the screen on the wall, and the
views that a person has named (COO1, COO3)."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import require, tell
from agency.workdays import calendar
from campaigns import reading
from campaigns.forms import SHOWN, ViewForm
from campaigns.handing import AHEAD, FEW, MOST, longest_between, media_deadlines
from campaigns.hot import hot_of, worst_of
from campaigns.kept_views import drop_view, open_with, questions_of, rename_view, save_view, views_of
from campaigns.lists import HandoffList, StepList
from campaigns.models import Step
from campaigns.views.campaigns import VIEW

PRINTED = 40  # lines of the hot list on paper
WALL = 7  # lines of the hot list on the wall


@require_safe
def handoffs(request):
    require(request.user, VIEW)
    return HandoffList(request).response("campaigns/handoffs.html")


@require_safe
def deadlines(request):
    require(request.user, VIEW)
    found = media_deadlines(request.user, clock.today_for(request.user))
    shown = {"deadlines": found[:MOST], "ahead": AHEAD, "most": MOST, "cut": len(found) > MOST}
    return render(request, "campaigns/deadlines.html", shown)


# ── The hot list on paper ───────────────────────────────────────────────────────────────────────
@require_safe
def hot_list(request):
    """The hot list of the steps asked for, as one table to print."""
    require(request.user, VIEW)
    listing = StepList(request)
    found = hot_of(listing.steps, request.user, listing.today, PRINTED + 1)
    shown = {"hot": found[:PRINTED], "cut": len(found) > PRINTED, "most": PRINTED, "today": listing.today, "now": clock.now()}
    return render(request, "campaigns/hot_list.html", {**shown, "filters": listing.filter})


# ── The screen on the wall ──────────────────────────────────────────────────────────────────────
@require_safe
def wall(request):
    """What hurts, for a screen that nobody touches; the inside alone for the page that asks again and again."""
    require(request.user, VIEW)
    shown = on_the_wall(request.user)
    if "fragment" in request.GET:
        return _fresh(render(request, "campaigns/_wall.html", shown))
    words = {"fresh": _("Up to date at %(time)s"), "lost": _("No connection: this is how it stood at %(time)s")}
    return _fresh(render(request, "campaigns/wall.html", {**shown, **words, "look": request.GET.get("look", "")}))


def _fresh(answer):
    answer["Cache-Control"] = "private, no-store"
    return answer


def on_the_wall(person):
    """What stands on the wall for `person`, each part with how many more there are."""
    today = clock.today_for(person)
    steps = Step.objects.visible_to(person).concerning(person).unchecked()
    counts = reading.counts(steps, today, {name: condition for name, (_label, _state, condition) in SHOWN.items()})
    between, all_between = longest_between(steps, person)
    near, hot = media_deadlines(person, today), hot_of(steps, person, today, WALL)
    return {
        "today": today,
        "figures": [(label, state if counts[name] else "", counts[name]) for name, (label, state, _of) in SHOWN.items()],
        "hot": hot, "more_hot": worst_of(steps, today, calendar()).count() - len(hot),
        "between": between, "more_between": all_between - len(between),
        "near": near[:FEW], "more_near": len(near) - len(near[:FEW]),
    }  # fmt: skip


# ── Views that have a name ──────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def views(request):
    """Name the questions in the address; rename, delete, and open the schedule with one."""
    require(request.user, VIEW)
    if request.method == "POST":
        return _changed(request) if "view" in request.POST else _saved(request)
    asked = questions_of(request.META["QUERY_STRING"])
    return _views(request, ViewForm(initial={"query": asked}) if asked else None)


def _saved(request):
    form = ViewForm({"name": request.POST.get("name"), "query": questions_of(request.POST.get("query", ""))})
    if attempt(form, lambda: (save_view(request.user, **form.cleaned_data),), field="name"):
        tell(request, _("The view “%(name)s” is kept.") % form.cleaned_data)
        return redirect(f"{reverse('schedule')}?{form.cleaned_data['query']}")
    return _views(request, form, status=422)


def _changed(request):
    """One of the three things that can be done with a view, as its button says."""
    person, name = request.user, request.POST["view"]
    form = ViewForm({"name": request.POST.get("name", name), "query": "show=late"})
    try:
        if "drop" in request.POST:
            drop_view(person, name)
        elif "first" in request.POST:
            open_with(person, name)
        elif form.is_valid():
            rename_view(person, name, form.cleaned_data["name"])
        else:
            raise Refused(_("A view needs a name of at most 60 characters."))
    except Refused as why:
        return _views(request, None, status=422, why=str(why))
    return redirect("schedule_views")


def _views(request, form, status=200, why=""):
    shown = {"views": views_of(request.user), "form": form, "why": why}
    return render(request, "campaigns/views.html", shown, status=status)
