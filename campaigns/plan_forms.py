"""Writing an advertising plan (DIR3, MGR1): its sections, its tables, its money. Only what was sent counts."""

from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agency.forms import ReviseForm
from briefs.row_inputs import RowsAsked, drawn
from briefs.rows import RowsField
from campaigns.models import Plan, Specification
from campaigns.models.plan_text import Standing

ROWS = tuple(name for name in Plan.TEXT if isinstance(Plan._meta.get_field(name), RowsField))
PROSE = tuple(name for name in Plan.TEXT if name not in ROWS)
OFFERED = 300  # specifications in the list of a field
FIRST = ("objectives", "strategy")  # what nobody is asked to agree without


@dataclass(frozen=True)
class Part:
    """One field of a section; a table has `rows`."""

    name: str
    field: object
    rows: list = field(default_factory=list)


@dataclass(frozen=True)
class Writing:
    """A section as it is written. is_open: shown at once, because it says something, is needed or was refused."""

    number: int
    name: str
    label: str
    parts: list
    is_open: bool


class DeliverablesAsked(RowsAsked):
    """The deliverables: a specification named in a row fills in what the row leaves empty, its size and its media deadline."""

    @property
    def library(self):
        """What the page offers; the library may grow, the list stays short enough to send."""
        return Specification.objects.filter(in_use=True)[:OFFERED]

    def clean(self, value):
        rows = [dict(row) for row in value or []]
        codes = {str(row.get("specification") or "").strip().upper() for row in rows} - {""}
        known = {it.code: it for it in Specification.objects.filter(code__in=codes)} if codes else {}
        if wrong := list(self._unknown(rows, known)):
            raise forms.ValidationError(wrong)
        return super().clean([self._filled_in(row, known) for row in rows])

    def _unknown(self, rows, known):
        told = _("There is no specification “%(code)s” in the library: choose one of the list, or leave the field empty.")
        for number, row in enumerate(rows, 1):
            code = str(row.get("specification") or "").strip()
            if code and code.upper() not in known:
                why = told % {"code": code[:40]}
                yield forms.ValidationError(_("Row %(n)d: %(why)s"), params={"n": number, "why": why})

    def _filled_in(self, row, known):
        specification = known.get(str(row.get("specification") or "").strip().upper())
        if specification is None:
            return row
        size = row.get("size") or specification.in_short
        return {**row, "size": size, "deadline": row.get("deadline") or self._deadline(specification, row.get("appears"))}

    def _deadline(self, specification, appears):
        """The day that the lead time leaves; "" where the appearance is not given, or is no day."""
        try:
            last = specification.deadline_for(date.fromisoformat(str(appears or "").strip()))
        except (ValueError, OverflowError):
            return ""
        return last.isoformat() if last else ""


class PlanForm(ReviseForm):
    class Meta:
        model = Plan
        fields = [*PROSE, *Plan.MONEY]
        widgets = {name: forms.Textarea(attrs={"rows": 9 if name in FIRST else 5}) for name in PROSE}

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.initial |= {name: getattr(self.instance, name) for name in ROWS}
        self.fields |= {name: RowsAsked(Plan._meta.get_field(name)) for name in ROWS}
        self.fields["deliverables"] = DeliverablesAsked(Plan._meta.get_field("deliverables"))
        hidden = self.instance.withheld_from(person)
        if self.instance.client.terms_on().currency == settings.CURRENCY:
            hidden |= {"rate"}
        for name in hidden & self.fields.keys():
            del self.fields[name]
        if self.is_bound:
            self.sent = {name for name in self.fields if self._was_sent(name)}
            self._fill_in()

    def _was_sent(self, name):
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, {}, name) if name in ROWS else name in self.data

    def _fill_in(self):
        """What was not sent stays as it is."""
        self.data = self.data.copy()
        for name in self.fields.keys() - self.sent:
            if name in ROWS:
                self.fields[name].widget.put(self.data, name, self.initial[name])
            else:
                self.data[name] = self.get_initial_for_field(self.fields[name], name)

    def again(self, data):
        return type(self)(data, instance=self.instance, person=self.person)

    def clean_contingency(self):
        return self.cleaned_data["contingency"] or 0

    def clean_labour(self):
        return self.cleaned_data["labour"] or 0

    def write(self, *, by):
        """Keep what was sent; see `Plan.write`."""
        changes = {name: self.cleaned_data[name] for name in self.sent if name != "seen"}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes)

    @property
    def sections(self):
        return [self._section(number, *it) for number, it in enumerate(Plan.SECTIONS.items(), 1)]

    def _section(self, number, name, columns):
        parts = [Part(it, self[it], drawn(self[it]) if it in ROWS else []) for it in columns]
        told = name in FIRST or self.instance.says(name) or any(self[it].errors for it in columns)
        return Writing(number, name, capfirst(str(Plan.section_label(name))), parts, told)

    @property
    def money(self):
        return [self[name] for name in Plan.MONEY if name in self.fields]


class MarkForm(forms.Form):
    """How far a section is agreed with the client."""

    section = forms.ChoiceField(choices=[(name, name) for name in Plan.SECTIONS])
    standing = forms.ChoiceField(
        label=_("How far agreed"), choices=Standing.choices,
        error_messages={"invalid_choice": _("Choose a section and how far it is agreed.")},
    )  # fmt: skip
