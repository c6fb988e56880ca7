from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence
from agency.forms import CreateForm, fields_of

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIELDS = ("first", "last", "kind", "half", "note")


class AbsenceForm(CreateForm):
    """The own days away (MIN1)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = {
            "kind": _("Colleagues read only that you are away, and when."),
            "note": _("Nobody else reads it."),
        }
        self.fields |= fields_of(Absence, FIELDS, widgets={"first": DAY, "last": DAY}, help_texts=told)

    def enter(self, *, by):
        """Enter it once, however often the form is sent. Raises Refused with a sentence."""
        told = {name: self.cleaned_data[name] for name in FIELDS}
        return self.make_once(Absence, by=by, make=lambda token: Absence.enter(by=by, token=token, **told))


class BackForm(forms.Form):
    """Coming back earlier: the last day away."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    last = forms.DateField(label=_("Last day away"), widget=DAY)
