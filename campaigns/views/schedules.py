"""The work schedule of one campaign (DEP4, COO4), and the dashboard over all of them (COO1)."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency import clock
from agency.forms import attempt
from agency.pages import CAP, PAGE, Page, require
from agency.workdays import calendar
from campaigns import reading
from campaigns.forms import SHOWN, ScheduleFilter, ScheduleForm
from campaigns.gantt import chart
from campaigns.models import Step, StepLink
from campaigns.schedule import planned
from campaigns.views.campaigns import VIEW, visible_campaign
from clients.owed import with_days_left

MAKE = "campaigns.make_schedule"


@require_safe
def campaign_schedule(request, job_number):
    person = request.user
    campaign = visible_campaign(person, job_number)
    steps = list(campaign.steps.visible_to(person).for_list().order_by("position", "pk"))
    links = list(StepLink.objects.filter(after__campaign=campaign).values_list("before", "after", "lag"))
    shown = {
        "campaign": campaign,
        "chart": chart(steps, links, clock.today_for(person), calendar()) if steps else None,
        "checked": sum(step.state == Step.State.CHECKED for step in steps),
        "may_make": not steps and person.has_perm(MAKE, campaign),
    }
    return render(request, "campaigns/campaign_schedule.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_make(request, job_number):
    campaign = visible_campaign(request.user, job_number)
    require(request.user, MAKE, campaign)
    if campaign.is_scheduled:
        messages.info(request, _("This campaign has a work schedule already; rearrange its steps instead."))
        return redirect("campaign_schedule", job_number=job_number)
    form = ScheduleForm(request.POST if request.method == "POST" else None)
    if "preview" in request.POST:
        return _making(request, campaign, form, plan=attempt(form, lambda: planned(**form.cleaned_data), field="on"))
    if form.is_bound and (steps := attempt(form, lambda: form.make(campaign, by=request.user), field="on")):
        messages.success(request, _("The work schedule is made: %(n)d steps.") % {"n": len(steps)})
        return redirect("campaign_schedule", job_number=job_number)
    return _making(request, campaign, form)


def _making(request, campaign, form, plan=None):
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "campaigns/schedule_make.html", {"campaign": campaign, "form": form, "plan": plan}, status=status)


@require_safe
def dashboard(request):
    person = request.user
    require(person, VIEW)
    today = clock.today_for(person)
    mine = Step.objects.visible_to(person).concerning(person).unchecked()
    filters = ScheduleFilter(request.GET, steps=mine)
    asked = filters.of(mine)
    counted = reading.counts(asked, today, {name: condition for name, (_label, _state, condition) in SHOWN.items()})
    steps = asked.filter(SHOWN[filters.shown][2](today)) if filters.shown else asked
    page = worst_first(steps.for_list(), request, counted[filters.shown or "all"])
    page.rows = reading.with_next_move(reading.with_standing(with_days_left(page.rows, person), today), person)
    shown = {"page": page, "filters": filters, "tiles": tiles(request, counted, filters.shown), "today": today}
    return render(request, "campaigns/schedule.html", shown)


def tiles(request, counted, shown):
    """The counts over the list, each of which is a filter in the address; the other questions stay as they are."""
    found = [(_("All open steps"), "", counted["all"], _address(request, ""), not shown)]
    for name, (label, state, _condition) in SHOWN.items():
        found.append((label, state if counted[name] else "", counted[name], _address(request, name), shown == name))
    return [
        {"label": label, "state": state, "value": f"{CAP}+" if value > CAP else value, "url": url, "current": current}
        for label, state, value, url, current in found
    ]


def _address(request, show):
    query = request.GET.copy()
    for name in ("after", "show"):
        query.pop(name, None)
    if show:
        query["show"] = show
    return "?" + query.urlencode()


def worst_first(steps, request, count):
    """A page of steps by due day and key, the longest overdue first. `?after=2026-11-23.145`: the last row before."""
    if after := request.GET.get("after", ""):
        steps = steps.behind(*_row_named(after))
    rows = list(steps.order_by("due_on", "pk")[: PAGE + 1])
    older = ""
    if len(rows) > PAGE:
        query, last = request.GET.copy(), rows[PAGE - 1]
        query["after"] = f"{last.due_on.isoformat()}.{last.pk}"
        older = "?" + query.urlencode()
    return Page(rows[:PAGE], older, count)


def _row_named(after):
    """The due day and the key in an address, or 400."""
    day, _dot, key = after.partition(".")
    try:
        return Step._meta.get_field("due_on").to_python(day), Step._meta.pk.to_python(key)
    except ValidationError as error:
        raise BadRequest(_("This address does not lead to a page of the list.")) from error
