"""The forms of a step's thread, of a nudge and its answer, and of the weekly word how far it is (COO2)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.forms import CreateForm, MoveForm, fields_of
from campaigns.models import Nudge, StepNote, StepProgress

DAY = {"type": "date"}


class NoteForm(CreateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": "note_%s", **kwargs})
        self.fields |= fields_of(StepNote, ["words"], widgets={"words": forms.Textarea(attrs={"rows": 2})})

    def write(self, step, *, by):
        words = self.cleaned_data["words"].replace("\r\n", "\n")
        return self.make_once(StepNote, by=by, make=lambda token: StepNote.write(step, by=by, token=token, words=words))


class NudgeForm(CreateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": "nudge_%s", **kwargs})
        self.fields |= fields_of(Nudge, ["words"])

    def send(self, step, *, by):
        words = self.cleaned_data["words"]
        return self.make_once(Nudge, by=by, make=lambda token: Nudge.send(step, by=by, token=token, words=words))


class PromiseForm(MoveForm):
    reason = None
    on = forms.DateField(label=_("It will be done on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    words = forms.CharField(label=_("Words with it"), required=False, max_length=500)

    def __init__(self, *args, nudge, **kwargs):
        super().__init__(*args, **{"auto_id": "promise_%s", **kwargs})
        self.nudge = nudge
        self.fields["seen"].initial = nudge.version

    def promise(self, *, by):
        return self.nudge.promise(by=by, **self.cleaned_data)


class ProgressForm(CreateForm):
    forecast_on = forms.DateField(label=_("Will be done on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **{"auto_id": "progress_%s", **kwargs})
        self.fields |= fields_of(StepProgress, ["percent"])
        self.fields["forecast_on"].initial = max(step.ends_on, clock.today())

    def say(self, step, *, by):
        told = {name: self.cleaned_data[name] for name in ("percent", "forecast_on")}
        return self.make_once(StepProgress, by=by, make=lambda token: StepProgress.say(step, by=by, token=token, **told))
