"""Blank workbooks: the headings of each kind of file, and what goes below them."""

import io

import xlsxwriter

from placement.intake.columns import Column, columns_of

_TEXT = "@"
_WIDTH = 18
_NEEDS = {
    "zh": {
        "yes": "必填",
        "person": "学号、身份证号至少填一项",
        "university": "上传时未指定院校的必填",
        "": "",
    },
    "en": {
        "yes": "needed",
        "person": "a student number or an ID number",
        "university": "needed unless the university is given with the file",
        "": "",
    },
}
_SHEETS = {
    "zh": ("数据", "说明", ("列", "要求", "也可写作")),
    "en": ("Rows", "Notes", ("Column", "Need", "Also known as")),
}


def write_blank(kind: str, locale: str = "zh_Hans_CN") -> bytes:
    """Return a workbook (XLSX) with the headings of a kind of file, every column a text.

    Needed columns are bold. Its second sheet, which is not read, says what each column needs and
    by which other headings it is known.
    """
    language = "zh" if locale.startswith("zh") else "en"
    columns = list(columns_of(kind).values())
    first, second, heads = _SHEETS[language]
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        as_text = book.add_format({"num_format": _TEXT})
        plain = book.add_format({"num_format": _TEXT, "bottom": 1})
        bold = book.add_format({"num_format": _TEXT, "bottom": 1, "bold": True})
        rows = book.add_worksheet(first)
        rows.freeze_panes(1, 0)
        rows.set_column(0, len(columns) - 1, _WIDTH, as_text)
        for place, column in enumerate(columns):
            rows.write_string(0, place, _name(column, language), bold if column.needed else plain)
        notes = book.add_worksheet(second)
        notes.set_column(0, 0, _WIDTH)
        notes.set_column(1, 2, 2 * _WIDTH)
        for place, head in enumerate(heads):
            notes.write_string(0, place, head, bold)
        for row, column in enumerate(columns, start=1):
            notes.write_string(row, 0, _name(column, language))
            notes.write_string(row, 1, _NEEDS[language][column.needed])
            notes.write_string(row, 2, " ".join(column.headings[:6]))
    return stored.getvalue()


def _name(column: Column, language: str) -> str:
    return column.zh if language == "zh" else column.en
