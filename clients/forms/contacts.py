"""What is asked about somebody at the client's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm, ListFilter, ReviseForm, fields_of
from clients.models import Client, Contact

FIELDS = ["name", "position", "standing", "email", "phone", "language", "note"]
WIDGETS = {"note": forms.Textarea(attrs={"rows": 4})}
HINTS = {
    "standing": _("Who decides, and who leads the marketing."),
    "email": _("Links to confirm something go there. Two people of a client never share an address."),
    "language": _("In which letters and links reach them."),
}


class NewContactForm(CreateForm):
    """Somebody new at the client's."""

    def __init__(self, *args, client, **kwargs):
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields.update(fields_of(Contact, FIELDS, widgets=WIDGETS, help_texts=HINTS))

    def open(self, *, by):
        """The contact of this form; sent twice, it is one."""
        words = {name: self.cleaned_data[name] for name in FIELDS}
        return self.make_once(
            Contact, by=by, make=lambda token: Contact.add(client=self.client, by=by, token=token, **words)
        )  # fmt: skip


class ContactForm(ReviseForm):
    """What the books say about somebody."""

    class Meta:
        model = Contact
        fields, widgets, help_texts = FIELDS, WIDGETS, HINTS

    def rewrite(self, *, by):
        changes = {name: self.cleaned_data[name] for name in FIELDS}
        return self.instance.rewrite(by=by, seen=self.cleaned_data["seen"], changes=changes)


class ContactFilter(ListFilter):
    """The questions of the list of contacts; those who left are shown when asked for."""

    EVERYBODY = "all"
    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )
    standing = forms.ChoiceField(label=_("Standing"), required=False, choices=[("", _("All")), *Contact.Standing.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("Is there")), (Contact.State.RETIRED, _("No longer there")), (EVERYBODY, _("All"))],
    )  # fmt: skip

    def narrow(self, seen, person):
        self.fields["client"].queryset = Client.objects.visible_to(person)

    def narrowed(self, contacts):
        state = self.cleaned_data["state"] or Contact.State.CURRENT
        asked = {name: self.cleaned_data[name] for name in ("client", "standing") if self.cleaned_data[name]}
        return contacts.filter(**asked, **({} if state == self.EVERYBODY else {"state": state}))
