"""What is asked when somebody comments on a draft: words, for whom, and where (DEP7)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm
from approvals.models import DraftComment

Audience = DraftComment.Audience


def per_cent(label):
    limits = {"min_value": 0, "max_value": 100, "max_digits": 4, "decimal_places": 1}
    return forms.DecimalField(label=label, required=False, **limits)


class PlaceForm(CreateForm):
    """Words, and a place on the artwork if there is one. Across and down are per cent of the page."""

    words = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
                            error_messages={"required": _("Please write what you see.")})  # fmt: skip
    file = forms.IntegerField(label=_("File"), min_value=1, max_value=100, required=False)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=10_000, required=False)
    across = per_cent(_("Per cent across"))
    down = per_cent(_("Per cent down"))
    wide = per_cent(_("Per cent wide"))
    high = per_cent(_("Per cent high"))
    second = forms.DecimalField(
        label=_("Second"), min_value=0, max_value=360_000, max_digits=7, decimal_places=1, required=False
    )
    line = forms.IntegerField(label=_("Line of the copy"), min_value=1, max_value=20_000, required=False)

    PLACE = ("file", "page", "across", "down", "wide", "high", "second", "line")

    def clean(self):
        """A place lies on the first page of the first file unless another is named."""
        given = super().clean()
        if given.get("across") is not None or given.get("down") is not None:
            given["file"], given["page"] = given.get("file") or 1, given.get("page") or 1
        return given

    def place(self):
        given = self.cleaned_data
        thousandths = {"x": "across", "y": "down", "w": "wide", "h": "high"}
        found = {
            name: given[said] and int(given[said] * 10) for name, said in thousandths.items() if given.get(said) is not None
        }
        return {**found, **{name: given.get(name) for name in ("file", "page", "second", "line")}}

    def places(self):
        return [self[name] for name in self.PLACE]

    def say(self, version, *, by, **told):
        words = {"words": self.cleaned_data["words"], "token": self.cleaned_data["token"]}
        return DraftComment.say(version, by=by, **words, **self.place(), **told)


class CommentForm(PlaceForm):
    """For us: the two buttons say who reads it."""

    audience = forms.ChoiceField(label=_("Who reads it"), choices=Audience.choices, widget=forms.HiddenInput)

    def say(self, version, *, by):
        return super().say(version, by=by, audience=self.cleaned_data["audience"])


class AnswerForm(CreateForm):
    """An answer in a thread: whoever reads the thread reads it."""

    words = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
                            error_messages={"required": _("Please write what you see.")})  # fmt: skip

    def say(self, comment, *, by, version):
        words = {"words": self.cleaned_data["words"], "token": self.cleaned_data["token"]}
        return DraftComment.say(version, by=by, parent=comment, **words)
