"""What is asked when a work schedule is frozen for the client, and when somebody says whose day it was (DEP4, COO4)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm, MoveForm
from campaigns.causes import proposed
from campaigns.models import Baseline, Cause


class BaselineForm(CreateForm):
    """Nothing but the button: the schedule is kept as it stands at that moment."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def freeze(self, *, by):
        return self.make_once(Baseline, by=by, make=lambda token: Baseline.freeze(self.campaign, by=by, token=token))


class CauseForm(MoveForm):
    """Whose the lost days of a step are, and why so."""

    cause = forms.ChoiceField(label=_("Whose day was it?"), choices=Cause.choices, widget=forms.RadioSelect)

    field_order = ("seen", "cause", "reason")

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, initial={"seen": step.version, "cause": step.slip_cause or proposed(step)}, **kwargs)
        self.step = step
        self.fields["reason"].required = True

    def say(self, *, by):
        given = self.cleaned_data
        return self.step.say_cause(by=by, seen=given["seen"], cause=given["cause"], reason=given["reason"])
