"""What is asked about the terms of a client, and about who at the client's confirms what."""

from datetime import timedelta

import holidays
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.flow import Refused
from agency.forms import CreateForm, ReviseForm, fields_of
from clients.forms.clients import DayInput
from clients.models import Authority, Terms

YEARS = 10
DAYS = ["valid_from", "valid_until"]
FIELDS = [
    *DAYS, "answer_days", "country", "subdivision", "rounds", "late_shift", "deemed_acceptance", "deemed_clause", "currency",
    "fee_basis", "fee_note", "markup",
]  # fmt: skip
ROWS = {"rows": 4}


class Capitals(forms.CharField):
    """A code in capital letters, however it was typed."""

    def to_python(self, value):
        return super().to_python(value).upper()


class NearDay(forms.DateField):
    """A day that can be meant: not a slip of the keyboard in the year 2206."""

    widget = DayInput

    def validate(self, value):
        super().validate(value)
        reach, today = timedelta(days=366 * YEARS), clock.today()
        if value and not today - reach <= value <= today + reach:
            raise forms.ValidationError(_("Please choose a day at most ten years away."))


HOW = {
    "field_classes": {
        "currency": Capitals, "country": Capitals, "subdivision": Capitals, "valid_from": NearDay, "valid_until": NearDay,
    },
    "widgets": {
        "valid_from": DayInput(), "valid_until": DayInput(), "deemed_clause": forms.Textarea(attrs=ROWS),
        "fee_note": forms.Textarea(attrs=ROWS),
    },
    "labels": {"late_shift": _("A late answer shifts our dates day for day"), "deemed_acceptance": _("Silence is acceptance")},
    "help_texts": {
        "valid_from": _("The terms that hold until then end the day before."),
        "valid_until": _("Left empty they hold until others follow."),
        "answer_days": _("Working days of the client in which it answers what it is sent."),
        "country": _("Two letters, such as GB: its public holidays do not count. Empty: our own calendar."),
        "subdivision": _("Where holidays differ within the country, such as ENG."),
        "rounds": _("So many are in the fee; a further one is a change order."),
        "deemed_acceptance": _("For contact reports only, and only with the clause that the client has signed."),
        "currency": _("Three letters, such as EUR. In it the client pays and the limits are agreed."),
        "fee_note": _("What the fee is and how it is agreed. Only those see it who see our margin."),
        "markup": _("On what we pay to others for the client. Only those see it who see our margin."),
    },
}  # fmt: skip


class WrittenTerms:
    """What a form of terms checks, new or corrected."""

    def clean(self):
        given = super().clean()
        self._clean_days(given)
        self._clean_silence(given)
        self._clean_country(given)
        return given

    def _clean_days(self, given):
        first, last = given.get("valid_from") or self.first_day, given.get("valid_until")
        if last and last < clock.today():
            self.add_error("valid_until", _("The last day cannot be in the past: terms that are over stay as they were."))
        elif first and last and last < first:
            self.add_error("valid_until", _("The last day of the terms is before their first."))

    def _clean_silence(self, given):
        if given.get("deemed_acceptance") and not (given.get("deemed_clause") or "").strip():
            self.add_error("deemed_clause", _("Write the clause: without one, silence is no acceptance."))

    def _clean_country(self, given):
        country, part = given.get("country"), given.get("subdivision")
        if part and not country:
            self.add_error("subdivision", _("Name the country too."))
        elif part and part not in holidays.list_supported_countries().get(country, ()):
            words = {"part": part, "country": country}
            self.add_error("subdivision", _("%(part)s is not known as a part of %(country)s.") % words)


class NewTermsForm(WrittenTerms, CreateForm):
    """New terms from a day on, beginning with what holds now. What the writer may not see goes over as it is."""

    first_day = None

    def __init__(self, *args, client, person, **kwargs):
        now = client.terms_on()
        initial = {name: getattr(now, name) for name in FIELDS if name not in DAYS} | {"valid_from": clock.today()}
        super().__init__(*args, initial=initial, **kwargs)
        shown = [name for name in FIELDS if name not in now.withheld_from(person)]
        self.client, self.unseen = client, {name: initial[name] for name in FIELDS if name not in shown}
        self.fields.update(fields_of(Terms, shown, **HOW))

    def open(self, *, by):
        """The terms of this form; sent twice, they are made once."""
        words = self.unseen | {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return self.make_once(Terms, by=by, make=lambda token: Terms.open(client=self.client, by=by, token=token, **words))


class TermsForm(WrittenTerms, ReviseForm):
    """A correction of terms. Another agreement is another piece of terms, from its own day."""

    class Meta:
        model = Terms
        fields = FIELDS
        field_classes, widgets, labels, help_texts = (HOW[it] for it in ("field_classes", "widgets", "labels", "help_texts"))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_day = self.instance.valid_from
        for name in self.instance.withheld_from(person) | ({"valid_from"} if self.instance.has_begun else set()):
            del self.fields[name]

    def rewrite(self, *, by):
        changes = {name: value for name, value in self.cleaned_data.items() if name in self.fields and name != "seen"}
        return self.instance.rewrite(by=by, seen=self.cleaned_data["seen"], changes=changes)


class ConfirmForm(forms.Form):
    """What one contact confirms, thing by thing, and up to how much. `seen`: what stood there when the page was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args, terms, contact, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms, self.contact = terms, contact
        held = {it.what: it.up_to for it in terms.authorities.standing().filter(contact=contact)}
        self.fields["seen"].initial = terms.standing_of(contact)
        for what, label in Authority.What.choices:
            self.fields[what] = forms.BooleanField(label=label, required=False, initial=what in held)
            self.fields[f"{what}_up_to"] = forms.DecimalField(
                label=gettext("Up to, for: %(what)s") % {"what": label}, required=False, initial=held.get(what),
                min_value=0, max_digits=12, decimal_places=2,
            )  # fmt: skip

    @property
    def lines(self):
        """The things that can be confirmed, each with its two fields."""
        return [(self[what], self[f"{what}_up_to"]) for what in Authority.What.values]

    def clean(self):
        given = super().clean()
        for what in Authority.What.values:
            if given.get(f"{what}_up_to") is not None and not given[what]:
                self.add_error(f"{what}_up_to", _("There is a limit, but the tick is missing."))
        return given

    def settle(self, *, by):
        wanted = {it: self.cleaned_data[f"{it}_up_to"] for it in Authority.What.values if self.cleaned_data[it]}
        try:
            return self.terms.settle(self.contact, wanted, by=by, seen=self.cleaned_data["seen"])
        except Refused:  # what was ticked can be sent again on top of what stands now
            self.data = self.data.copy()
            self.data["seen"] = self.terms.standing_of(self.contact)
            raise


class OnForm(forms.Form):
    """The day on which one wants to know what holds."""

    on = forms.DateField(label=_("What held or will hold on"), required=False, widget=DayInput)
