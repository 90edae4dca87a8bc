"""A report as a workbook for people: sheets with a title, the question, headings and notes.

Numbers stay numbers; text is never a formula, a link or a number.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter

from placement.intake.spreadsheets.cells import guarded
from placement.reports.exports import columns_of
from placement.reports.tables import Value
from placement.work.steps import counted

_WIDEST = 40
_NARROWEST = 9
_SHEET_NAME = 31
_HEADINGS_AT = 4
"""The row of the headings, counted from 0: title, sentence and question stand above it."""
_INK, _QUIET, _TINT = "#1b2a2f", "#5b6b70", "#e6f1f2"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their headings; the first `totals` of them are sums, set apart."""

    name: str
    headings: list[str]
    rows: list[list[Value]]
    totals: int = 0
    notes: list[str] = field(default_factory=list)


def as_workbook(sheets: Sequence[Sheet], *, title: str, sentence: str, asked: str) -> bytes:
    """The sheets as one workbook, each with the title, what was answered and what was asked.

    Printed, a sheet is landscape and one page wide; the headings come again on every page, the
    question and the page's number stand at the foot.
    """
    data = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(data, options) as book:
        formats = _formats(book)
        for number, content in enumerate(sheets, start=1):
            sheet = book.add_worksheet(_sheet_name(content.name, number, book))
            sheet.write_string(0, 0, guarded(title), formats["title"])
            sheet.write_string(1, 0, guarded(sentence), formats["sentence"])
            sheet.write_string(2, 0, guarded(asked), formats["quiet"])
            _write_table(sheet, content, formats)
            _prepare_print(sheet, asked)
    return data.getvalue()


def _sheet_name(name: str, number: int, book: Any) -> str:
    """A name that a workbook takes: short, without its signs of reference, and its own."""
    short = "".join(" " if char in "[]:*?/\\" else char for char in name)[:_SHEET_NAME]
    if book.get_worksheet_by_name(short) is None:
        return short
    return f"{short[: _SHEET_NAME - 3]} {number}"


def _formats(book: Any) -> dict[str, Any]:
    def style(**values: Any) -> Any:
        return book.add_format({"font_color": _INK, "valign": "vcenter", **values})

    total = {"bold": True, "top": 1, "bottom": 1, "bg_color": _TINT}
    heading = {"bold": True, "bottom": 2, "bg_color": _TINT, "text_wrap": True}
    return {
        "title": style(bold=True, font_size=16),
        "sentence": style(font_size=12),
        "quiet": style(font_color=_QUIET),
        "heading": style(**heading),
        "heading_number": style(**heading, align="right"),
        "str": style(),
        "int": style(num_format="#,##0"),
        "Decimal": style(num_format="0.00"),
        "total_str": style(**total),
        "total_int": style(**total, num_format="#,##0"),
        "total_Decimal": style(**total, num_format="0.00"),
    }


def _write_table(sheet: Any, content: Sheet, formats: dict[str, Any]) -> None:
    numeric = [_is_number(content.rows, place) for place in range(len(content.headings))]
    sheet.set_row(_HEADINGS_AT, 32)
    for place, heading in enumerate(content.headings):
        style = formats["heading_number" if numeric[place] else "heading"]
        sheet.write_string(_HEADINGS_AT, place, guarded(heading), style)
        sheet.set_column(place, place, _width(content, place, numeric=numeric[place]))
    for number, row in enumerate(counted(content.rows)):
        prefix = "total_" if number < content.totals else ""
        for place, value in enumerate(row):
            _write_cell(sheet, (_HEADINGS_AT + 1 + number, place), value, prefix, formats)
    last = _HEADINGS_AT + len(content.rows)
    if len(content.rows) > content.totals + 1:
        sheet.autofilter(_HEADINGS_AT, 0, last, len(content.headings) - 1)
    sheet.freeze_panes(_HEADINGS_AT + 1, min(2, len(content.headings) - 1))
    for number, line in enumerate(content.notes):
        sheet.write_string(last + 2 + number, 0, guarded(line), formats["quiet"])


def _write_cell(
    sheet: Any, at: tuple[int, int], value: Value, prefix: str, formats: dict[str, Any]
) -> None:
    if isinstance(value, int | Decimal):
        sheet.write_number(*at, value, formats[f"{prefix}{type(value).__name__}"])
    elif value:
        sheet.write_string(*at, guarded(value), formats[f"{prefix}str"])
    else:
        sheet.write_blank(*at, None, formats[f"{prefix}str"])


def _prepare_print(sheet: Any, asked: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADINGS_AT)
    # An ampersand begins a code of the footer.
    sheet.set_footer(f"&L{asked.replace('&', '&&')}&R&P / &N"[:255])


def _is_number(rows: Sequence[Sequence[Value]], place: int) -> bool:
    values = [row[place] for row in rows if row[place] is not None]
    return bool(values) and all(isinstance(value, int | Decimal) for value in values)


def _width(content: Sheet, place: int, *, numeric: bool) -> int:
    texts = [str(row[place]) for row in content.rows if row[place] is not None]
    widest = max((columns_of(text) for text in texts), default=0)
    heading = columns_of(content.headings[place])
    needed = max(widest + 2, heading // 2 + 3 if numeric else heading + 2)
    return min(_WIDEST, max(_NARROWEST, needed))
