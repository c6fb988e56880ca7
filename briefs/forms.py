"""What is asked about a brief."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm, ListFilter, ReviseForm
from briefs.models import Brief
from clients.models import Client

RIGHT = "briefs.change_brief"


class TakeForm(CreateForm):
    """A new brief: for whom and what for. The client is one for whom the person may take briefs."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", empty_label=_("Choose a client"),
        error_messages={"invalid_choice": _("Choose one of the clients for whom you take briefs.")},
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What it is for, as the client would say it."))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = takers_clients(person)

    def open(self, *, by):
        """The brief of this form; sent twice, it is one."""
        client, title = self.cleaned_data["client"], self.cleaned_data["title"]
        return self.make_once(Brief, by=by, make=lambda token: Brief.open(client=client, by=by, token=token, title=title))


def takers_clients(person):
    """The clients for whom `person` may take a brief; the relation with a former client has to be renewed first."""
    return Client.objects.where(person, RIGHT).exclude(state=Client.State.FORMER)


class BriefForm(ReviseForm):
    """The four blocks and the budget figure (DEP2)."""

    class Meta:
        model = Brief
        fields = ["title", "product_knowledge", "market_situation", "budget_amount", "budget_notes", "market_plan"]
        widgets = {name: forms.Textarea(attrs={"rows": 7}) for name in Brief.BLOCKS}


class BriefFilter(ListFilter):
    """The questions of the list of briefs."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Brief.State.choices])

    def narrow(self, seen, person):
        self.fields["client"].queryset = Client.objects.visible_to(person)
