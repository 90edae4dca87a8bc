"""Plain XLSX and CSV files of text columns, written as fast as a zip file can be.

Every cell is text, so that no spreadsheet takes an ID number for a quantity. XlsxWriter, which
can do far more, takes twelve times as long for the students' file.
"""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    ),
}

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_workbook(path: Path, rows: Iterable[Sequence[str]]) -> int:
    """Write rows of texts as the one sheet of an XLSX file; return how many rows there were.

    The same rows make the same bytes on any day. A row has at most 26 cells.
    """
    strings: dict[str, int] = {}
    lines: list[str] = []
    for number, row in enumerate(rows, start=1):
        pattern = _row_pattern(len(row)).replace("#", str(number))
        lines.append(pattern % tuple([strings.setdefault(v, len(strings)) for v in row]))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _PARTS.items():
            _add(package, name, text)
        _add(
            package,
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
        )
        items = "".join([f"<si><t>{escape(text)}</t></si>" for text in strings])
        _add(package, "xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')
    return len(lines)


@cache
def _row_pattern(width: int) -> str:
    """Return a row of so many cells, '#' for its number: readers are quick where cells say it."""
    letters = [chr(ord("A") + place) for place in range(width)]
    cells = "".join(f'<c r="{letter}#" t="s"><v>%d</v></c>' for letter in letters)
    return f'<row r="#">{cells}</row>'


def _add(package: zipfile.ZipFile, name: str, text: str) -> None:
    part = zipfile.ZipInfo(name, _EPOCH)
    part.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(part, _HEAD + text)


def write_delimited(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> int:
    """Write rows of texts as CSV; return how many rows there were."""
    found = list(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(found)
    return len(found)
