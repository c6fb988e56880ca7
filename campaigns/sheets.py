"""What a plan says, ready to be read: section by section, texts and tables, from the record or from what was frozen of it."""

from dataclasses import dataclass, field

from django.utils.text import capfirst

from campaigns.models import Plan


@dataclass(frozen=True)
class Table:
    """Rows of a section, each a list of cells in words under the same headings; columns that nobody filled are left out."""

    heads: list
    rows: list


@dataclass(frozen=True)
class Section:
    """One section that says something."""

    name: str
    label: str
    text: str = ""
    tables: list = field(default_factory=list)


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
