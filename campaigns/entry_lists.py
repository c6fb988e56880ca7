"""The orders and the invoices of a campaign, as lists (DIR2)."""

from django import forms
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agency.forms import ListFilter
from agency.lists import Column, Listing
from agency.templatetags.ui import chip, person_tag
from campaigns.models import Actual, BudgetLine, Commitment


class EntryFilter(ListFilter):
    """Which orders or invoices: against which line, standing or struck out, of which supplier or number."""

    line = forms.ModelChoiceField(BudgetLine.objects.none(), label=_("Line"), required=False, empty_label=_("All"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Actual.State.choices])
    words = forms.CharField(label=_("Supplier or document number"), required=False, max_length=120)

    def narrow(self, seen, person):
        self.fields["line"].queryset = BudgetLine.objects.filter(pk__in=seen.order_by().values("line")).order_by("number", "pk")
        self.fields["line"].label_from_instance = lambda line: line.name

    def narrowed(self, entries):
        asked = {name: self.cleaned_data[name] for name in ("line", "state") if self.cleaned_data[name]}
        words = self.cleaned_data["words"]
        named = Q(supplier__icontains=words) | Q(document__icontains=words) if words else Q()
        return entries.filter(named, **asked)


def headed(entry):
    link = format_html('<a href="{}">{}</a>', entry.get_absolute_url(), entry.document)
    return format_html('{} <span class="list__note">{}</span>', link, entry.supplier)


def struck(entry):
    return chip(entry, bare=True) if entry.state == "struck" else ""


COLUMNS = (
    Column("document", _("Document"), show=headed, sort=Lower("document"), what=True),
    Column("supplier", _("Supplier"), sort=Lower("supplier"), spare=True),
    Column("line", _("Line"), "line.name", sort="line__number"),
    Column("on", _("Day on the paper"), "on", sort="on", kind="date"),
    Column("amount", _("Amount"), "amount", sort="amount", kind="money"),
    Column(
        "state", _("State"), "get_state_display", lambda it: chip(it, bare=True) if it.state == "struck" else "", named=False
    ),
    Column("over", _("Why over the line"), "over_because", spare=True),
    Column("booked_by", _("Booked by"), "created_by", lambda it: person_tag(it.created_by), spare=True),
)


class EntryList(Listing):
    """What its two kinds have in common; the rows are those of one campaign."""

    model, order, filters, icon, columns = None, "-on", EntryFilter, "plan", COLUMNS

    def __init__(self, request, campaign):
        self.campaign = campaign
        super().__init__(request)

    def visible(self):
        return self.model.objects.visible_to(self.person).filter(campaign=self.campaign).with_names()


class OrderList(EntryList):
    name, model = "orders", Commitment
    title, empty = _("Orders"), _("No orders here")
    explained = _("An order is booked on the campaign’s money page, as soon as it has gone to the supplier.")


class InvoiceList(EntryList):
    name, model = "invoices", Actual
    title, empty = _("Invoices"), _("No invoices here")
    explained = _("An invoice is booked on the campaign’s money page, on its order if there was one.")


LISTS = {Commitment.kind: OrderList, Actual.kind: InvoiceList}
