"""What is asked about a sample: that it is expected, that it came, and what was found on it (SAL3)."""

from uuid import uuid4, uuid5

from django import forms
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.files import FilesField
from agency.forms import CreateForm, ReviseForm, fields_of
from approvals.checklist import medium_of
from approvals.models import Sample, SampleRow
from approvals.models.sample_row import field_name, percent
from campaigns.models.evidence import Evidence
from campaigns.models.template import Kind
from clients.forms import DayInput
from clients.models.attachment import attach

WRONG_PIECE = gettext_lazy("Choose a deliverable of this campaign.")
WRONG_STEP = gettext_lazy("Choose a step of this campaign.")


def steps_for(campaign):
    """The open steps of a campaign; those that wait for a passed proof, and proof reviews, first."""
    asks = Case(When(Q(needs_evidence=Evidence.PROOF) | Q(kind=Kind.PROOF), then=Value(0)), default=Value(1))
    return campaign.steps.unchecked().order_by(asks, "position", "pk")


def offer_steps(form, campaign, kept=None):
    """kept: the step named already, which is offered even when it has been checked meanwhile."""
    field, steps = form.fields["step"], steps_for(campaign)
    field.queryset = steps if kept is None else campaign.steps.filter(Q(pk=kept) | Q(pk__in=steps.order_by().values("pk")))
    field.empty_label, field.error_messages["invalid_choice"] = _("none"), WRONG_STEP


def attach_all(sample, arrived, *, by, token, note=""):
    """Keep the photos and files of a form with the sample; sent twice they are kept once."""
    for file in arrived:
        attach(sample, file, by=by, note=note, token=uuid5(token, f"{file.name} {file.sha256}"))


class PhotosForm(CreateForm):
    files = FilesField(label=gettext_lazy("Photos or files"), required=False)


class SampleForm(PhotosForm):
    """A sample that is expected, or lies here already."""

    deliverable = forms.ModelChoiceField(
        None, label=gettext_lazy("Deliverable"), empty_label=None,
        error_messages={"invalid_choice": WRONG_PIECE, "required": WRONG_PIECE},
    )  # fmt: skip
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), required=False, widget=DayInput(),
        help_text=gettext_lazy("If it lies here already; else leave it empty."),
    )  # fmt: skip

    field_order = ["token", "deliverable", "kind", "medium", "step", "supplier", "expected_on", "received_on", "files"]

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields |= fields_of(Sample, (*Sample.FIELDS, "medium"), widgets={"expected_on": DayInput()})
        self.order_fields(self.field_order)
        self.fields["deliverable"].queryset = campaign.deliverables.filter(state="agreed").select_related("campaign")
        self.fields["medium"].required = False
        self.fields["medium"].help_text = _("Left open, it goes by the medium of the deliverable.")
        offer_steps(self, campaign)

    def clean_received_on(self):
        return not_ahead(self.cleaned_data["received_on"])

    def open(self, *, by):
        told = {name: self.cleaned_data[name] for name in Sample.FIELDS}
        piece = self.cleaned_data["deliverable"]
        told["medium"] = self.cleaned_data["medium"] or medium_of(piece)
        sample = self.make_once(Sample, by=by, make=lambda token: Sample.open(piece, by=by, token=token, **told))
        if self.cleaned_data["received_on"] and sample.state == Sample.State.EXPECTED:
            sample.receive(by=by, on=self.cleaned_data["received_on"])
        attach_all(sample, self.fields["files"].arrived, by=by, token=self.cleaned_data["token"])
        return sample


class ReceiveForm(PhotosForm):
    """That an expected sample came."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    received_on = forms.DateField(label=gettext_lazy("Received on"), widget=DayInput())

    def __init__(self, *args, sample, **kwargs):
        initial = {"seen": sample.version, "received_on": clock.today(), "supplier": sample.supplier}
        super().__init__(*args, initial=initial, **kwargs)
        self.sample = sample
        self.fields |= fields_of(Sample, ("supplier",))

    def clean_received_on(self):
        return not_ahead(self.cleaned_data["received_on"])

    def receive(self, *, by):
        data = self.cleaned_data
        self.sample.receive(by=by, seen=data["seen"], on=data["received_on"], supplier=data["supplier"])
        attach_all(self.sample, self.fields["files"].arrived, by=by, token=data["token"])
        return self.sample


def not_ahead(day):
    if day and day > clock.today():
        raise forms.ValidationError(_("A sample is taken in on the day it comes, not before."))
    return day


class FactsForm(ReviseForm):
    """What is said of a sample besides its checklist."""

    class Meta:
        model = Sample
        fields = [*Sample.FIELDS]
        widgets = {"expected_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_steps(self, self.instance.campaign, kept=self.instance.step_id)

    def write(self, *, by):
        changes = {name: self.cleaned_data[name] for name in Sample.FIELDS}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]


class ChecklistForm(forms.Form):
    """Every row of the checklist of a sample at once: an answer, a note, and a pin on one of its photos."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Please reload the page.")})
    files = FilesField(label=gettext_lazy("More photos or files"), required=False)

    def __init__(self, *args, sample, photos, **kwargs):
        self.sample, self.rows = sample, sample.checked
        super().__init__(*args, initial={"seen": sample.version, "token": uuid4(), **self._standing()}, **kwargs)
        for row in self.rows:
            self._ask(row, photos)

    def _standing(self):
        found = {}
        for row in self.rows:
            for part, value in row.said.items():
                found[field_name(part, row.pk)] = percent(value) if part in ("across", "down") and value is not None else value
        return found

    def _ask(self, row, photos):
        self.fields[f"answer-{row.pk}"] = forms.ChoiceField(
            label=_("Answer"), choices=[it for it in SampleRow.Answer.choices if it[0]], widget=forms.RadioSelect,
            required=False, error_messages={"invalid_choice": _("Choose ok, fail or not applicable.")},
        )  # fmt: skip
        self.fields[f"note-{row.pk}"] = forms.CharField(
            label=_("Note"), required=False, max_length=SampleRow._meta.get_field("note").max_length,
            widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Note")}),
        )  # fmt: skip
        self.fields[f"photo-{row.pk}"] = forms.TypedChoiceField(
            label=_("Photo"), required=False, coerce=int, empty_value=None,
            choices=[("", _("none")), *((photo.pk, photo.name) for photo in photos)],
            error_messages={"invalid_choice": _("Choose a photo of this sample.")},
        )  # fmt: skip
        for part, label in (("across", _("Across, in per cent")), ("down", _("Down, in per cent"))):
            self.fields[f"{part}-{row.pk}"] = forms.DecimalField(
                label=label, required=False, min_value=0, max_value=100, decimal_places=1, max_digits=4,
                widget=forms.NumberInput(attrs={"step": "0.1", "min": "0", "max": "100"}),
            )  # fmt: skip

    @property
    def asked(self):
        """Each row with its fields, as the page shows them."""
        for row in self.rows:
            parts = {part.removesuffix("_id"): self[field_name(part, row.pk)] for part in SampleRow.SAID}
            yield {"row": row, **parts, "wrong": any(field.errors for field in parts.values())}

    def clean(self):
        data, left = super().clean(), getattr(self.data, "getlist", lambda _name: [])("leave")
        for row in self.rows:
            whole = [data.get(f"{part}-{row.pk}") for part in ("across", "down")]
            if whole.count(None) == 1 and not self._is_wrong(row):
                self.add_error(f"across-{row.pk}", _("A pin needs both figures: how far across, and how far down."))
            elif whole.count(None) == 0 and data.get(f"photo-{row.pk}") is None and not self._is_wrong(row):
                self.add_error(f"photo-{row.pk}", _("Choose the photo on which the pin stands."))
        self.said = {row.pk: self._said(row, data, left) for row in self.rows}
        return data

    def _is_wrong(self, row):
        return any(f"{part}-{row.pk}" in self.errors for part in ("photo", "across", "down"))

    def _said(self, row, data, left):
        """What was typed for a row, as it is kept; after a conflict a person may leave parts as they stand now."""
        said = {}
        for part, now in row.said.items():
            name = field_name(part, row.pk)
            value = data.get(name)
            if part in ("across", "down") and value is not None:
                value = int(value * 10)
            if part == "note":
                value = (value or "").replace("\r\n", "\n")
            if part == "answer":
                value = value or ""
            said[part] = now if name in left else value
        return said

    def answer(self, *, by):
        """The rows that changed; what came with the form is kept as well."""
        data = self.cleaned_data
        changed = self.sample.answer(by=by, seen=data["seen"], said=self.said)
        attach_all(self.sample, self.fields["files"].arrived, by=by, token=data["token"])
        return changed or ["nothing"]
