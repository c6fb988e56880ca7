"""The order in which a brief is asked (DEP2): in each block first what its template asks first, the rest when somebody wants
it; beside every question what stands behind it and how things stand with the answer."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.templatetags.dates import day
from briefs import marks, row_inputs
from briefs.fields import BY_NAME, CATALOGUE, Block
from briefs.forms import ROWS
from briefs.models import Brief

NOTED = ("budget_amount", "mandatories", "legal_lines")
WEIGHTY = 5  # without a template, what weighs so much is asked first
TONES = {"known": "done", "guess": "risk", "asked": "client", "unknown": "stopped", "open": "draft"}


@dataclass
class Question:
    """One question on the page: its field, those beside it, and how things stand. news: who has just changed the answer."""

    asked: Any
    field: Any
    beside: list
    hint: str
    mark: dict
    stands: str
    told: str
    is_missing: bool
    news: str = ""

    @property
    def name(self):
        return self.asked.name

    @property
    def note(self):
        """What the column itself has to say, where it adds something to the question."""
        return Brief._meta.get_field(self.name).help_text if self.name in NOTED else ""

    @property
    def ways(self):
        return marks.WAYS

    @property
    def mark_words(self):
        return marks.in_words(self.mark)

    @property
    def tone(self):
        return TONES[self.stands]

    @property
    def rows(self):
        return row_inputs.drawn(self.field) if self.name in ROWS else None

    @property
    def faults(self):
        """What is wrong with the answer as a whole; of its rows each tells for itself."""
        return row_inputs.faults_by_row(self.field).get(0, []) if self.name in ROWS else self.field.errors

    @property
    def is_answered(self):
        """Something is said of it: in words, with a mark, as a question to the client; or there is something to mend."""
        return self.stands != "open" or bool(self.mark or self.field.errors)


@dataclass
class Asking:
    """One block on the page."""

    block: Block
    percent: int
    first: list
    later: list

    @property
    def is_enough(self):
        return self.percent >= 80


class Sheet:
    """All questions of one brief as its form asks them. asked: name of an answer → whom it was asked of and when."""

    def __init__(self, form, asked=None):
        self.form, self.brief, self.asked = form, form.instance, asked or {}
        self.template, self.completeness = self.brief.template, self.brief.completeness

    @cached_property
    def missing(self):
        return [{"name": name, "label": capfirst(str(self.brief.label_of(name)))} for name in self.completeness.missing]

    def blocks(self):
        """The blocks, each with its questions: those asked first or answered, and the others, which are folded away."""
        for block, percent in self.completeness.blocks:
            questions = [self.question(it.name) for it in CATALOGUE if it.block == block]
            first = [it for it in questions if self.is_first(it.asked) or it.is_answered]
            later = [it for it in questions if it not in first]
            yield Asking(block, percent, first, later)

    def is_first(self, asked):
        if self.template:
            return asked.name in self.template.first
        return asked.leads or asked.weight >= WEIGHTY

    def question(self, name, news=""):
        asked = BY_NAME[name]
        beside = [self.form[it] for it in asked.beside]
        mark = self.form.marks_typed.get(name) or self.brief.marks.get(name, {})
        stands = self.stands(name)
        hint = self.template.hints.get(name, "") if self.template else ""
        return Question(
            asked, self.form[name], beside, hint, mark, stands, self.told(name, stands, mark),
            name in {it["name"] for it in self.missing}, news,
        )  # fmt: skip

    def stands(self, name):
        """known, guess, unknown, asked or open."""
        mark = self.brief.mark_of(name)
        if getattr(self.brief, self.brief.attname_of(name)):
            return "guess" if mark == "guess" else "known"
        if mark == "unknown":
            return "unknown"
        return "asked" if name in self.asked else "open"

    def told(self, name, stands, mark):
        if stands == "asked":
            return self.asked[name]
        words = {"known": _("known"), "guess": _("our guess"), "unknown": _("accepted as unknown"), "open": _("open")}
        return words[stands]


def asked_of(brief):
    """The name of an answer → of whom it was asked and since when, or that an answer waits to be taken over. One query."""
    open_ones = brief.questions.filter(state__in=("asked", "answered")).exclude(field="")
    return {it.field: _asked_in_words(it) for it in open_ones.select_related("enquiry__contact")}


def _asked_in_words(question):
    contact = question.enquiry.contact
    if question.state == "answered":
        said = _("%(contact)s has answered, %(day)s: to be taken over")
        return said % {"contact": contact, "day": day(localdate(question.replied_at))}
    return _("asked of %(contact)s, %(day)s") % {"contact": contact, "day": day(question.enquiry.asked_on)}
