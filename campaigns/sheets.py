"""What a plan says, ready to be read: section by section, texts and tables, from the record or from what was frozen of it."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.text import capfirst

from campaigns.models import Plan
from campaigns.models.plan_text import Standing


@dataclass(frozen=True)
class Table:
    """Rows of a section, each a list of cells in words under the same headings; columns that nobody filled are left out."""

    heads: list
    rows: list

    @property
    def labelled(self):
        """The rows, each cell with its heading: on a phone a row is a card."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Section:
    """One section that says something."""

    name: str
    label: str
    text: str = ""
    tables: list = field(default_factory=list)
    mark: dict = field(default_factory=dict)


def said_of(said):
    """The sections of a plan, in their order. said: column → what is written (`PlanText.said`)."""
    found = []
    for section, columns in Plan.SECTIONS.items():
        text = "\n\n".join(said[name] for name in columns if isinstance(said.get(name), str))
        tables = [table_of(name, said[name]) for name in columns if isinstance(said.get(name), list)]
        if text or tables:
            found.append(Section(section, capfirst(str(Plan.section_label(section))), text, tables))
    return {"sections": found}


def table_of(name, rows):
    """The rows of one column that is a table."""
    used = [cell for cell in Plan._meta.get_field(name).cells if any(row.get(cell.name) for row in rows)]
    heads = [capfirst(str(cell.label)) for cell in used]
    return Table(heads, [[cell.in_words(row.get(cell.name, "")) for cell in used] for row in rows])


def marked_sections(plan):
    """The sections of a plan as it stands, each with how far it is agreed (`mark`: standing, who, on); those without which
    nobody is asked to agree stand there empty as well."""
    found, there = [], {section.name: section for section in said_of(plan.said())["sections"]}
    for name in (it for it in Plan.SECTIONS if it in there or it in Plan.NEEDED):
        section = there.get(name) or Section(name, capfirst(str(Plan.section_label(name))))
        kept = plan.marks.get(section.name, {})
        standing = plan.standing_of(section.name)
        on = date.fromisoformat(kept["on"]) if kept else None
        mark = {
            "standing": standing.value,
            "word": standing.label,
            "tone": TONES[standing],
            "who": kept.get("who", ""),
            "on": on,
        }
        found.append(replace(section, mark=mark))
    return found


TONES = {Standing.OURS: "ours", Standing.DISCUSSED: "client", Standing.AGREED: "done"}
