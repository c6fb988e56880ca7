"""The two kinds of form the house knows: one that makes a record once, and one that revises it without losing anybody's words."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.flow import revise


class CreateForm(forms.Form):
    """Carries a token: sent twice (double click, reload, lost answer) it makes one record."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Please reload the page and send the form again.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4()


class ReviseForm(forms.ModelForm):
    """Carries the version the person saw; `save` is replaced by `revise`, which refuses to write over somebody else's text."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def revise(self, *, by, needs, while_in=None):
        """Write what was typed; see `agency.flow.revise` for what it raises and returns."""
        changes = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return revise(self.instance, by=by, needs=needs, seen=self.cleaned_data["seen"], changes=changes, while_in=while_in)

    def save(self, commit=True):
        raise TypeError("A record is revised, not saved: call revise(by=…, needs=…).")


class MoveForm(forms.Form):
    """What a move's button sends: the version seen and, where the move asks for it, the reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
