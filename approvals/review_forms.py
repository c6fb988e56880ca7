"""What whoever clears a version answers: the five questions and the client's requirements, line by line (DEP7, DEP8)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.forms import CreateForm
from approvals.models import InternalReview
from approvals.models.internal_review import Question, Reply, requirements_for

NOTE = 500


class ReviewForm(CreateForm):
    """One row for each question and each line; which button was pressed says what comes of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    outcome = forms.ChoiceField(choices=InternalReview.Outcome.choices, required=True, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is returned"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where it is returned: the maker works from it."),
    )  # fmt: skip

    def __init__(self, *args, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft, self.lines = draft, list(requirements_for(draft))
        self.fields["seen"].initial = draft.version
        for name, label in Question.choices:
            self._ask(f"q_{name}", label)
        for line in self.lines:
            self._ask(f"r_{line.pk}", line.text)

    def _ask(self, name, label):
        self.fields[name] = forms.ChoiceField(label=label, choices=Reply.choices, required=False, widget=forms.RadioSelect)
        self.fields[f"{name}_note"] = forms.CharField(label=_("Note"), max_length=NOTE, required=False)

    def _rows(self, names):
        return [(self[name], self[f"{name}_note"]) for name in names]

    def questions(self):
        return self._rows(f"q_{name}" for name in Question.values)

    def requirements(self):
        return self._rows(f"r_{line.pk}" for line in self.lines)

    def decide(self, *, by):
        given = self.cleaned_data
        answers = {name: (given[f"q_{name}"], given[f"q_{name}_note"]) for name in Question.values}
        lines = [(line.pk, given[f"r_{line.pk}"], given[f"r_{line.pk}_note"]) for line in self.lines]
        told = {name: given[name] for name in ("seen", "outcome", "reason", "token")}
        return InternalReview.decide(self.draft, by=by, answers=answers, requirements=lines, **told)
