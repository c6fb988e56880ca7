"""What is asked about a playback: its words, to whom it goes, and what the client said to it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.files import UploadField
from agency.flow import Refused
from agency.forms import CreateForm, ReviseForm
from briefs.models import Playback
from briefs.models.playback import MOST
from clients.forms import DayInput
from clients.models import Contact
from clients.models.attachment import attach
from clients.models.confirmation import Confirmation

HINTS = {
    "task": gettext_lazy("The product, its market, and what the client asks of us."),
    "aim": gettext_lazy("Measured how, from where, to where, until when."),
    "people": gettext_lazy("One of them, not a million; and the one thing they remember."),
    "frame": gettext_lazy("Budget, period, launch, what is delivered, what has to be said and what must not."),
    "assumed": gettext_lazy("What we go by without having heard it."),
}


class PlaybackForm(ReviseForm):
    """One page in our own words."""

    class Meta:
        model = Playback
        fields = [*Playback.PARTS]
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in Playback.PARTS}
        help_texts = HINTS

    def clean(self):
        given = super().clean()
        length = sum(len(given.get(name) or "") for name in Playback.PARTS)
        if length > MOST:
            words = {"most": MOST, "n": length}
            self.add_error(None, _("A playback is one page: at most %(most)d characters, and this has %(n)d.") % words)
        return given

    def write(self, *, by):
        changes = {name: self.cleaned_data[name] for name in Playback.PARTS}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes)


class ToContact(forms.ModelChoiceField):
    """One of the contacts who may confirm."""

    def label_from_instance(self, contact):
        return f"{contact}, {contact.position}" if contact.position else str(contact)


class SendForm(forms.Form):
    """To whom a playback goes: a contact who may confirm it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    contact = ToContact(
        Contact.objects.none(), label=gettext_lazy("To"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose a contact who may confirm a playback.")},
    )  # fmt: skip

    def __init__(self, data=None, *, playback):
        super().__init__(data, initial={"seen": playback.version, "contact": playback.confirmers.first()})
        self.playback = playback
        self.fields["contact"].queryset = playback.confirmers.order_by("name")

    def send(self, *, by):
        return self.playback.send(by=by, seen=self.cleaned_data["seen"], contact=self.cleaned_data["contact"])


Answer, How = Confirmation.Answer, Confirmation.How


class HeardForm(CreateForm):
    """What a contact said to one of us about a playback, with what proves it: the words, and a file if there is one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    contact = ToContact(
        Contact.objects.none(), label=gettext_lazy("Who said it"), empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Choose a contact who may confirm a playback.")},
    )  # fmt: skip
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=[it for it in How.choices if it[0] != How.LINK])
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput(), initial=clock.today)
    answer = forms.ChoiceField(
        label=gettext_lazy("What was said"), widget=forms.RadioSelect,
        choices=[(Answer.CONFIRMED, gettext_lazy("It is right")), (Answer.CHANGES, gettext_lazy("It must change"))],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In the client’s own words"), max_length=3900, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("With a mail or minutes as a file they may be short; without, they are the proof."),
    )  # fmt: skip
    file = UploadField(label=gettext_lazy("Mail, minutes or letter"), required=False)

    def __init__(self, *args, playback, **kwargs):
        super().__init__(*args, **kwargs)
        self.playback = playback
        self.fields["seen"].initial = playback.version
        self.fields["contact"].queryset = playback.confirmers.order_by("name")

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError(_("Nobody has said it yet on a day to come."))
        first = self.playback.sent_on or self.playback.created_at.date()
        if on < first:
            raise forms.ValidationError(_("The playback was not there yet on this day."))
        return on

    def clean(self):
        given = super().clean()
        words = (given.get("words") or "").strip()
        if not words and "words" not in self.errors:
            if given.get("answer") == Answer.CHANGES:
                self.add_error("words", _("Please say what is to be changed."))
            elif not given.get("file") and "file" not in self.errors:
                self.add_error("words", _("Write what was said, or add the file that proves it."))
        return given

    def hear(self, *, by):
        given = self.cleaned_data
        if there := Confirmation.objects.filter(token=given["token"], recorded_by=by).first():
            return there
        proof = attach(self.playback, given["file"], by=by, note=_("Proof of the client’s answer")) if given["file"] else None
        told = {name: given[name] for name in ("seen", "contact", "how", "on", "answer", "token")}
        return self.playback.hear(by=by, words=given["words"].strip(), evidence=proof, **told)


def refuse_nobody(playback):
    """Raise Refused where nobody at the client's may confirm."""
    if not playback.confirmers.exists():
        raise Refused(playback.who_may)
