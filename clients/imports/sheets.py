"""A file as a table: CSV in whatever code and with whatever separator, or the first sheet of a workbook; within limits."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from agency.exports import FORMULA
from agency.folding import folded
from agency.refusals import Refused
from clients.imports.columns import COLUMNS

MB = 1024 * 1024
MOST_MB, MOST_UNPACKED_MB = 5, 24
MOST_ROWS = 2_000
MOST_COLUMNS = 40
MOST_EMPTY = 1_000  # rows in a row; behind them nothing is looked for
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = ("text/csv", "text/plain", WORKBOOK)
SEPARATORS = (",", ";", "\t")
MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # the first line by which spreadsheets tell the separator


@dataclass
class Line:
    """A row of the file: its number there, its cells by the key of the column, and what is wrong with one before it is read."""

    number: int
    cells: dict
    faults: dict = field(default_factory=dict)


def table_of(arrived):
    """The lines of a file that has arrived (`agency.files.Arrived`). Raises Refused with a sentence."""
    if arrived.media_type not in TABLES:
        raise Refused(_("Send a table: a CSV file or an Excel workbook (XLSX)."))
    if arrived.size > MOST_MB * MB:
        raise Refused(_("The file is larger than %(n)d MB. Send it in parts.") % {"n": MOST_MB})
    rows = workbook(arrived.content) if arrived.media_type == WORKBOOK else text(arrived.content)
    lines = list(read(rows))
    if not lines:
        raise Refused(_("There is no row below the heads of the columns."))
    return lines


def read(rows):
    """Lines out of (number, cells); the first row that is not empty names the columns. Empty rows are left out."""
    heads, found = None, 0
    for number, cells in rows:
        if not any(told for told, _fault in cells):
            continue
        if heads is None:
            heads = columns_of([told for told, _fault in cells])
            continue
        found += 1
        if found > MOST_ROWS:
            raise too_many()
        yield line(number, heads, cells)
    if heads is None:
        raise Refused(_("The file is empty."))


def line(number, heads, cells):
    named = [(key, cell) for key, cell in zip(heads, cells, strict=False) if key]
    it = Line(number, {key: told for key, (told, _fault) in named}, {key: fault for key, (_told, fault) in named if fault})
    if any(told for told, _fault in cells[len(heads) :]):
        it.faults["code"] = _("There is something behind the last column. Is a separator too many in this row?")
    return it


def columns_of(heads):
    """The key of each column. Refused where one is not known, comes twice, or the code is missing."""
    from_head = {head: column.key for column in COLUMNS for head in column.heads}
    keys = [from_head.get(folded_head(head), "") for head in heads]
    if unknown := [head for head, key in zip(heads, keys, strict=True) if head and not key]:
        text = _("The first row must name the columns as the template does. Not known: %(heads)s.")
        raise Refused(text % {"heads": ", ".join(f"“{head[:40]}”" for head in unknown[:5])})
    if twice := next((key for key in keys if key and keys.count(key) > 1), None):
        raise Refused(_("The column “%(head)s” is there twice.") % {"head": heads[keys.index(twice)]})
    if "code" not in keys or not {"client", "contact"} & set(keys):
        raise Refused(_("The columns “Code” and “Client” or “Contact” are needed. Begin with the template."))
    return keys


def folded_head(head):
    return folded(" ".join(head.split()))


def too_many():
    return Refused(_("The file has more than %(n)d rows. Send it in parts.") % {"n": MOST_ROWS})


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────
def text(content):
    """(number, cells) of a CSV file."""
    content.seek(0)
    written = decoded(content.read())
    if "\0" in written:
        raise Refused(_("The file holds signs that no text has (NUL). Save it anew as CSV and send it again."))
    said = SAID.match(written)
    written = written[said.end() :] if said else written
    separator = said[1] if said and said[1] in SEPARATORS else separator_of(written)
    yield from csv_rows(written, separator, 2 if said else 1)


def csv_rows(written, separator, first):
    reader = csv.reader(StringIO(written, newline=""), delimiter=separator, strict=True)
    number = first
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            sentence = _("Row %(n)d cannot be read: look for a quotation mark that is not closed.")
            raise Refused(sentence % {"n": number}) from error
        if cells is None:
            return
        yield number, [cell(told) for told in cells]
        number += 1


def decoded(content):
    """The text in one of the codes in which spreadsheets save: UTF-8, UTF-16 with its mark, else Windows-1252."""
    marked = [code for mark, code in MARKED if content.startswith(mark)]
    for code in marked or ("utf-8", "cp1252"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The letters of the file cannot be read. Save it as “CSV UTF-8” and send it again."))


def separator_of(written):
    """The one that cuts the heads into most columns that we know."""
    first = next((line for line in written.splitlines() if line.strip(' ,;\t"')), "")
    known = {head for column in COLUMNS for head in column.heads}

    def found(separator):
        return sum(folded_head(told.strip().strip('"')) in known for told in first.split(separator))

    return max(SEPARATORS, key=found)


# ── Workbooks ───────────────────────────────────────────────────────────────────────────────────
def workbook(content):
    """(number, cells) of the first sheet. What it is has been looked into; here it is bounded once more before it is read."""
    content.seek(0)
    try:
        refuse_heavy(content)
        book = load_workbook(content, read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a workbook says about its size is not believed
        yield from cells_of(sheet)
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError, OSError,
            EOFError) as error:  # fmt: skip
        raise Refused(_("The workbook cannot be read. Save it anew as XLSX, or as CSV, and send it again.")) from error


def refuse_heavy(content):
    with ZipFile(content) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED_MB * MB:
            raise too_many()
        for part in package.infolist():
            if part.filename.endswith((".xml", ".rels")) and instructs(package.read(part)):
                raise Refused(_("The workbook holds instructions that no table needs. Save it as CSV and send it again."))
    content.seek(0)


def instructs(part):
    """Whether a reader would find declarations to follow in this part, in whatever code they are written."""
    return DECLARED.search(part.replace(b"\0", b"")) is not None


def cells_of(sheet):
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        cells = [of_workbook(it) for it in row]
        empty = 0 if any(told for told, _fault in cells) else empty + 1
        if empty > MOST_EMPTY:
            return
        yield number, cells


def of_workbook(it):
    """(text, what is wrong) of a cell of a workbook."""
    kind, value = getattr(it, "data_type", "n"), it.value
    if value is None:
        return "", ""
    if kind == "f":
        return "=", formula()
    if kind == "e":
        return str(value), _("The spreadsheet itself found a fault here.")
    return cell(as_text(value))


def as_text(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def cell(told):
    """(text, what is wrong) of a cell of text. The apostrophe that a file of ours put before a sign is taken off again."""
    told = told.strip()
    told = told[1:] if told.startswith("'") and FORMULA.match(told[1:]) else told
    return (told, formula()) if told.startswith("=") else (told, "")


def formula():
    return _("This is a formula. Put the value itself in its place.")
