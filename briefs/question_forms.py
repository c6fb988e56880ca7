"""What is asked about the questions to a client: which, of whom, how; what was said; and what of it stands in the brief."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.flow import Refused, lock
from agency.forms import CreateForm
from briefs import row_inputs
from briefs.completeness import Completeness
from briefs.fields import BY_NAME, CATALOGUE
from briefs.forms import ROWS, BriefForm
from briefs.models import Brief, Enquiry, Question, Way
from clients.forms import DayInput
from clients.models import Contact

FREE = 3  # empty lines for questions that no answer of the brief asks for
PROSE = tuple(it.name for it in CATALOGUE if Brief._meta.get_field(it.name).get_internal_type() == "TextField")
TEXTS = (*PROSE, "product_name", "category")


def words_for(brief, asked):
    """The question as it is proposed: that of good practice, and what the kind of job asks besides."""
    hint = brief.template.hints.get(asked.name, "") if brief.template else ""
    return f"{asked.asks} {hint}".strip()


def gaps(brief):
    """The questions worth asking: what nobody knows, what weighs most first; then what is our guess."""
    completeness = Completeness(brief)
    guesses = [it for it in completeness.answers if it.mark == "guess"]
    return [it.asked for it in (*completeness.open, *sorted(guesses, key=lambda it: -it.weight))]


@dataclass(frozen=True)
class Line:
    """One line of the form: its box, its words, and what is behind it."""

    key: str
    label: str
    note: str
    question: Question | None
    box: object
    words: object


class ContactForm(CreateForm):
    """Of which contact, how, on which day."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("Contact"), empty_label=gettext_lazy("Choose a contact"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of this client's own contacts who is still there.")},
    )  # fmt: skip
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=Way)
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput(), initial=clock.today)

    def __init__(self, *args, brief, **kwargs):
        super().__init__(*args, **kwargs)
        self.brief = brief
        contacts = brief.client.contacts().order_by("name")
        self.fields["contact"].queryset = contacts
        if len(contacts) == 1:
            self.fields["contact"].initial = contacts[0]

    def clean_on(self):
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError(_("Nobody has said it yet on a day to come."))
        return self.cleaned_data["on"]


class AskForm(ContactForm):
    """Questions that grow from the gaps of a brief. Ticked ones are asked, or kept to be asked later."""

    def __init__(self, *args, brief, **kwargs):
        super().__init__(*args, brief=brief, **kwargs)
        del self.fields["on"]
        if "keep" in self.data:  # whom one asks is decided when one asks
            self.fields["contact"].required = self.fields["way"].required = False
        open_ones = list(brief.questions.open().for_page())
        self.there = {it.field or f"q{it.pk}": it for it in open_ones if it.state != Question.State.ANSWERED}
        answered = {it.field for it in open_ones if it.state == Question.State.ANSWERED and it.field}
        self.proposed = [it for it in gaps(brief) if it.name not in answered and it.name not in self.there]
        drafts, asked = ([key for key, it in self.there.items() if it.state == state] for state in ("draft", "asked"))
        self.keys = [*drafts, *(it.name for it in self.proposed), *(f"new{n}" for n in range(FREE)), *asked]
        self.needed = set(brief.missing)
        for key in self.keys:
            self._add(key)

    def _add(self, key):
        there, asked = self.there.get(key), BY_NAME.get(key)
        words = there.words if there else words_for(self.brief, asked) if asked else ""
        label = there.label if there else Brief.label_of(key) if asked else _("Something else")
        ticked = there.state == Question.State.DRAFT if there else key in self.needed
        self.fields[f"ask_{key}"] = forms.BooleanField(label=capfirst(str(label)), required=False, initial=ticked)
        box = forms.Textarea(attrs={"rows": 2, "readonly": there is not None and there.state == Question.State.ASKED})
        self.fields[f"words_{key}"] = forms.CharField(
            label=_("Question: %(what)s") % {"what": label}, required=False, max_length=1000, initial=words, widget=box
        )

    @property
    def lines(self):
        for key in self.keys:
            there = self.there.get(key)
            note = _note(there) if there else _("needed before it can be accepted") if key in self.needed else ""
            if not note and not there and self.brief.mark_of(key) == "guess":
                note = _("our guess so far")
            label = self.fields[f"ask_{key}"].label
            yield Line(key, label, note, there, self[f"ask_{key}"], self[f"words_{key}"])

    def clean(self):
        given = super().clean()
        self.ticked = [key for key in self.keys if given.get(f"ask_{key}") or (key.startswith("new") and self._words(key))]
        for key in self.ticked:
            if not self._words(key) and f"words_{key}" not in self.errors:
                self.add_error(f"words_{key}", _("Write what is to be asked."))
        if not self.ticked and not self.errors:
            self.add_error(None, _("Choose at least one question."))
        return given

    def _words(self, key):
        return " ".join((self.cleaned_data.get(f"words_{key}") or "").split("\r\n")).strip()

    @transaction.atomic
    def keep(self, *, by):
        """The ticked lines as questions to be asked; drafts that are not ticked stay, with their words."""
        lock(self.brief)
        return [self._keep(key, by) for key in self.ticked]

    def _keep(self, key, by):
        there = self.there.get(key)
        if there is not None and (there.state == Question.State.ASKED or not there.field):
            if there.state == Question.State.DRAFT and there.words != self._words(key):
                there.reword(by=by, seen=there.version, words=self._words(key))
            return there
        return Question.draft(brief=self.brief, field=key if key in BY_NAME else "", words=self._words(key), by=by)

    @transaction.atomic
    def ask(self, *, by):
        """Ask them of the contact. Sent twice it is one enquiry."""
        given = self.cleaned_data
        made = Enquiry.objects.filter(token=given["token"], created_by=by).first()
        return made or Enquiry.ask(
            brief=self.brief, questions=self.keep(by=by), contact=given["contact"], way=given["way"], by=by,
            token=given["token"],
        )  # fmt: skip


def _note(question):
    if question.state == Question.State.DRAFT:
        return _("kept to be asked")
    return _("asked %(contact)s; ask again?") % {"contact": question.enquiry.contact}


class TelephoneForm(ContactForm):
    """Every question that waits for an answer, on one page: the answers are typed as they are said."""

    later = forms.BooleanField(
        label=gettext_lazy("What is left empty the client answers later: wait for it"), required=False
    )  # fmt: skip

    def __init__(self, *args, brief, **kwargs):
        super().__init__(*args, brief=brief, **kwargs)
        self.fields["way"].choices = [it for it in Way.choices if it[0] != Way.LINK]
        self.questions = list(brief.questions.unanswered().for_page())
        may_take = brief.state in Brief.WRITABLE
        for it in self.questions:
            label = _("Answer: %(what)s") % {"what": it.label}
            reply = forms.Textarea(attrs={"rows": 2})
            self.fields[f"reply_{it.pk}"] = forms.CharField(label=label, required=False, max_length=4000, widget=reply)
            self.fields[f"unknown_{it.pk}"] = forms.BooleanField(label=_("Does not know"), required=False)
            if may_take and it.field in TEXTS:
                self.fields[f"take_{it.pk}"] = forms.BooleanField(label=_("Into the brief at once"), required=False)

    @property
    def lines(self):
        for it in self.questions:
            take = self[f"take_{it.pk}"] if f"take_{it.pk}" in self.fields else None
            yield it, self[f"reply_{it.pk}"], self[f"unknown_{it.pk}"], take

    def clean(self):
        given = super().clean()
        self.replies = {it: said for it in self.questions if any(said := self._said(it))}
        if not self.replies and not given.get("later") and not self.errors:
            self.add_error(None, _("Type at least one answer."))
        return given

    def _said(self, question):
        words = (self.cleaned_data.get(f"reply_{question.pk}") or "").replace("\r\n", "\n").strip()
        return words, bool(self.cleaned_data.get(f"unknown_{question.pk}")) and not words

    @transaction.atomic
    def hear(self, *, by):
        """Keep what was said; what the person ticked lands in the brief at once. Returns how many answers there were."""
        given = self.cleaned_data
        heard = {"brief": self.brief, "contact": given["contact"], "way": given["way"], "by": by, "on": given["on"]}
        lock(self.brief)
        if Enquiry.objects.filter(token=given["token"], created_by=by).exists():
            return len(self.replies)
        rest = [it for it in self.questions if it not in self.replies] if given["later"] else []
        if self.replies:
            Enquiry.hear(replies=self.replies, token=given["token"], **heard)
        if rest:
            Enquiry.ask(questions=rest, **heard, token=uuid4() if self.replies else given["token"])
        for question in self.replies:
            if given.get(f"take_{question.pk}"):
                take_at_once(question, by=by)
        return len(self.replies)


def take_at_once(question, *, by):
    """A text lands below what stands there; that the client does not know is a mark."""
    brief = Brief.objects.get(pk=question.brief_id)
    if question.is_unknown:
        if getattr(brief, question.field).strip():
            return
        question.take_over(by=by, brief_seen=brief.version, mark="unknown")
        return
    value = below(getattr(brief, question.field), question.reply)
    brief._meta.get_field(question.field).clean(value, brief)
    question.take_over(by=by, brief_seen=brief.version, changes={question.field: value})


def below(there, said):
    return f"{there.rstrip()}\n\n{said}" if there.strip() else said


@dataclass(frozen=True)
class Shown:
    """A field as the page draws it; `rows` where the answer is a table."""

    field: object

    @property
    def name(self):
        return self.field.html_name

    @property
    def rows(self):
        return row_inputs.drawn(self.field) if self.name in ROWS else None


HOW = [("below", gettext_lazy("Below what stands there")), ("instead", gettext_lazy("In place of what stands there"))]


class TakeForm(BriefForm):
    """One answer of the client on its way into the brief: the person corrects it, and says where it stands."""

    how = forms.ChoiceField(label=gettext_lazy("It stands"), choices=HOW, required=False, widget=forms.RadioSelect)

    def __init__(self, data=None, *, question, instance):
        self.question, asked = question, question.asked
        there = getattr(instance, Brief.attname_of(asked.name))
        self.there = there.strip() if isinstance(there, str) else there
        self.is_prose = asked.name in PROSE
        if data is not None and self.is_prose and self.there and data.get("how") == "below":
            data = data.copy()
            data[asked.name], data["how"] = below(self.there, data.get(asked.name, "")), "instead"
        super().__init__(data, instance=instance, prefix=None)
        wanted = {"seen", *asked.names, *(["how"] if self.is_prose and self.there else [])}
        self.fields = {name: field for name, field in self.fields.items() if name in wanted}
        if asked.name in TEXTS and not question.is_unknown:
            self.initial[asked.name] = question.reply
        for field in self.fields.values():
            field.help_text = ""  # the question stands above
        if "how" in self.fields:
            self.fields["how"].initial = "below"
        self.auto_id = f"take_{question.pk}_%s"

    @property
    def answers(self):
        """The fields of this answer, in their order."""
        return [Shown(self[name]) for name in self.question.asked.names if name in self.fields]

    @property
    def changes(self):
        return {name: value for name, value in super().changes.items() if name in self.question.asked.names}

    def take(self, *, by):
        if not any(value not in (None, "", [], False) for value in self.changes.values()):
            raise Refused(_("Say what is to stand in the brief, or accept that nobody knows."))
        return self.question.take_over(by=by, brief_seen=self.cleaned_data["seen"], changes=self.changes)


class FreeForm(forms.Form):
    """The answer to a free question: into which answer of the brief, or only noted."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    into = forms.ChoiceField(label=gettext_lazy("Into the brief under"), required=False)
    value = forms.CharField(label=gettext_lazy("What is to stand there"), required=False, max_length=4000,
                            widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip

    def __init__(self, data=None, *, question, instance):
        super().__init__(data, initial={"seen": instance.version, "value": question.reply}, auto_id=f"take_{question.pk}_%s")
        self.question, self.instance = question, instance
        names = [(name, capfirst(str(Brief.label_of(name)))) for name in PROSE]
        self.fields["into"].choices = [("", _("Nowhere: it is only noted")), *names]

    @property
    def answers(self):
        return [Shown(self["into"]), Shown(self["value"])]

    def clean(self):
        given = super().clean()
        into, value = given.get("into"), (given.get("value") or "").replace("\r\n", "\n").strip()
        if not into:
            return given
        if not value:
            self.add_error("value", _("Say what is to stand in the brief."))
        field = Brief._meta.get_field(into)
        self.changes = {into: below(getattr(self.instance, into), value)}
        if len(self.changes[into]) > field.max_length:
            self.add_error("value", _("That is too long for this answer: at most %(n)d characters.") % {"n": field.max_length})
        return given

    def take(self, *, by):
        changes = self.changes if self.cleaned_data["into"] else None
        return self.question.take_over(by=by, brief_seen=self.cleaned_data["seen"], changes=changes)


def form_for(question, brief, data=None):
    kind = TakeForm if question.asked else FreeForm
    return kind(data, question=question, instance=brief)
