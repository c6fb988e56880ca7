"""The list of people and the list of evaluations."""

from django.db.models import CharField, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import EvaluationFilter, PeopleFilter
from accounts.models import Evaluation, Person, Role
from agency.lists import Column, Listing, by_choice
from agency.templatetags.dates import day, due
from agency.templatetags.ui import chip, person_tag


def by_name(path=""):
    """Sorts by a person as he is called on the pages, whatever the capitals; nobody comes last. path: the way to the person."""
    at = f"{path}__" if path else ""
    whole = Trim(Concat(f"{at}first_name", Value(" "), f"{at}last_name", output_field=CharField()))
    return Lower(Coalesce(NullIf(whole, Value("")), f"{at}username"))


class PeopleList(Listing):
    name, order, filters, icon = "people", "name", PeopleFilter, "people"
    title, empty = gettext_lazy("People"), gettext_lazy("Nobody works here yet")
    explained = gettext_lazy("The administrator takes people in.")
    columns = (
        Column("name", gettext_lazy("Name"), lambda it: it, lambda it: person_tag(it, url=it.get_absolute_url()), by_name(),
               what=True),
        Column("role", gettext_lazy("Role"), "get_role_display", sort=by_choice("role", Role), kind="rank", named=False,
               fixed=True, line=True),
        Column("group", gettext_lazy("Group"), sort=Lower("group__name")),
        Column("department", gettext_lazy("Department"), sort=Lower("department__name")),
        Column("guide", gettext_lazy("Guide"), show=lambda it: person_tag(it.guide) if it.guide else "", sort=by_name("guide")),
        Column("reports_to", gettext_lazy("Reports to"), show=lambda it: person_tag(it.reports_to) if it.reports_to else "",
               sort=by_name("reports_to")),
        Column("username", gettext_lazy("Short name"), sort="username", spare=True),
    )  # fmt: skip

    def visible(self):
        return Person.objects.visible_to(self.person).employed().for_list()


class EvaluationList(Listing):
    """Has no file: an evaluation is read by the two who sign it, here, and leaves the house in nobody's pocket."""

    name, order, filters, icon, exports = "evaluations", "-until", EvaluationFilter, "evaluation", ()
    title, empty = gettext_lazy("Evaluations"), gettext_lazy("No evaluations yet")
    explained = gettext_lazy("The minister begins one on a person's page; it appears here once it is handed over.")
    columns = (
        Column("person", gettext_lazy("Person"), sort=by_name("person"), what=True,
               show=lambda it: format_html('<a href="{}">{}</a>', it.get_absolute_url(), it.person)),
        Column("until", gettext_lazy("Period"), "period_to", sort="period_to", kind="date", fixed=True,
               show=lambda it: format_html("{} – {}", day(it.period_from), day(it.period_to))),
        Column("state", gettext_lazy("State"), "get_state_display", lambda it: chip(it, bare=True),
               by_choice("state", Evaluation.State), "rank", named=False, fixed=True),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on", sort="due_on", kind="date", fixed=True,
               show=lambda it: due(it.due_on) if it.court != "nobody" else ""),
    )  # fmt: skip

    def visible(self):
        return Evaluation.objects.visible_to(self.person).for_page()
