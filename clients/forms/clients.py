"""What is asked about clients: a new one, its place in the house, a seat, and a share of one record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup, Person, Role
from agency import clock
from agency.files import FilesField
from agency.forms import CreateForm, ListFilter, ReviseForm
from clients.models import Assignment, Client
from clients.models.client import SEATS_BY_ROLE


class DayInput(forms.DateInput):
    """A day, as the browser's own calendar sends it."""

    input_type = "date"

    def __init__(self, **attrs):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class PersonChoice(forms.ModelChoiceField):
    """A colleague, named with the role or department."""

    def label_from_instance(self, person):
        return (
            f"{person}, {person.department or person.get_role_display()}"
            if person.role == Role.MEMBER
            else f"{person}, {person.get_role_display()}"
        )


class ClientForm(CreateForm):
    """A new prospect (MIN6)."""

    code = forms.CharField(
        label=_("Code"),
        max_length=3,
        min_length=3,
        help_text=_("Three capital letters that stand on every tab and job number. They never change."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=Client.Tier, initial=Client.Tier.STANDARD)
    group = forms.ModelChoiceField(
        BusinessGroup.objects.all(), label=_("Business group"), required=False, empty_label=_("None yet")
    )

    def clean_code(self):
        code = self.cleaned_data["code"].upper()
        for check in Client._meta.get_field("code").validators:
            check(code)
        return code

    def clean(self):
        """A code that is taken is told beside the field, unless it was taken by this very form a moment ago."""
        data = super().clean()
        taken = Client.objects.filter(code=data.get("code")).exclude(token=data.get("token"))
        if data.get("code") and taken.exists():
            self.add_error("code", _("%(code)s is another client's code.") % {"code": data["code"]})
        return data

    def open(self, *, by):
        """The client of this form; sent twice, it is one."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return self.make_once(Client, by=by, make=lambda token: Client.open(by=by, token=token, **fields))


class PlaceForm(ReviseForm):
    """Name, industry, tier and group. Another group means another supervisor, at once."""

    class Meta:
        model = Client
        fields = ["name", "industry", "tier", "group"]
        help_texts = {
            "group": _("The head of this group has access from the moment you save; the head of the group before has none.")
        }


class AssignForm(forms.Form):
    """A seat on a client (MIN6). The guide's seat is offered when the salesman's guide has none."""

    seat = forms.ChoiceField(
        label=_("Seat"),
        choices=Assignment.Seat,
        help_text=_("The seats of director, manager and salesman pass from who holds them now, with the open work."),
    )
    person = PersonChoice(Person.objects.none(), label=_("Person"), empty_label=_("Choose a colleague"))
    until = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), help_text=_("For a cover, and for a guide if you like.")
    )
    note = forms.CharField(
        label=_("Hand-over note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the next one should know. Kept with the client."),
    )
    guide_too = forms.BooleanField(label=_("Give the guide a seat with the same step"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.in_role(*SEATS_BY_ROLE).select_related("department")

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise forms.ValidationError(_("The last day cannot be in the past."))
        return until

    def offers_guide(self, client):
        """Whether the person chosen is a salesman whose guide has no seat on `client` yet."""
        person = getattr(self, "cleaned_data", {}).get("person")
        if person is None or person.role != Role.SALESMAN:
            return False
        return not client.assignments.current().filter(person=person.guide_id).exists()


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept with the record.")
    )


class FilesForm(CreateForm):
    """Files for a record, several at once."""

    files = FilesField(label=_("Files"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=500, help_text=_("What they are, or where they came from.")
    )


class MediaForm(CreateForm):
    """Files that may be video and sound; the view that takes them is marked `takes_media`."""

    files = FilesField(label=_("Choose files, or drop them here"), media=True)


class ShareForm(forms.Form):
    """One record for one colleague of another department, until a day (CRD2)."""

    person = PersonChoice(Person.objects.none(), label=_("Colleague"), empty_label=_("Choose a colleague"))
    until = forms.DateField(label=_("Until"), widget=DayInput(), help_text=_("This day included."))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.in_role(Role.MEMBER).select_related("department")


class ClientFilter(ListFilter):
    """The questions of the list of clients."""

    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("All")), *Client.Tier.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Client.State.choices])
    group = forms.ModelChoiceField(BusinessGroup.objects.none(), label=_("Group"), required=False, empty_label=_("All"))

    def narrow(self, seen, person):
        self.fields["group"].queryset = BusinessGroup.objects.filter(pk__in=seen.order_by().values("group"))
