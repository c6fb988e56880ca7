"""What is asked in a joint study: whom to invite, what a department says, what we answer, how it ends."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from agency.flow import Conflict
from agency.forms import CreateForm, ReviseForm
from agency.refusals import both_texts
from briefs.models import Opinion, Study
from clients.forms import DayInput

BY_TELEPHONE = "us"  # nobody of the department is asked here


class InviteForm(CreateForm):
    """Which departments are asked, and whom there. Each has a field of its own, so that all can be chosen at once."""

    def __init__(self, *args, study=None, **kwargs):
        super().__init__(*args, **kwargs)
        members = {}
        for person in Opinion.candidates().order_by("first_name", "last_name"):
            members.setdefault(person.department_id, []).append(person)
        held = study.opinions.exclude(state=Opinion.State.WITHDRAWN).values("department") if study else []
        self.asked = {}
        for department in Opinion.departments().exclude(pk__in=held).order_by("name"):
            name, people = f"ask_{department.code}", members.get(department.pk, [])
            self.asked[name] = department, {str(person.pk): person for person in people}
            self.fields[name] = forms.ChoiceField(label=department.name, required=False, choices=choices_of(people))

    @property
    def departments(self):
        """The fields of the departments, for the page."""
        return [self[name] for name in self.asked]

    @property
    def invited(self):
        """Pairs of a department and who is asked there."""
        chosen = [(self.asked[name], self.cleaned_data.get(name)) for name in self.asked]
        return [(department, people.get(key)) for (department, people), key in chosen if key]

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in self.asked):
            self.add_error(None, _("Choose at least one department to ask."))
        return data

    def invite(self, study, *, by):
        """Ask the departments chosen. Returns their sections."""
        return [study.invite(department, person, by=by) for department, person in self.invited]


def choices_of(people):
    names = [(str(person.pk), str(person)) for person in people]
    return [("", _("not asked")), *names, (BY_TELEPHONE, _("by telephone; we record the answer"))]


class OpenStudyForm(InviteForm):
    """A new study: what we want to know, by when, from whom."""

    asks = forms.CharField(
        label=_("What we want to know"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The departments read the brief; here is what to look at first."),
    )  # fmt: skip
    answer_by = forms.DateField(label=_("Departments answer by"), widget=DayInput())

    field_order = ("token", "asks", "answer_by")

    def open(self, brief, *, by):
        """The study of this form; sent twice, it is one."""
        fields = {name: self.cleaned_data[name] for name in ("asks", "answer_by")}
        make = {"brief": brief, "by": by, "invited": self.invited, **fields}
        return self.make_once(Study, by=by, make=lambda token: Study.open(token=token, **make))


class AnswerForm(ReviseForm):
    """What a department says: the verdict, its conditions, days, cost, questions."""

    class Meta:
        model = Opinion
        fields = Opinion.ANSWER
        widgets = {
            "verdict": forms.RadioSelect,
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("grounds", "note", "questions")},
            "days": forms.NumberInput(attrs={"step": "0.5", "min": "0", "max": "999", "inputmode": "decimal"}),
            "cost": forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
            "currency": forms.TextInput(attrs={"size": 3, "autocapitalize": "characters"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = Opinion.Verdict.choices
        self.fields["verdict"].required = True

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    def clean(self):
        data = super().clean()
        if not data.get("grounds", "").strip():
            self.add_grounds_error(data.get("verdict"))
        return data

    def add_grounds_error(self, verdict):
        if verdict == Opinion.Verdict.CONDITIONS:
            self.add_error("grounds", _("Write the conditions."))
        if verdict == Opinion.Verdict.NO:
            self.add_error("grounds", _("Write why it is not feasible, and what would make it so."))

    def _post_clean(self):
        """The constraints of the database say the same in other words: one sentence is enough."""
        super()._post_clean()
        if any(name != NON_FIELD_ERRORS for name in self.errors):
            self.errors.pop(NON_FIELD_ERRORS, None)

    @property
    def words(self):
        return {name: self.cleaned_data[name] for name in Opinion.ANSWER}

    def answer(self, *, by):
        """Send it, for the first time or anew. A conflict shows both texts."""
        opinion = self.instance
        again = Opinion.objects.filter(pk=opinion.pk, state=Opinion.State.ANSWERED).exists()
        return self._sent(opinion.change_answer if again else opinion.answer, by=by)

    def _sent(self, act, **said):
        try:
            return act(seen=self.cleaned_data["seen"], words=self.words, **said)
        except Conflict as why:
            if why.is_gone:
                raise
            opinion = self.instance
            rows = both_texts(opinion, self.words, seen=self.cleaned_data["seen"])
            may_send = opinion.is_open and opinion.state in act.move.sources | {Opinion.State.ANSWERED}
            raise Conflict(opinion, why.sentence, rows, may_send=may_send) from why


class RecordForm(AnswerForm):
    """The same, written down by us, with who said it and how."""

    said_by = forms.CharField(label=_("Who said it"), max_length=120, help_text=_("Somebody of the department."))
    said_how = forms.ChoiceField(label=_("How"), choices=Opinion.Way)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            opinion = self.instance
            self.initial |= {"said_by": opinion.said_by or opinion.person or "", "said_how": opinion.said_how}

    def record(self, *, by):
        return self._sent(self.instance.record, by=by, **{name: self.cleaned_data[name] for name in ("said_by", "said_how")})


class SeenForm(forms.Form):
    """A move with words: the version seen goes with it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, initial={"seen": record.version, **kwargs.pop("initial", {})}, **kwargs)
        self.record = record

    @property
    def said(self):
        return self.cleaned_data


class ReplyForm(SeenForm):
    """Our words to a department that says no, or asks."""

    reply = forms.CharField(label=_("Our answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


class CloseForm(SeenForm):
    """The conclusions, and the reason where something is open."""

    conclusions = forms.CharField(
        label=_("Conclusions"), max_length=8000, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("What the plan has to respect, what each department will do, what is left open."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why it is closed all the same"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the study. Who agrees the plan will have to say why as well."),
    )  # fmt: skip

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        if record.is_settled:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True

    def close(self, *, by):
        """Close it, by the move that fits what the form showed."""
        close = self.record.close_despite if "reason" in self.fields else self.record.close
        return close(by=by, **self.said)


class InsteadForm(SeenForm):
    """Another colleague of the department."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Colleague"), to_field_name="username", empty_label=_("Choose a colleague"),
        error_messages={"invalid_choice": _("Choose somebody of this department.")},
    )  # fmt: skip

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        others = Opinion.candidates(record.department).filter(~Q(pk=record.person_id))
        self.fields["person"].queryset = others.order_by("first_name", "last_name")
