"""The field history of an evaluation: its own lines and those of its marks, told as from → to, newest first."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Mark

SILENT = {"version", "court_since", "evaluator_signed_by"}


@dataclass(frozen=True)
class Line:
    """One field that changed: when, by whom, which, from what, to what."""

    at: datetime
    by: Any
    field: str
    before: str
    after: str


def changes_of(evaluation):
    """Every change of the evaluation and its marks. Two queries, and one for each kind of person or state they name."""
    own = list(evaluation.history.select_related("history_user").order_by("history_date", "history_id"))
    lines = [line for before, after in pairwise(own) for line in between(before, after)]
    lines += [line for rows in rows_by_mark(evaluation) for line in told(rows)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def between(before, after):
    for change in after.diff_against(before, foreign_keys_are_objs=True).changes:
        if change.field not in SILENT:
            field = before.instance_type._meta.get_field(change.field)
            yield Line(
                after.history_date, after.history_user, capfirst(str(field.verbose_name)),
                worded(field, change.old), worded(field, change.new),
            )  # fmt: skip


def worded(field, value):
    """The value as people say it: the word of a choice, nothing for None."""
    if value is None:
        return ""
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def rows_by_mark(evaluation):
    """The history rows of each mark that the evaluation has or had, in order."""
    rows = {}
    for row in Mark.history.filter(evaluation=evaluation).select_related("history_user").order_by("history_date", "history_id"):
        rows.setdefault(row.id, []).append(row)
    return rows.values()


def told(rows):
    """A mark's life: given, changed, struck out."""
    before = ""
    for row in rows:
        after = "" if row.history_type == "-" else f"{row.score}: {row.sentence}"
        yield Line(row.history_date, row.history_user, _("Criterion “%(name)s”") % {"name": row.criterion}, before, after)
        before = after
