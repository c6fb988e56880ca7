"""Answers that are tables: competitors, objectives, promotions, deliverables. Kept as a list of rows in one column, so that a
brief is one record with one history; every row is looked at before it is kept."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

MOST, LONGEST, HIGHEST = 30, 300, Decimal("999999999.99")


@dataclass(frozen=True)
class Cell:
    """One column of such a table. kind: text, money, number, percent, letter, date or listed (the page offers a list of what
    may stand there) · needed: a row without it is no row."""

    name: str
    label: str
    kind: str = "text"
    needed: bool = False

    def clean(self, given):
        """What is typed or stored → the text that is kept ("" for nothing). Raises ValidationError."""
        given = str(given or "").strip()
        if not given:
            return ""
        if len(given) > LONGEST:
            raise ValidationError(_("%(cell)s: at most %(n)d characters.") % {"cell": self.label, "n": LONGEST})
        return CLEAN[self.kind](self, given)

    def in_words(self, kept):
        """What is kept, as it is read: sums with their thousands, days in the reader's words."""
        if kept and self.kind == "money":
            return number_format(Decimal(kept), 2, force_grouping=True)
        return (
            date_format(date.fromisoformat(kept), pgettext("date format", "D j M Y")) if kept and self.kind == "date" else kept
        )


def _money(cell, given):
    try:
        amount = Decimal(given.replace(" ", "").replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= HIGHEST:
        raise ValidationError(_("%(cell)s: an amount such as 12500.00.") % {"cell": cell.label})
    return str(amount.quantize(Decimal("0.01")))


def _number(cell, given):
    if not given.isascii() or not given.isdigit() or int(given) > 99999:
        raise ValidationError(_("%(cell)s: a whole number.") % {"cell": cell.label})
    return str(int(given))


def _date(cell, given):
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise ValidationError(_("%(cell)s: a day such as 2027-03-01.") % {"cell": cell.label}) from None


def _percent(cell, given):
    try:
        share = Decimal(given.rstrip("% ").replace(",", "."))
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not 0 <= share <= 100 or share != round(share, 2):
        raise ValidationError(_("%(cell)s: between 0 and 100.") % {"cell": cell.label})
    return f"{share.normalize():f}"


def _letter(cell, given):
    if not LETTER.fullmatch(given.upper()):
        raise ValidationError(_("%(cell)s: one or two letters, such as A.") % {"cell": cell.label})
    return given.upper()


LETTER = re.compile(r"[A-Z]{1,2}")
CLEAN = {
    "text": lambda cell, given: given, "money": _money, "number": _number, "percent": _percent, "letter": _letter,
    "date": _date, "listed": lambda cell, given: given.upper(),
}  # fmt: skip


class RowsField(models.JSONField):
    """A list of rows, each a dictionary of the cells' names. order: pairs of dates of which the first must not be the later ·
    whole: the percentages that together are at most 100 · distinct: the cell that no two rows share."""

    def __init__(self, *args, cells=(), order=(), whole="", distinct="", **kwargs):
        self.cells, self.order, self.whole, self.distinct = tuple(cells), tuple(order), whole, distinct
        super().__init__(*args, **{"default": list, "blank": True, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def clean_rows(self, given):
        """Rows as typed → rows as kept, the empty ones left out. Raises ValidationError that names row and cell."""
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            raise ValidationError(_("This is no list of rows."))
        if len(given) > MOST:
            raise ValidationError(_("At most %(n)d rows.") % {"n": MOST})
        kept, wrong = [], []
        for number, row in enumerate(given, 1):
            try:
                cleaned = {cell.name: cell.clean(row.get(cell.name)) for cell in self.cells}
                if any(cleaned.values()):
                    kept.append(self._in_order(cleaned))
            except ValidationError as error:
                told = _("Row %(n)d: %(why)s")
                wrong += [ValidationError(told, params={"n": number, "why": why}) for why in error.messages]
        if wrong:
            raise ValidationError(wrong)
        self._as_one(kept)
        return kept

    def _as_one(self, rows):
        """What concerns all rows together."""
        labels = {cell.name: cell.label for cell in self.cells}
        if self.whole and sum(Decimal(row[self.whole] or 0) for row in rows) > 100:
            raise ValidationError(_("%(cell)s: together more than 100 %%.") % {"cell": labels[self.whole]})
        if self.distinct and (twice := {it for it in (row[self.distinct] for row in rows) if self._count(rows, it) > 1}):
            words = {"cell": labels[self.distinct], "it": ", ".join(sorted(twice))}
            raise ValidationError(_("%(cell)s: %(it)s stands in more than one row.") % words)

    def _count(self, rows, value):
        return sum(row[self.distinct] == value for row in rows)

    def _in_order(self, row):
        labels = {cell.name: cell.label for cell in self.cells}
        lacking = [str(cell.label) for cell in self.cells if cell.needed and not row[cell.name]]
        if lacking:
            raise ValidationError(_("%(cells)s is missing.") % {"cells": ", ".join(lacking)})
        for first, last in self.order:
            if row[first] and row[last] and row[last] < row[first]:
                names = {"first": labels[first], "last": labels[last]}
                raise ValidationError(_("“%(last)s” lies before “%(first)s”.") % names)
        return row

    def clean(self, value, instance):
        return super().clean(self.clean_rows(value or []), instance)

    def in_words(self, rows):
        """The rows as lines of text, for paper, comparison and conflicts."""
        lines = []
        for row in rows or []:
            told = [
                f"{capfirst(str(cell.label))}: {cell.in_words(row[cell.name])}" for cell in self.cells if row.get(cell.name)
            ]
            lines.append("; ".join(told))
        return "\n".join(lines)
