"""Answers that are tables: competitors, objectives, promotions, deliverables. Kept as a list of rows in one column, so that a
brief is one record with one history; every row is looked at before it is kept."""

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
    """One column of such a table. kind: text, money, number or date · needed: a row without it is no row."""

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


CLEAN = {"text": lambda cell, given: given, "money": _money, "number": _number, "date": _date}


class RowsField(models.JSONField):
    """A list of rows, each a dictionary of the cells' names. order: pairs of dates of which the first must not be the later."""

    def __init__(self, *args, cells=(), order=(), **kwargs):
        self.cells, self.order = tuple(cells), tuple(order)
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
        return kept

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
