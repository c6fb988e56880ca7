"""A list as a file: CSV for every program, XLSX for Excel. No cell of either is ever run as a formula."""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# What XML cannot hold; a workbook with one of these would not open.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet takes for a formula, behind whatever blanks and invisible signs a spreadsheet overlooks.
FORMULA = re.compile("[\t\r\n]|[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]")
FORMATS = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "money": "#,##0.00", "number": "0"}
WIDTHS = {"date": 12, "moment": 18, "money": 16, "number": 12}
NARROW, WIDE = 22, 44


def plain(value):
    """A cell as a file holds it: numbers and dates as they are, an instant in the person's zone, text made harmless."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value if value is None or isinstance(value, date | int | Decimal) else harmless(str(value))


def harmless(text):
    """The text without what no file can hold; what would be run as a formula begins with an apostrophe."""
    text = UNWRITABLE.sub("", text)
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(columns, rows, name):
    """Bytes of RFC 4180 in UTF-8; the mark in front tells Excel so. Dates and instants are ISO."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(column.label) for column in columns])
    for row in rows:
        writer.writerow([cell.isoformat(" ") if isinstance(cell, datetime) else cell for cell in map(plain, row)])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(columns, rows, name):
    """Bytes of a workbook of one sheet: its head bold and always in view, dates as dates, numbers as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        width = WIDTHS.get(column.kind, WIDE if column.what else NARROW)
        sheet.column_dimensions[get_column_letter(number)].width = max(width, len(str(column.label)) + 2)
    sheet.append([_bold(sheet, str(column.label)) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, column, value) for column, value in zip(columns, row, strict=False)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet, text):
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet, column, value):
    cell = WriteOnlyCell(sheet, plain(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # openpyxl would read "#N/A" as a fault and "=1" as a formula
    elif column.kind in FORMATS:
        cell.number_format = FORMATS[column.kind]
    return cell


WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def attachment(form, columns, rows, name, file_name):
    """The answer that saves `rows` (lists of cells) as a file. name: of the sheet; file_name: without its ending."""
    write, kind = WRITERS[form]
    answer = HttpResponse(write(columns, rows, name), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{file_name}.{form}"'
    return answer
