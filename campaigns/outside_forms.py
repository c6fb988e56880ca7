"""To whom a plan or a change order goes, and what the client said to it (SAL5, DEP8)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.files import UploadField
from agency.flow import Refused
from agency.forms import CreateForm
from campaigns.models import Plan
from clients.forms import DayInput
from clients.models import Contact
from clients.models.attachment import attach
from clients.models.confirmation import Confirmation

Answer, How = Confirmation.Answer, Confirmation.How
WRONG = gettext_lazy("Choose a contact who may agree this.")


class ToContact(forms.ModelChoiceField):
    """One of the contacts who may agree."""

    def label_from_instance(self, contact):
        return f"{contact}, {contact.position}" if contact.position else str(contact)


class SendForm(forms.Form):
    """To whom a document goes: a contact whose authority covers it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    contact = ToContact(
        Contact.objects.none(), label=gettext_lazy("To"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": WRONG},
    )  # fmt: skip

    def __init__(self, data=None, *, document):
        confirmers = document.confirmers.order_by("name")
        super().__init__(data, initial={"seen": document.version, "contact": confirmers.first()})
        self.document = document
        self.fields["contact"].queryset = confirmers

    def act(self, *, by):
        return self.document.send(by=by, seen=self.cleaned_data["seen"], contact=self.cleaned_data["contact"])


class HeardForm(CreateForm):
    """What a contact said to one of us, with what proves it: the words, and a file if there is one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    contact = ToContact(
        Contact.objects.none(), label=gettext_lazy("Who said it"), empty_label=None, error_messages={"invalid_choice": WRONG}
    )
    how = forms.ChoiceField(label=gettext_lazy("How"), choices=[it for it in How.choices if it[0] != How.LINK])
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput(), initial=clock.today)
    answer = forms.ChoiceField(label=gettext_lazy("What was said"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("In the client’s own words"), max_length=3900, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("With a mail or minutes as a file they may be short; without, they are the proof."),
    )  # fmt: skip
    file = UploadField(label=gettext_lazy("Mail, minutes or letter"), required=False)

    def __init__(self, *args, document, **kwargs):
        super().__init__(*args, **kwargs)
        self.document = document
        self.fields["seen"].initial = document.version
        self.fields["contact"].queryset = document.confirmers.order_by("name")
        self.no = Answer.CHANGES if isinstance(document, Plan) else Answer.DECLINED
        no = _("It must change") if self.no == Answer.CHANGES else _("Declined")
        self.fields["answer"].choices = [(Answer.CONFIRMED, _("Agreed")), (self.no, no)]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError(_("Nobody has said it yet on a day to come."))
        if on < self.document.campaign.opened_on:
            raise forms.ValidationError(_("The campaign was not there yet on this day."))
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

    def act(self, *, by):
        given = self.cleaned_data
        if there := Confirmation.objects.filter(token=given["token"], recorded_by=by).first():
            return there
        proof = None
        if given["file"]:
            proof = attach(self.document.sheet, given["file"], by=by, note=_("Proof of the client’s answer"))
        told = {name: given[name] for name in ("seen", "contact", "how", "on", "answer", "token")}
        return self.document.hear(by=by, words=given["words"].strip(), evidence=proof, **told)


def refuse_nobody(document):
    """Raise Refused where nobody at the client's may agree it."""
    if not document.confirmers.exists():
        raise Refused(document.who_may)
