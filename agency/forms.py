"""The two kinds of form the house knows: one that makes a record once, and one that revises it and loses nobody's words."""

import uuid

from django import forms
from django.db import IntegrityError, transaction
from django.forms.models import fields_for_model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agency.flow import Conflict, Refused, revise


def attempt(form, act, *, field=None):
    """What `act()` returns (something true) for a form that is valid; else None, with a refusal told in the form.

    field: beside which field the refusal stands; without it, above the form. Nothing typed is lost; a Conflict goes on.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except Conflict:
        raise
    except Refused as why:
        form.add_error(field, str(why))
        return None


class CreateForm(forms.Form):
    """Carries a token: sent twice (double click, reload, lost answer) it makes one record."""

    token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("Please reload the page and send the form again.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4()

    def make_once(self, model, *, by, make):
        """The record of this form: `make(token)` runs for the first of two equal forms, the second gets what the first made."""
        token = self.cleaned_data["token"]
        made = model.objects.filter(token=token, created_by=by)
        if there := made.first():
            return there
        try:
            with transaction.atomic():
                return make(token)
        except IntegrityError as error:
            if there := made.first():
                return there
            raise Refused(
                _("Somebody made the same at this moment. Please look at the list, then send the form again.")
            ) from error


def fields_of(model, names, **how):
    """Form fields as the model declares them, its own checks included: for a form that makes a record.

    how: widgets, labels, help_texts and the like, as `fields_for_model` takes them.
    """
    fields = fields_for_model(model, names, **how)
    for name, field in fields.items():
        own = [it for it in model._meta.get_field(name).validators if it not in field.validators]
        field.validators = [*field.validators, *own]
    return fields


class ReviseForm(forms.ModelForm):
    """Carries the version the person saw; `save` is replaced by `revise`, which refuses to write over somebody else's text."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean(self):
        """Browsers send line breaks as two characters; kept as one, so that only what was typed counts as a change. After a
        conflict a person may `leave` fields as they stand now."""
        texts = {name: value.replace("\r\n", "\n") for name, value in super().clean().items() if isinstance(value, str)}
        left = getattr(self.data, "getlist", lambda _name: [])("leave")
        return self.cleaned_data | texts | {name: getattr(self.instance, name) for name in left if name in self._meta.fields}

    def revise(self, *, by, needs, while_in=None):
        """Write what was typed; see `agency.flow.revise` for what it raises and returns."""
        changes = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return revise(self.instance, by=by, needs=needs, seen=self.cleaned_data["seen"], changes=changes, while_in=while_in)

    def again(self, data):
        """The same form with other data, after what was typed has been saved."""
        return type(self)(data, instance=self.instance)

    def tell_missing(self, why):
        """Say beside each empty field that it stands in the way of submitting; the first carries the reason."""
        for name in self.instance.missing or [None]:
            name = name if name in self.fields else None
            label = name and capfirst(str(self.fields[name].label))
            if name or why:
                self.add_error(name, why or _("%(field)s is still empty.") % {"field": label})
            why = ""

    def save(self, commit=True):
        raise TypeError("A record is revised, not saved: call revise(by=…, needs=…).")


class MoveForm(forms.Form):
    """What a move's button sends: the version seen and, where the move asks for it, the reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ListFilter(forms.Form):
    """Owns a list: what is asked of it stands in the address, and here is what that means for its rows.

    seen: the rows of the list that the person sees; a choice offers only what comes from them.
    """

    def __init__(self, data, *, seen, person):
        super().__init__(data, auto_id="filter_%s")
        self.narrow(seen, person)

    def narrow(self, seen, person):
        """Let the choices offer only what the person may know."""

    def of(self, rows):
        """The rows asked for; none if the question itself makes no sense."""
        return self.narrowed(rows) if self.is_valid() else rows.none()

    def narrowed(self, rows):
        return rows.filter(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def asked(self):
        """The names of the questions that the address asks, sensible or not."""
        return [name for name in self.fields if self.data.get(name)]
