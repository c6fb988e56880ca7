"""Answers that are tables, as they are typed: `competitors-0-name`, `competitors-0-spend`, `competitors-1-name` …"""

import re

from django import forms
from django.utils.text import capfirst

SPARE = 2  # empty rows at the end, so that one can go on without a script
INPUTS = {
    "text": {"type": "text"},
    "money": {"type": "text", "inputmode": "decimal"},
    "number": {"type": "text", "inputmode": "numeric"},
    "percent": {"type": "text", "inputmode": "decimal"},
    "letter": {"type": "text", "maxlength": "2"},
    "date": {"type": "date"},
    "listed": {"type": "text", "autocomplete": "off"},
}


class RowsInput(forms.Widget):
    """Reads the rows of one answer; they are drawn by `briefs/_rows_asked.html`."""

    def __init__(self, cells):
        super().__init__()
        self.cells = [cell.name for cell in cells]

    def value_from_datadict(self, data, files, name):
        typed, pattern = {}, self._pattern(name)
        for key in data:
            if found := pattern.fullmatch(key):
                typed.setdefault(int(found[1]), {})[found[2]] = data.get(key)
        return [typed[number] for number in sorted(typed)]

    def value_omitted_from_data(self, data, files, name):
        pattern = self._pattern(name)
        return not any(pattern.fullmatch(key) for key in data)

    def put(self, data, name, rows):
        """Lay kept rows among what was sent, as if they had been typed."""
        for number, row in enumerate(rows):
            data.update({f"{name}-{number}-{cell}": row.get(cell, "") for cell in self.cells})

    def _pattern(self, name):
        return re.compile(rf"{name}-(\d{{1,4}})-({'|'.join(self.cells)})")


class RowsAsked(forms.Field):
    """The form field of a `RowsField`: every row is looked at, and told of by its number."""

    def __init__(self, column):
        self.column = column
        super().__init__(
            required=False, label=capfirst(str(column.verbose_name)), help_text=column.help_text, widget=RowsInput(column.cells)
        )

    def clean(self, value):
        return self.column.clean_rows(value or [])

    def has_changed(self, initial, data):
        return (initial or []) != (data or [])


def drawn(field):
    """The rows of a bound field for the page: those typed or kept, then the spare ones; each with its cells and faults."""
    rows = [*(field.value() or []), *({} for _spare in range(SPARE))]
    faults = faults_by_row(field)
    return [
        {"number": number + 1, "cells": _cells(field, number, row), "faults": faults.get(number + 1, [])}
        for number, row in enumerate(rows)
    ]


def faults_by_row(field):
    """What is wrong with a row → its number (from 1); what concerns all of them stands under 0."""
    found = {}
    for fault in field.errors.as_data():
        number = (fault.params or {}).get("n", 0) if "%(why)s" in str(fault.message) else 0
        found.setdefault(number, []).append(str((fault.params or {}).get("why", "")) if number else fault.messages[0])
    return found


def _cells(field, number, row):
    name = field.html_name
    return [
        {
            "name": f"{name}-{number}-{cell.name}", "id": f"id_{name}-{number}-{cell.name}", "label": cell.label,
            "value": row.get(cell.name) or "", "kind": cell.kind,
            "attributes": INPUTS[cell.kind] | ({"list": f"list-{cell.name}"} if cell.kind == "listed" else {}),
        }
        for cell in field.field.column.cells
    ]  # fmt: skip
