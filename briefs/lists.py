"""The list of briefs."""

from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.lists import by_name
from agency.lists import Column, Listing, by_choice
from agency.templatetags.dates import due
from agency.templatetags.ui import chip, client_tab, person_tag
from briefs.forms import BriefFilter
from briefs.models import Brief
from clients.owed import with_days_left


def headed(brief):
    link = format_html('<a href="{}">{}</a>', brief.get_absolute_url(), brief.title)
    return format_html('{} <span class="list__note">{}</span>', link, brief.created_by)


def holder(brief):
    settled = format_html('<span class="quiet">{}</span>', _("settled"))
    return settled if brief.court == "nobody" else person_tag(brief.holder)


class BriefList(Listing):
    name, order, filters, icon = "briefs", "-opened", BriefFilter, "briefs"
    title, empty = gettext_lazy("Briefs"), gettext_lazy("No briefs here")
    explained = gettext_lazy("A brief begins with the first talk: product, market, budget, plan.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("title", gettext_lazy("Brief"), show=headed, sort=Lower("title"), what=True),
        Column("state", gettext_lazy("State"), "get_state_display", lambda it: chip(it, bare=True),
               by_choice("state", Brief.State), "rank", named=False),
        Column("holder", gettext_lazy("With"), lambda it: None if it.court == "nobody" else it.holder, holder,
               by_name("holder")),
        Column("since", gettext_lazy("Since"), "court_since", sort="court_since", kind="moment"),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on", lambda it: due(it.due_on, left=it.left), "due_on", "date"),
        Column("opened", gettext_lazy("Opened"), "created_at", sort="created_at", kind="moment", spare=True),
        Column("taken_by", gettext_lazy("Taken by"), "created_by", lambda it: person_tag(it.created_by), by_name("created_by"),
               spare=True),
        Column("budget", gettext_lazy("Budget figure"), "budget_amount", sort="budget_amount", kind="money", spare=True),
    )  # fmt: skip

    def visible(self):
        return Brief.objects.visible_to(self.person).select_related("client", "created_by", "holder").short()

    def prepare(self, rows):
        return with_days_left(rows, self.person)
