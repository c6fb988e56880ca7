"""What is asked when a draft is begun, put together and handed in (DEP7, SAL2)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency import clock
from agency.forms import CreateForm, ReviseForm
from approvals.models import Draft, DraftVersion
from campaigns.forms import DayField
from campaigns.models import Deliverable


class Colleagues(forms.ModelChoiceField):
    """Somebody who may own work of the campaign, named with the department."""

    def label_from_instance(self, person):
        return f"{person}, {person.department}" if person.department_id else str(person)


class BeginForm(CreateForm):
    """A concept for one of the pieces."""

    deliverable = forms.ModelChoiceField(
        Deliverable.objects.none(), label=_("For which piece"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a piece of this campaign.")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("Concept in a line"),
        max_length=120,
        help_text=_("As everybody will call it: “The smell the night before”."),
    )
    maker = Colleagues(Person.objects.none(), label=_("Made by"), empty_label=_("Choose who makes it"))
    due_on = DayField(label=_("First draft wanted by"), required=False)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        pieces = campaign.deliverables.filter(state=Deliverable.State.AGREED)
        self.fields["deliverable"].queryset = pieces
        self.fields["deliverable"].initial = pieces.first()
        self.fields["maker"].queryset = (
            campaign.candidates().select_related("department").order_by("first_name", "last_name", "pk")
        )

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < clock.today():
            raise forms.ValidationError(_("This day has passed."))
        return due_on

    def begin(self, *, by):
        told = {name: self.cleaned_data[name] for name in ("title", "maker", "due_on")}
        piece = self.cleaned_data["deliverable"]
        return self.make_once(Draft, by=by, make=lambda token: Draft.begin(piece, by=by, token=token, **told))


class OpenForm(CreateForm):
    """Nothing but the button: the next version begins with what the last one said."""

    def open(self, draft, *, by):
        return self.make_once(DraftVersion, by=by, make=lambda token: DraftVersion.open(draft, by=by, token=token))


class VersionForm(ReviseForm):
    """Why it looks as it does, and its copy. Its files come by themselves."""

    maker = Colleagues(Person.objects.none(), label=_("Made by"), empty_label=None)

    class Meta:
        model = DraftVersion
        fields = [*DraftVersion.FIELDS]
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in
                   (("idea", 3), ("on_brief", 4), ("how", 4), ("copy", 8), ("changed", 4))}  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        candidates = self.instance.campaign.candidates() | Person.objects.filter(pk=self.instance.maker_id).distinct()
        self.fields["maker"].queryset = candidates.select_related("department").order_by("first_name", "last_name", "pk")
        if self.instance.number == 1:
            del self.fields["changed"]

    def write(self, *, by):
        changes = {name: value for name, value in self.cleaned_data.items() if name in DraftVersion.FIELDS}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]
