"""Who has how much to do in these two weeks, who is wanted twice and who is free (COO1)."""

from datetime import timedelta

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import BusinessGroup, Department, Person
from agency import clock
from agency.exports import attachment
from agency.forms import ListFilter
from agency.lists import Column, address
from campaigns import workload

YEARS = 5


class LoadFilter(ListFilter):
    """Whose load is shown."""

    department = forms.ModelChoiceField(
        Department.objects.all(), label=gettext_lazy("Department"), required=False, empty_label=gettext_lazy("All")
    )
    group = forms.ModelChoiceField(
        BusinessGroup.objects.all(), label=gettext_lazy("Group"), required=False, empty_label=gettext_lazy("All")
    )


@require_safe
def load(request):
    person = request.user
    if not person.is_of_the_department:
        raise PermissionDenied(_("The load of people is for the customer department."))
    today, seen = clock.today_for(person), Person.objects.visible_to(person).employed()
    filters = LoadFilter(request.GET, seen=seen, person=person)
    first, last = workload.fortnight(asked_day(request, today))
    people = list(filters.of(seen).select_related("department", "group")[: workload.MOST + 1])
    rows = workload.rows_of(people[: workload.MOST], person, first, last, today)
    if request.GET.get("export") == "csv":
        return as_file(rows)
    context = {
        "rows": rows, "clashes": workload.clashes(rows, person), "filters": filters, "more": len(people) > workload.MOST,
        "first": first, "last": last, "today": today, "days": [day.on for day in rows[0].days] if rows else [],
        "earlier": _at(request, first - timedelta(weeks=1)), "later": _at(request, first + timedelta(weeks=1)),
        "may_see_away": person.has_perm("clients.arrange_cover"), "export": address(request.GET, export="csv"),
    }  # fmt: skip
    return render(request, "campaigns/load.html", context)


def _at(request, day):
    return address(request.GET, **{"from": day.isoformat()})


def asked_day(request, today):
    """The day in the address, near enough to be meant; else today."""
    asked = request.GET.get("from")
    if not asked:
        return today
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None or abs(day.year - today.year) > YEARS:
        raise BadRequest(_("This address names no day near enough to show."))
    return day


def as_file(rows):
    """A line for each person and day; steps are not named, so that no file tells of another client."""
    columns = [Column("person", _("Person"), what=True), Column("day", _("Day"), kind="date")]
    columns += [Column(name, label, kind="number") for name, label in (("wanted", _("Wanted, %")), ("free", _("Worked, %")))]
    lines = [[str(row.person), day.on, day.wanted, day.free] for row in rows for day in row.days]
    return attachment("csv", columns, lines, "load", "load")
