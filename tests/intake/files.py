"""Files for the tests, built in memory the ways that people build them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from placement.intake.spreadsheets import FileRefusedError, Table, read_table

SAMPLES = Path(__file__).parent / "samples"


def workbook(rows: Iterable[Sequence[object]], *, at: tuple[int, int] = (1, 1)) -> bytes:
    """Make a workbook with `rows` on its first sheet, from row and column `at` on."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row_number, row in enumerate(rows, start=at[0]):
        for column_number, value in enumerate(row, start=at[1]):
            if value is not None:
                sheet.cell(row_number, column_number, value)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def text_file(
    rows: Iterable[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ","
) -> bytes:
    """Make a text file with `rows`."""
    stored = io.StringIO(newline="")
    csv.writer(stored, delimiter=delimiter).writerows(rows)
    return stored.getvalue().encode(encoding)


def table(kind: str, rows: Iterable[Sequence[object]]) -> Table:
    """Read `rows`, headings first, as a workbook of that kind."""
    return read_table(workbook(rows), "file.xlsx", kind)


def outcome(data: bytes, name: str, kind: str = "students") -> str:
    """Read a file and return 'read', or the code of its refusal."""
    try:
        read_table(data, name, kind)
    except FileRefusedError as refusal:
        return refusal.code
    return "read"


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive with `parts` by their names."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stored.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by their names."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
