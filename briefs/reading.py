"""How the answers of a brief are read: in words, in the order in which they are asked. One reading for page, paper, playback,
comparison and the questions to the client."""

from dataclasses import dataclass

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from briefs import marks
from briefs.completeness import ENOUGH
from briefs.fields import CATALOGUE, Block
from briefs.models import Brief
from briefs.rows import RowsField


@dataclass(frozen=True)
class Told:
    """One answer as it is read. table: (heads, rows of head and text) where it is one · mark: known, guess or unknown ·
    sure: that, who said it and when, in words."""

    name: str
    label: str
    text: str
    table: tuple | None
    mark: str
    sure: str


@dataclass(frozen=True)
class Part:
    """One block of a brief: its answers, and how much of it is there."""

    block: Block
    percent: int
    answers: list
    open: list

    @property
    def tone(self):
        """Enough, begun, or nothing there."""
        return "done" if self.percent >= ENOUGH else "risk" if self.percent else "draft"

    @property
    def letter(self):
        return self.block.value

    @property
    def title(self):
        return self.block.label


def parts(brief):
    """The blocks of a brief with everything that is answered or accepted as unknown in them."""
    completeness = brief.completeness
    return [Part(block, completeness.of(block), answers(brief, block), open_in(completeness, block)) for block in Block]


def open_in(completeness, block):
    """What nobody knows yet in a block, as (name, label), in the order in which it is asked."""
    open_names = {it.name for it in completeness.open if it.asked.block == block}
    return [(asked.name, capfirst(str(Brief.label_of(asked.name)))) for asked in CATALOGUE if asked.name in open_names]


def answers(brief, block=None):
    """What is answered, in the order of the catalogue; in one block or in all of them."""
    told = (answer(brief, asked) for asked in CATALOGUE if block in (None, asked.block))
    return [it for it in told if it.text or it.table or it.mark == "unknown"]


def answer(brief, asked):
    """One answer of a brief as it is read, empty or not."""
    mark = brief.marks.get(asked.name, {})
    field, value = Brief._meta.get_field(asked.name), getattr(brief, asked.name)
    table = (
        ([capfirst(str(cell.label)) for cell in field.cells], [_cells(field, row) for row in value])
        if isinstance(field, RowsField) and value
        else None
    )
    return Told(
        name=asked.name, label=capfirst(str(field.verbose_name)), text="" if table else words(brief, asked), table=table,
        mark=mark.get("mark", ""), sure=marks.in_words(mark if mark.get("mark") != "unknown" else {**mark, "mark": "known"}),
    )  # fmt: skip


def words(brief, asked):
    """The answer with what stands beside it, as one text; "" if nothing is known."""
    if not getattr(brief, Brief.attname_of(asked.name)):
        return ""
    if asked.name == "budget_amount":
        return _figure(brief)
    if asked.name == "budget_from":
        return " – ".join(filter(None, (value_in_words(brief, name) for name in asked.names)))
    if asked.name == "launch_on" and brief.launch_is_fixed:
        return _("%(day)s, fixed") % {"day": value_in_words(brief, "launch_on")}
    return value_in_words(brief, asked.name)


def value_in_words(brief, name):
    """One column in words, in the reader's language."""
    return in_words(Brief._meta.get_field(name), getattr(brief, name))


def in_words(field, value):
    """A value of a column of the brief in words; it may come from the record, its history or an edition."""
    if value in (None, "", [], False):
        return ""
    if value is True:
        return _("yes")
    if isinstance(field, RowsField):
        return field.in_words(value)
    if isinstance(field, models.DateField):
        return date_format(field.to_python(value), pgettext("date format", "D j M Y"))
    if isinstance(field, models.DecimalField):
        return number_format(field.to_python(value), 2, force_grouping=True)
    return str(dict(field.flatchoices).get(value, value))


def _figure(brief):
    sums = [number_format(it, 2, force_grouping=True) for it in (brief.budget_amount, brief.budget_to) if it is not None]
    told = [f"{brief.currency} {' – '.join(sums)}", brief.get_budget_binding_display().lower()]
    return ", ".join(filter(None, told))


def _cells(field, row):
    return [(capfirst(str(cell.label)), cell.in_words(row.get(cell.name, ""))) for cell in field.cells]
