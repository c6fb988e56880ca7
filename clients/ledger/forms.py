"""What is asked about a line of the ledger."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agency import clock
from agency.files import UploadField
from agency.flow import Refused
from agency.forms import CreateForm, ListFilter, ReviseForm
from clients.forms import DayInput
from clients.models import Attachment, Contact, Requirement

BY_HAND = "hand"
NOT_YET = _("This day is still to come.")


class Said:
    """What a form about the client's word asks: who said it and when, and the day where a day is fixed."""

    def limit(self, client):
        """A contact is one of this client."""
        here = Q(client=client, state=Contact.State.CURRENT) | Q(pk=getattr(self, "said_before", None))
        self.fields["said_by"].queryset = Contact.objects.filter(here).order_by("name", "pk")

    def clean_said_on(self):
        said_on = self.cleaned_data["said_on"]
        if said_on > clock.today():
            raise forms.ValidationError(NOT_YET)
        return said_on

    def ask_for_the_day(self, given):
        if given.get("kind") == Requirement.Kind.DATE and not given.get("on") and "on" not in self.errors:
            self.add_error("on", _("Which day is fixed?"))
        return given


class LineForm(Said, CreateForm):
    """A line by hand: what the client said on the telephone, in a mail, in the corridor (DEP8)."""

    kind = forms.ChoiceField(label=_("The client"), choices=Requirement.Kind)
    text = forms.CharField(
        label=_("What"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One thing, in the client's words."),
    )
    on = forms.DateField(label=_("The day"), required=False, widget=DayInput(), help_text=_("For a fixed date, or a promise."))
    said_on = forms.DateField(label=_("Said on"), widget=DayInput())
    said_by = forms.ModelChoiceField(Contact.objects.none(), label=_("Said by"), required=False, empty_label=_("Somebody else"))
    said = forms.CharField(label=_("Said by, in words"), max_length=120, required=False, help_text=_("Where it is no contact."))
    source_words = forms.CharField(
        label=_("Where"), max_length=200, help_text=_("A telephone call, a letter, a meeting: where it can be found again.")
    )

    def __init__(self, *args, client, **kwargs):
        super().__init__(*args, **kwargs)
        self.client = client
        self.limit(client)
        self.fields["said_on"].initial = clock.today()

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())

    def clean(self):
        return self.ask_for_the_day(super().clean())

    def add(self, *, by):
        fields = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        make = lambda token: Requirement.add(client=self.client, by=by, token=token, **fields)  # noqa: E731
        return self.make_once(Requirement, by=by, make=make)


class RewordForm(Said, ReviseForm):
    """Mends a line that was written by hand and is still open; what was born from a record is mended there."""

    class Meta:
        model = Requirement
        fields = ["kind", "text", "on", "said_on", "said_by", "said", "source_words"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "on": DayInput(), "said_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.said_before = self.instance.said_by_id  # who said it may have left the client since
        self.limit(self.instance.client)

    def clean(self):
        return self.ask_for_the_day(super().clean())


class WaiveForm(forms.Form):
    """Who of the client let it go, and what proves it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    who = forms.ModelChoiceField(Contact.objects.none(), label=_("Waived by"), empty_label=_("Choose a contact"))
    words = forms.CharField(
        label=_("What was said, and how"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Words or a file: one of them is needed as evidence."),
    )  # fmt: skip
    evidence = forms.ModelChoiceField(
        Attachment.objects.none(), label=_("A file of this line"), required=False, empty_label=_("None of them")
    )
    file = UploadField(label=_("Or a new file"), required=False)

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = line.version
        self.fields["who"].queryset = Contact.objects.current().filter(client=line.client).order_by("name", "pk")
        self.fields["evidence"].queryset = Attachment.objects.of(line).kept()
        if not self.fields["evidence"].queryset:
            del self.fields["evidence"]
            self.fields["file"].label = _("A file")

    def clean(self):
        given = super().clean()
        if not (given.get("words", "").strip() or given.get("evidence") or given.get("file") or self.errors):
            raise forms.ValidationError(_("A waiver needs its evidence: the client's words, or a file."))
        return given


class LedgerFilter(ListFilter):
    """The questions of a client's ledger."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Requirement.State.choices])
    kind = forms.ChoiceField(label=_("The client"), required=False, choices=[("", _("All")), *Requirement.Kind.choices])
    source = forms.ChoiceField(label=pgettext_lazy("of a requirement", "From"), required=False)
    who = forms.ModelChoiceField(Contact.objects.none(), label=_("Said by"), required=False, empty_label=_("All"))

    def narrow(self, seen, person):
        born = seen.order_by("source_words").exclude(key="").values_list("content_type", "object_id", "source_words").distinct()
        named = {f"{kind}-{pk}": words for kind, pk, words in born[:200]}
        self.fields["source"].choices = [("", _("All")), (BY_HAND, _("Written by hand")), *named.items()]
        self.fields["who"].queryset = Contact.objects.filter(pk__in=seen.order_by().values("said_by")).order_by("name", "pk")

    def narrowed(self, rows):
        asked = self.cleaned_data
        rows = rows.filter(**{name: asked[name] for name in ("state", "kind") if asked[name]})
        if asked["who"]:
            rows = rows.filter(said_by=asked["who"])
        return self.from_source(rows, asked["source"])

    def from_source(self, rows, asked):
        if asked in {"", BY_HAND}:
            return rows.filter(key="") if asked else rows
        kind, _dash, pk = asked.partition("-")
        return rows.filter(content_type=ContentType.objects.get_for_id(int(kind)), object_id=int(pk))


def refuse_unless_open_by_hand(line):
    """A line is reworded only while nobody has settled it, and only here if it was written here."""
    if line.key:
        raise Refused(_("This line comes from its source: %(source)s. Change it there.") % {"source": line.source_words})
    if line.state != Requirement.State.OPEN:
        raise Refused(_("This line is settled. Open it again before you change its words."))
