"""The ledger of one client as a list."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.lists import by_name
from agency.lists import Column, Listing, by_choice
from agency.templatetags.dates import due
from agency.templatetags.ui import chip, mark, person_tag
from clients.ledger.forms import LedgerFilter
from clients.models import Requirement


def headed(line):
    link = format_html('<a href="{}">{}</a>', line.get_absolute_url(), line.text)
    if line.waits:
        return format_html(
            '{} <span class="list__note">{} {}</span>', link, mark("risk", silent=True), _("no longer in its source")
        )
    return link


def day_of(line):
    return due(line.on, settled=line.state not in Requirement.UNSETTLED) if line.on else ""


class Ledger(Listing):
    name, order, filters, icon = "ledger", "-said_on", LedgerFilter, "check"
    title, empty = gettext_lazy("Requirements"), gettext_lazy("No requirements yet")
    explained = gettext_lazy("What the client asked, forbade, promised or fixed comes here from briefs, or by hand.")
    columns = (
        Column("kind", gettext_lazy("The client"), "get_kind_display", sort=by_choice("kind", Requirement.Kind), kind="rank",
               fixed=True, named=False),
        Column("text", gettext_lazy("What"), show=headed, what=True),
        Column("state", gettext_lazy("State"), "get_state_display", lambda it: chip(it, bare=True),
               by_choice("state", Requirement.State), "rank", named=False),
        Column("on", gettext_lazy("The day"), show=day_of, sort="on", kind="date"),
        Column("said_on", gettext_lazy("Said on"), sort="said_on", kind="date"),
        Column("who", gettext_lazy("Said by"), "said_by_whom",
               lambda it: person_tag(it.said_by, outside=True) if it.said_by else it.said, "said_by__name"),
        Column("source", gettext_lazy("Where"), "source_words", line=True),
        Column("waived", gettext_lazy("Waived by"), "waived_by", sort="waived_by__name", spare=True),
        Column("written", gettext_lazy("Written by"), "created_by", lambda it: person_tag(it.created_by), by_name("created_by"),
               spare=True),
    )  # fmt: skip

    def __init__(self, request, client):
        self.client = client
        super().__init__(request)

    def visible(self):
        return Requirement.objects.visible_to(self.person).filter(client=self.client).for_page()
