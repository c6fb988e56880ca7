"""What is asked about a supervision note: what was seen, who fixes it, and what was done (DEP7)."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.lists import by_name
from accounts.models import Person
from agency import clock
from agency.forms import ListFilter, fields_of
from approvals.models import SupervisionNote
from approvals.sample_forms import WRONG_PIECE, WRONG_STEP, PhotosForm, attach_all
from campaigns.models import Deliverable
from clients.forms import DayInput

Verdict = SupervisionNote.Verdict
WRONG_PERSON = gettext_lazy("Choose somebody who works for this client.")
WAITING = [("", gettext_lazy("All")), ("open", gettext_lazy("Not settled yet"))]


class NoteFilter(ListFilter):
    """Which notes of a campaign: of what kind, with what found, still open."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Looked at"), required=False, choices=[("", gettext_lazy("All")), *SupervisionNote.Kind.choices]
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Found"), required=False, choices=[("", gettext_lazy("All")), *Verdict.choices]
    )
    show = forms.ChoiceField(label=gettext_lazy("Defects"), required=False, choices=WAITING)

    def narrowed(self, notes):
        asked = {name: self.cleaned_data[name] for name in ("kind", "verdict") if self.cleaned_data[name]}
        waiting = Q(state__in=SupervisionNote.OPENED) if self.cleaned_data["show"] else Q()
        return notes.filter(waiting, **asked)


class HolderField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        wrong = {"invalid_choice": WRONG_PERSON, "required": WRONG_PERSON}
        super().__init__(Person.objects.none(), error_messages=wrong, **kwargs)


def who_fixes(campaign):
    return Person.objects.filter(pk__in=campaign.candidates().order_by().values("pk")).order_by(by_name(), "pk")


def not_behind(day):
    if day and day < clock.today():
        raise forms.ValidationError(_("Name a day that is still to come."))
    return day


class NoteForm(PhotosForm):
    """What was seen, with photos; for a defect who fixes it, and by when."""

    holder = HolderField(
        label=gettext_lazy("Who fixes it"), required=False, empty_label=gettext_lazy("the owner of the step"),
        help_text=gettext_lazy("For a defect. Without a step it lies with the salesman of the client."),
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("Fixed by"), required=False, widget=DayInput(),
        help_text=gettext_lazy("For a defect. Left empty, in two working days."),
    )  # fmt: skip

    field_order = ["token", "deliverable", "step", "kind", "verdict", "words", "holder", "due_on", "files"]

    def __init__(self, *args, campaign, person, step=None, **kwargs):
        """step: the own step of somebody from another department, who notes on that and nothing else."""
        super().__init__(*args, **kwargs)
        self.campaign, self.step = campaign, step
        radios = dict.fromkeys(("kind", "verdict"), forms.RadioSelect)
        about = () if step else ("deliverable", "step")
        self.fields |= fields_of(
            SupervisionNote,
            (*about, "kind", "verdict", "words"),
            widgets={**radios, "words": forms.Textarea(attrs={"rows": 4})},
        )
        for name in radios:
            self.fields[name].choices = [it for it in self.fields[name].choices if it[0]]
        self.order_fields(self.field_order)
        self.fields["holder"].queryset = who_fixes(campaign)
        if not step:
            self._offer(person)

    def _offer(self, person):
        seen = Deliverable.objects.visible_to(person).filter(campaign=self.campaign, state="agreed")
        self.fields["deliverable"].queryset = seen.select_related("campaign")
        self.fields["step"].queryset = self.campaign.steps.order_by("position", "pk")
        for name, wrong in (("deliverable", WRONG_PIECE), ("step", WRONG_STEP)):
            self.fields[name].empty_label, self.fields[name].error_messages["invalid_choice"] = _("none"), wrong

    def clean_due_on(self):
        return not_behind(self.cleaned_data["due_on"])

    def clean(self):
        data = super().clean()
        if not self.step and not {"deliverable", "step"} & self.errors.keys() and not (data["deliverable"] or data["step"]):
            self.add_error("deliverable", _("Choose the deliverable or the step that was looked at."))
        return data

    def write(self, *, by):
        data = self.cleaned_data
        told = {name: data.get(name) for name in ("deliverable", "kind", "verdict", "holder", "due_on")}
        told |= {"step": self.step or data.get("step"), "words": data["words"].replace("\r\n", "\n")}
        note = self.make_once(
            SupervisionNote, by=by, make=lambda token: SupervisionNote.write(self.campaign, by=by, token=token, **told)
        )
        attach_all(note, self.fields["files"].arrived, by=by, token=data["token"])
        return note


class SeenForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})


class FixForm(SeenForm, PhotosForm):
    """What was done about a defect, with a photo."""

    words = forms.CharField(
        label=gettext_lazy("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what was done: whoever verifies it goes by that.")},
    )  # fmt: skip

    def fix(self, note, *, by):
        data = self.cleaned_data
        note.fix(by=by, seen=data["seen"], words=data["words"].replace("\r\n", "\n"))
        attach_all(note, self.fields["files"].arrived, by=by, token=data["token"])
        return note


class GiveForm(SeenForm):
    """Who fixes it instead."""

    person = HolderField(label=gettext_lazy("Who fixes it"), empty_label=None)
    due_on = forms.DateField(label=gettext_lazy("Fixed by"), required=False, widget=DayInput())

    def __init__(self, *args, note, **kwargs):
        super().__init__(*args, initial={"seen": note.version, "person": note.holder_id, "due_on": note.due_on}, **kwargs)
        self.fields["person"].queryset = who_fixes(note.campaign)

    def clean_due_on(self):
        return not_behind(self.cleaned_data["due_on"])

    def give(self, note, *, by):
        told = {name: self.cleaned_data[name] for name in ("seen", "person", "due_on")}
        return note.give(by=by, **told)
