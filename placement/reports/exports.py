"""Tables as files and as text; what a spreadsheet would take for a formula is kept as text."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from placement.intake.spreadsheets.cells import guarded
from placement.reports.tables import Table, Value
from placement.reports.words import Words
from placement.work.steps import counted

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_WIDEST = 40
_SHEET_NAME = 31


def as_csv(table: Table, words: Words) -> bytes:
    """The table as CSV with a byte-order mark, which spreadsheets need to read Chinese.

    The first line names the columns by `words`; rates have two decimals.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([words.column(name) for name in table.columns])
    writer.writerows([guarded(_text(value)) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, words: Words) -> bytes:
    """The table as a workbook: one sheet of rows, one that says what they are and known when.

    Numbers stay numbers; text is never a formula, a link or a number.
    """
    data = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(data, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {
            int: book.add_format({"num_format": "#,##0"}),
            Decimal: book.add_format({"num_format": "0.00"}),
        }
        sheet = book.add_worksheet(table.name[:_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        headings = [words.column(name) for name in table.columns]
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, guarded(heading), bold)
            sheet.set_column(place, place, _width([heading, *_column(table, place)]))
        for number, row in enumerate(counted(table.rows), start=1):
            _write_row(sheet, number, row, formats)
        about = book.add_worksheet(words.column("source")[:_SHEET_NAME])
        about.set_column(0, 1, _WIDEST)
        for number, (name, value) in enumerate(table.source):
            about.write_string(number, 0, guarded(words.column(name)), bold)
            about.write_string(number, 1, guarded(_text(value)))
    return data.getvalue()


def as_text(table: Table, words: Words) -> Iterator[str]:
    """The table as lines for a terminal, columns aligned, numbers to the right."""
    texts = [[words.column(name) for name in table.columns]]
    texts += [["-" if value is None else _text(value) for value in row] for row in table.rows]
    widths = [max(columns_of(row[place]) for row in texts) for place in range(len(texts[0]))]
    first = table.rows[0] if table.rows else []
    right = [isinstance(value, int | Decimal) for value in first]
    for row in texts:
        cells = [
            _padded(text, width, to_right=place < len(right) and right[place])
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _write_row(sheet: Any, number: int, row: Sequence[Value], formats: dict[type, Any]) -> None:
    for place, value in enumerate(row):
        if isinstance(value, int | Decimal):
            sheet.write_number(number, place, value, formats[type(value)])
        elif value is not None:
            sheet.write_string(number, place, guarded(value))


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def _column(table: Table, place: int) -> list[str]:
    return [_text(row[place]) for row in table.rows]


def _width(texts: list[str]) -> int:
    return min(_WIDEST, max(columns_of(text) for text in texts) + 2)


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int, *, to_right: bool) -> str:
    space = " " * (width - columns_of(text))
    return space + text if to_right else text + space
