"""What is asked about money that leaves the house, and about people's hours (DIR2)."""

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.files import UploadField
from agency.forms import CreateForm, fields_of
from campaigns.forms import DayField
from campaigns.models import Actual, BudgetLine, Commitment, Hours
from campaigns.models.spending import OverLine
from clients.models.attachment import attach

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
        try:
            entry = self.make_once(self.model, by=by, make=lambda token: self.model.book(line, by=by, token=token, **told))
        except OverLine as why:
            self.over = why
            self.add_error("over_because", str(why))
            return None
        if self.cleaned_data["file"]:
            attach(entry, self.cleaned_data["file"], by=by, token=self.cleaned_data["token"])
        return entry


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


class MoneyFilter(forms.Form):
    """Which campaigns the sums are made of, and by what they are added up."""

    BY = [("campaign", _("Campaign")), ("client", _("Client")), ("group", _("Group")), ("month", _("Month")),
          ("quarter", _("Quarter"))]  # fmt: skip
    year = forms.TypedChoiceField(label=_("Agreed in"), coerce=int, required=False)
    by = forms.ChoiceField(label=_("Added up by"), choices=BY, required=False)
    client = forms.CharField(label=_("Client"), required=False, max_length=3)

    def __init__(self, data, *, years, clients):
        super().__init__(data, auto_id="filter_%s")
        self.years = years
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["client"] = forms.ChoiceField(
            label=_("Client"), required=False, choices=[("", _("All")), *((code, f"{code} {name}") for code, name in clients)]
        )

    def asked(self, name, default):
        """What is asked, or the default where nothing sensible is."""
        return (self.cleaned_data.get(name) if self.is_valid() else None) or default
