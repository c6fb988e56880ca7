"""What is asked about a line of an estimate. Who does not see the margin is asked for prices, and for nothing behind them."""

from decimal import Decimal

from django import forms
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm, ReviseForm, fields_of
from campaigns.models import EstimateLine
from campaigns.models.estimate import MARGIN

PRICES = ("kind", "name", "quantity", "unit", "unit_price", "tax")
LABELS = {"unit_price": _("Price of one, before tax")}
HELP = {
    "markup": _("Only on what others do and we bill."),
    "payer": _("What we bear stands on no document of the client’s."),
    "tax": _("Counted on the price the client reads."),
}


def asked_of(person, document):
    """The columns of a line that this person writes."""
    return EstimateLine.FIELDS if person.has_perm(MARGIN, document) else PRICES


class NewLineForm(CreateForm):
    """One more line of a plan's estimate or of a change order."""

    def __init__(self, *args, document, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.document = document
        names = asked_of(person, document)
        self.fields |= fields_of(EstimateLine, names, labels=LABELS, help_texts=HELP)
        if "markup" in self.fields:
            self.usual = document.client.terms_on().markup
            self.fields["markup"].required, self.fields["markup"].initial = False, None
            text = _("Only on what others do and we bill. Empty: what the client’s terms say, %(n)s %%.")
            self.fields["markup"].help_text = text % {"n": floatformat(self.usual, -2)}

    def clean(self):
        """Without a mark-up the client's terms hold, for what bears one."""
        given = super().clean()
        if "markup" in self.fields and given.get("markup") is None and "markup" not in self.errors:
            named = {name: given[name] for name in ("kind", "supplier", "payer") if name in given}
            line = EstimateLine(**named)
            given["markup"] = Decimal(0) if line.is_ours or line.payer != "us" else self.usual
        return given

    def open(self, *, by):
        """The line; the form sent twice makes one."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "token" and value is not None}
        return self.make_once(
            EstimateLine, by=by, make=lambda token: EstimateLine.open(self.document, by=by, token=token, **fields)
        )


class LineForm(ReviseForm):
    """A line as it stands, to be changed."""

    class Meta:
        model = EstimateLine
        fields = [*EstimateLine.FIELDS]
        labels = LABELS
        help_texts = HELP

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(EstimateLine.FIELDS) - set(asked_of(person, self.instance.document)):
            del self.fields[name]

    def write(self, *, by):
        """The names of what changed; see `EstimateLine.write`."""
        changes = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]


class DropForm(forms.Form):
    """Strikes a line out, as it was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
