"""Two wordings of a plan side by side, section by section, and the client view of their estimates line by line (DIR3)."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.client_view import ClientView, client_view, thawed
from campaigns.models import Plan
from campaigns.sheets import Section, said_of


@dataclass(frozen=True)
class Side:
    """One of the two: its name, the sections by their names, the client view."""

    label: str
    sections: dict
    view: ClientView

    @classmethod
    def of(cls, edition):
        label = _("%(n)s of %(day)s") % {"n": edition.reference, "day": f"{edition.created_at:%Y-%m-%d}"}
        return cls(label, _by_name(edition.content["text"]), thawed(edition.content))

    @classmethod
    def now(cls, plan):
        return cls(str(_("As written now")), _by_name(plan.said()), client_view(plan))


def _by_name(said):
    return {it.name: it for it in said_of(said)["sections"]}


@dataclass(frozen=True)
class Pair:
    """The same section, or the same line, on both sides; None where a side has none."""

    label: str
    first: object
    second: object

    @property
    def both(self):
        return self.first, self.second

    @property
    def differs(self):
        return self.first != self.second


def compared(first, second):
    """{"sections": pairs, "lines": pairs by name and kind, "sums": pairs}: everything that a page lays side by side."""
    names = [name for name in Plan.SECTIONS if name in first.sections or name in second.sections]
    sections = [_sections(name, first.sections.get(name), second.sections.get(name)) for name in names]
    return {"sections": sections, "lines": list(_lines(first.view, second.view)), "sums": list(_sums(first.view, second.view))}


def _sections(name, first, second):
    nothing = Section(name, capfirst(str(Plan.section_label(name))))
    return Pair(nothing.label, first or nothing, second or nothing)


def _lines(first, second):
    there = {(line.kind, line.name): line for line in second.lines}
    for line in first.lines:
        other = there.pop((line.kind, line.name), None)
        yield Pair(line.name, line.amount, other and other.amount)
    for line in there.values():
        yield Pair(line.name, None, line.amount)


def _sums(first, second):
    yield Pair(_("Contingency"), first.contingency, second.contingency)
    yield Pair(_("Total before tax"), first.net, second.net)
    yield Pair(_("Total with tax"), first.total, second.total)
