"""The work schedule of one campaign (DEP4, COO4), and the dashboard over all of them (COO1)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock
from agency.forms import attempt
from agency.lists import address
from agency.pages import CAP, require
from agency.workdays import calendar
from campaigns import board, reading
from campaigns.brief_changes import change_for
from campaigns.causes import reckon
from campaigns.forms import SHOWN, ScheduleForm
from campaigns.gantt import chart
from campaigns.handing import FEW, longest_between, media_deadlines
from campaigns.hot import hot_of
from campaigns.kept_views import first_view, questions_of, views_of
from campaigns.lists import StepList
from campaigns.models import Baseline, StepLink
from campaigns.models.nudge import latest_promises
from campaigns.movable import movable_by
from campaigns.slips import running, slips
from campaigns.templating import KEEP
from campaigns.views.campaigns import VIEW, visible_campaign
from campaigns.weeks import moved, window_around, window_of
from clients.owed import with_days_left

MAKE = "campaigns.make_schedule"
WAYS = {"day": gettext_lazy("Days"), "week": gettext_lazy("Weeks"), "month": gettext_lazy("Months")}


# ── One campaign ────────────────────────────────────────────────────────────────────────────────
@require_safe
def campaign_schedule(request, job_number):
    person = request.user
    campaign = visible_campaign(person, job_number)
    steps = list(campaign.steps.visible_to(person).for_list().order_by("position", "pk"))
    shown = {"campaign": campaign, "may_make": not steps and person.has_perm(MAKE, campaign)}
    shown["brief_change"] = change_for(campaign, person)
    shown["waiting"] = (
        Baseline.objects.visible_to(person).filter(campaign=campaign).waiting().select_related("campaign").first()
    )
    shown["may_template"] = steps and person.has_perm(KEEP, campaign)
    shown["may_keep"] = steps and not shown["waiting"] and person.has_perm(MAKE, campaign)
    if steps:
        shown |= drawn(request, campaign, with_days_left(steps, person))
    return render(request, "campaigns/campaign_schedule.html", shown)


def drawn(request, campaign, steps):
    """The chart of these steps in the weeks asked for, what stands above it, and what follows if the running step slips."""
    person, workdays, today = request.user, calendar(), clock.today_for(request.user)
    links = list(StepLink.objects.filter(after__campaign=campaign).values_list("before", "after", "lag"))
    window = window_of(request.GET, today, default="")
    agreed = Baseline.objects.visible_to(person).filter(campaign=campaign).agreed().select_related("campaign").first()
    more = {"movable": movable_by(person, [campaign]), "promises": promises_of(steps)}
    shown = chart(steps, links, today, workdays, window, agreed and agreed.spans, **more)
    now = running(shown.rows)
    return {
        **held_against(agreed, campaign, steps, links, shown, workdays),
        "chart": shown, "closed": shown.window.closed(workdays),
        "now": now, "next": board.next_of(steps), "switch": switch(request, window, today, whole_too=True),
        "standing": board.standing_of_work(steps, today, workdays, {row.step.pk: row.real for row in shown.rows}),
        "parts": parts(shown.kept), "late": late(steps, today),
        "slips": slips(now, steps, links, today, workdays) if now else [],
        "may_judge": person.has_perm("campaigns.rearrange_steps", campaign),
        "may_assign": any(step.is_open for step in steps) and asks_or_makes(person, campaign),
        "may_rearrange": now and person.has_perm("campaigns.rearrange_steps", now),
    }  # fmt: skip


def promises_of(steps):
    """The newest promise for each step, each knowing its step."""
    found, of = latest_promises(steps), {step.pk: step for step in steps}
    for key, nudge in found.items():
        nudge.step = of[key]
    return found


def asks_or_makes(person, campaign):
    return any(person.has_perm(f"campaigns.{right}", campaign) for right in ("rearrange_steps", "ask_rearrangement"))


def held_against(agreed, campaign, steps, links, shown, workdays):
    """What became of the schedule that the client agreed, if there is one; and the day on which delivery is due now, where the
    terms let the client's delay move it."""
    if agreed is None:
        return {}
    kept = reckon(agreed, steps, links, {row.step.pk: row.real for row in shown.rows}, workdays)
    moves = campaign.client.terms_on().late_shift and kept.clients_days
    return {"kept": kept, "delivery": workdays.add(agreed.ends_on, kept.clients_days) if moves else None}


def parts(rows):
    """How many steps stand in each of the seven states."""
    found = {}
    for row in rows:
        found[row.bar.state] = found.get(row.bar.state, 0) + 1
    return found


def late(steps, today):
    """How many late steps lie with the client, and how many with us."""
    found = [step for step in steps if step.is_late(today)]
    theirs = sum(step.is_clients for step in found)
    return {"all": len(found), "client": theirs, "ours": len(found) - theirs}


def switch(request, window, today, *, whole_too=False):
    """The links above the bars: by day, week or month; earlier, today, later."""
    by, at = (window.by if window else ""), request.GET
    ways = {"": _("Whole"), **WAYS} if whole_too else WAYS
    links = {"ways": [(label, address(at, **{"by": name, "from": None}), name == by) for name, label in ways.items()]}
    if window:
        links["earlier"], links["later"] = (address(at, **{"by": by, "from": moved(window, way)}) for way in (-1, 1))
        usual = window == window_around(today, by)
        links["today"] = "" if usual else address(at, **{"by": by, "from": None})
    return links


# ── Making one ──────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_make(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, MAKE, campaign)
    if campaign.is_scheduled:
        messages.info(request, _("This campaign has a work schedule already; rearrange its steps instead."))
        return redirect("campaign_schedule", job_number=job_number)
    form = ScheduleForm(request.POST if request.method == "POST" else None)
    if "preview" in request.POST:
        return _making(request, campaign, form, plan=attempt(form, form.plan, field="on"))
    if form.is_bound and (steps := attempt(form, lambda: form.make(campaign, by=request.user), field="on")):
        messages.success(request, _("The work schedule is made: %(n)d steps.") % {"n": len(steps)})
        return redirect("campaign_schedule", job_number=job_number)
    return _making(request, campaign, form)


def _making(request, campaign, form, plan=None):
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/schedule_make.html", {"campaign": campaign, "form": form, "plan": plan}, status=status)


# ── All of them ─────────────────────────────────────────────────────────────────────────────────
@require_safe
def dashboard(request):
    person = request.user
    require(person, VIEW)
    if first := first_asked(request):
        return redirect(f"{request.path}{first.address}")
    listing = StepList(request)
    if form := request.GET.get("export"):
        return listing.file(form)
    today, steps, filters = listing.today, listing.steps, listing.filter
    window = window_of(request.GET, today)
    conditions = {name: condition for name, (_label, _state, condition) in SHOWN.items()}
    counts = reading.counts(listing.counted_over, today, conditions)
    jobs = board.jobs_of(steps, person, today, window, request)
    between, between_count = longest_between(listing.counted_over, person)
    near = media_deadlines(person, today)
    shown = {
        "may_see_load": person.is_of_the_department,
        "between": between, "between_count": between_count, "near": near[:FEW], "near_count": len(near),
        "tiles": tiles(request, counts, filters.shown), "today": today,
        "jobs": jobs, "groups": board.grouped(jobs), "several": filters.several, "hot": hot_of(steps, person, today),
        "window": window, "now": window.place_of(today), "closed": window.closed(calendar()),
        "switch": switch(request, window, today),
        "views": views_of(person), "asked": questions_of(request.META["QUERY_STRING"]),
    }  # fmt: skip
    return listing.response("campaigns/schedule.html", **shown)


def first_asked(request):
    """The view with which a person opens the schedule when he comes from elsewhere and asks for nothing; else None."""
    came_from = request.META.get("HTTP_REFERER", "").partition("?")[0]
    if request.META["QUERY_STRING"] or came_from == request.build_absolute_uri(request.path):
        return None
    return first_view(request.user)


def tiles(request, counted, shown):
    """The counts over the list, each of which is a filter in the address; the other questions stay as they are."""
    found = [(_("All open steps"), "", counted["all"], "", not shown)]
    for name, (label, state, _condition) in SHOWN.items():
        found.append((label, state if counted[name] else "", counted[name], name, shown == name))
    return [
        {"label": label, "state": state, "value": f"{CAP}+" if value > CAP else value, "current": current,
         "url": address(request.GET, show=name, lanes=None)}
        for label, state, value, name, current in found
    ]  # fmt: skip
