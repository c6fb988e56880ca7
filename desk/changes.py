"""Reading a record's history as changes: from → to, in words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# What the house keeps for itself and nobody would ask after.
SILENT = {"id", "token", "version", "created_at", "created_by", "client", "court_since"}


@dataclass(frozen=True)
class Change:
    """One saved state of a record: the row of its history, and the fields that were different before."""

    row: Any
    fields: list
    is_first: bool


@dataclass(frozen=True)
class Field:
    label: str
    before: str
    after: str


def changes_of(record, rows, person):
    """The rows of one page of a history (newest first) as changes. One query for the row before, one for each kind of name."""
    if not rows:
        return []
    before = record.history.filter(pk__lt=rows[-1].pk).order_by("-pk").first()
    pairs = list(zip(rows, [*rows[1:], before], strict=True))
    silent = SILENT | record.withheld_from(person)
    told = [field for field in record.history.model.tracked_fields if field.name not in silent and can_be_said(field)]
    names = names_in(told, [*rows, *([before] if before else [])], person)
    return [Change(row, differences(told, row, old, names), is_first=old is None) for row, old in pairs]


def can_be_said(field):
    """Whether a person can read it: not what is kept as data without words of its own."""
    return field.get_internal_type() != "JSONField" or hasattr(field, "in_words")


def names_in(fields, rows, person):
    """(field, key) → name of everything these rows point at; a record the person may not see has no name."""
    names = {}
    for field in fields:
        if isinstance(field, ForeignKey):
            keys = {getattr(row, field.attname) for row in rows} - {None}
            model = field.related_model
            there = model.objects.visible_to(person) if hasattr(model.objects, "visible_to") else model.objects
            names.update({(field.name, key): str(found) for key, found in there.in_bulk(keys).items()})
    return names


def differences(fields, row, old, names):
    found = []
    for field in fields:
        after, before = getattr(row, field.attname), getattr(old, field.attname) if old else None
        if after != before and not (old is None and after in ("", None, False, [])):
            found.append(Field(capfirst(str(field.verbose_name)), said(field, before, names), said(field, after, names)))
    return found


def said(field, value, names):
    """A value of a field in words."""
    if value in ("", None):
        return ""
    if isinstance(field, ForeignKey):
        return names.get((field.name, value), _("something you may not see"))
    if hasattr(field, "in_words"):
        return field.in_words(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    kind = field.get_internal_type()
    if kind == "DecimalField":
        return number_format(value, field.decimal_places, force_grouping=True)
    if kind in {"DateField", "DateTimeField"}:
        return date_format(value, "DATE_FORMAT" if kind == "DateField" else "DATETIME_FORMAT")
    return _("yes") if value is True else _("no") if value is False else str(value)
