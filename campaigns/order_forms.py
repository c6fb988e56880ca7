"""What is asked about a change order: what changes, why, and how many days it takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm, ReviseForm, fields_of
from campaigns.models import ChangeOrder

WIDGETS = {"text": forms.Textarea(attrs={"rows": 7})}
WRONG = _("Choose a deliverable of this campaign.")


def offer_deliverables(form, campaign):
    field = form.fields["deliverable"]
    field.queryset, field.empty_label = campaign.deliverables.filter(state="agreed"), _("none")
    field.error_messages["invalid_choice"] = WRONG


class NewOrderForm(CreateForm):
    """A change order of a campaign; what led to it is filled in from where it was offered."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields |= fields_of(ChangeOrder, ChangeOrder.FIELDS, widgets=WIDGETS)
        offer_deliverables(self, campaign)

    def open(self, *, by):
        """The order; the form sent twice begins one."""
        told = {name: self.cleaned_data[name] for name in ChangeOrder.FIELDS}
        make = {"by": by, **told}
        return self.make_once(ChangeOrder, by=by, make=lambda token: ChangeOrder.open(self.campaign, token=token, **make))


class OrderForm(ReviseForm):
    class Meta:
        model = ChangeOrder
        fields = [*ChangeOrder.FIELDS]
        widgets = WIDGETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_deliverables(self, self.instance.campaign)

    def write(self, *, by):
        changes = {name: self.cleaned_data[name] for name in ChangeOrder.FIELDS}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]
