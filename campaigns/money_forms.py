"""What is asked about money that leaves the house, and about people's hours (DIR2)."""

from datetime import date
from uuid import uuid5

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup
from agency import clock
from agency.files import UploadField
from agency.forms import CreateForm, ListFilter, fields_of
from campaigns.forms import DayField
from campaigns.models import Actual, BudgetLine, Commitment, Hours, PlanEdition
from campaigns.models.spending import OverLine
from clients.models import Client
from clients.models.attachment import attach

YEARS = 10  # so far back the sums go
ENTRIES = {Commitment.kind: Commitment, Actual.kind: Actual}
WRONG_LINE = _("Choose a line of this campaign’s budget on which money is spent.")


class EntryForm(CreateForm):
    """An order or an invoice against a line of the budget, with its paper."""

    line = forms.ModelChoiceField(
        BudgetLine.objects.none(),
        label=_("Line"),
        empty_label=_("Choose a line"),
        error_messages={"invalid_choice": WRONG_LINE},
    )  # fmt: skip
    on = DayField(label=_("Day on the paper"), initial=clock.today)
    file = UploadField(label=_("The paper itself"), required=False)
    over_because = forms.CharField(
        label=_("Why do we bear it?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where it takes the line over what the client agreed."),
    )  # fmt: skip

    def __init__(self, *args, campaign, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.model, self.over = ENTRIES[kind], None
        names = ["amount", "supplier", "document", "note"]
        amount = format_lazy(_("Before tax, in {currency}."), currency=settings.CURRENCY)
        self.fields |= fields_of(self.model, names, help_texts={"amount": amount})
        self.fields["line"].queryset = lines_to_spend_on(campaign)
        self.fields["line"].label_from_instance = lambda line: line.name
        if self.model is Actual:
            orders = Commitment.objects.standing().filter(campaign=campaign)
            self.fields["order"] = forms.ModelChoiceField(
                orders, label=_("On the order"), required=False, empty_label=_("none"),
                error_messages={"invalid_choice": _("Choose an order of this campaign that still stands.")},
            )  # fmt: skip
        order = ["token", "line", "order", "amount", "on", "supplier", "document", "note", "file", "over_because"]
        self.order_fields(order)

    def book(self, *, by):
        """The entry; None where the line would be over and no reason is given: then the form asks for it, and `over` is set."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("token", "line", "file")}
        line = self.cleaned_data["line"]
        file, book = self.cleaned_data["file"], self.model.book
        try:
            with transaction.atomic():
                entry = self.make_once(self.model, by=by, make=lambda token: book(line, by=by, token=token, **told))
                if file:
                    attach(entry, file, by=by, token=uuid5(self.cleaned_data["token"], file.sha256))
        except OverLine as why:
            self.over = why
            self.add_error("over_because", str(why))
            return None
        return entry

    @property
    def lost_file(self):
        """Whether a file came with what is sent back: browsers do not keep one."""
        return self.is_bound and bool(self.files.get("file"))


def lines_to_spend_on(campaign):
    """The lines of a budget that third parties are paid on."""
    lines = campaign.budget_lines.in_order()
    return lines.filter(pk__in=[line.pk for line in lines if line.is_spent_on])


class ExpectForm(forms.Form):
    """What is still to come on a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data=None, *, line):
        super().__init__(data, initial={"seen": line.version, "expected": line.expected})
        self.line = line
        self.fields |= fields_of(BudgetLine, ["expected"])

    def expect(self, *, by):
        self.line.expect(by=by, seen=self.cleaned_data["seen"], amount=self.cleaned_data["expected"])
        return self.line


class HoursForm(CreateForm):
    """The own hours on a step."""

    on = DayField(label=_("Day"), initial=clock.today)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= fields_of(Hours, ["hours", "note"])

    def note_down(self, step, *, by):
        told = {name: self.cleaned_data[name] for name in ("on", "hours", "note")}
        return self.make_once(Hours, by=by, make=lambda token: Hours.note_down(step, by=by, token=token, **told))


# In which part of the year: the word in the address → its first and last month.
QUARTERS = {f"q{n + 1}": (3 * n + 1, 3 * n + 3) for n in range(4)}
MONTHS = {str(n): (n, n) for n in range(1, 13)}


class MoneyFilter(ListFilter):
    """Of which campaigns the sums are made, by the day on which the client agreed, and by what they are added up."""

    BY = [("", _("Campaign")), ("client", _("Client")), ("group", _("Group")), ("quarter", _("Quarter")), ("month", _("Month"))]
    by = forms.ChoiceField(label=_("Added up by"), choices=BY, required=False)
    year = forms.ChoiceField(label=_("Agreed in"), required=False)
    period = forms.ChoiceField(label=_("Part of the year"), required=False)
    group = forms.ModelChoiceField(BusinessGroup.objects.none(), label=_("Group"), required=False, empty_label=_("All"))
    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )

    def narrow(self, seen, person):
        this = clock.today().year
        self.fields["year"].choices = [(str(year), year) for year in range(this, this - YEARS, -1)]
        quarters = [(word, gettext("Quarter %(n)s") % {"n": word[1]}) for word in QUARTERS]
        months = [(word, date_format(date(2000, int(word), 1), "F")) for word in MONTHS]
        self.fields["period"].choices = [("", gettext("All")), *quarters, *months]
        seen = seen.order_by()
        self.fields["client"].queryset = Client.objects.filter(pk__in=seen.values("client")).order_by("code")
        self.fields["group"].queryset = BusinessGroup.objects.filter(pk__in=seen.values("client__group")).order_by("name")

    @property
    def asked(self):
        return [name for name in super().asked if name != "by"]

    @property
    def adds_up_by(self):
        return self.cleaned_data.get("by", "") if self.is_valid() else ""

    @property
    def days(self):
        """The first day of the period asked for and the first behind it; this year unless another is asked for."""
        year = int(self.cleaned_data["year"] or clock.today().year)
        first, last = (QUARTERS | MONTHS).get(self.cleaned_data["period"], (1, 12))
        return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1)

    def narrowed(self, campaigns):
        begins, ends = self.days
        agreed = PlanEdition.objects.in_force().filter(confirmed_on__gte=begins, confirmed_on__lt=ends)
        asked = {"client": self.cleaned_data["client"], "client__group": self.cleaned_data["group"]}
        found = {name: value for name, value in asked.items() if value}
        return campaigns.filter(plan__in=agreed.values("plan"), **found)
