"""Text files (CSV): UTF-8 with or without a mark, GB18030; comma, semicolon or tab."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator

from placement.intake.columns import find_column
from placement.intake.spreadsheets.cells import clean_texts
from placement.intake.spreadsheets.limits import Limits
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import (
    HEADING_ROWS,
    Table,
    build_table,
    find_heading_row,
)

_DELIMITERS = (",", "\t", ";")
_LONGEST_CELL = 1_000_000
_HEAD_CHARACTERS = 100_000


def read_delimited(data: bytes, file_name: str, kind: str, limits: Limits) -> Table:
    """Read a text file from the first row that holds known headings.

    Raises FileRefusedError for what is no text, has no headings or is too large.
    """
    records = _read_records(_decode(data), kind, limits.rows_csv + HEADING_ROWS + 1)
    heading = find_heading_row(kind, records)
    headings = [cell.strip() for cell in records[heading]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > limits.columns:
        raise FileRefusedError("too_many_columns", limit=limits.columns)
    columns = _transpose(records[heading + 1 :], len(headings))
    rows = range(heading + 2, len(records) + 1)
    del records
    table = build_table(
        kind,
        file_name,
        headings,
        [(clean_texts(cells), frozenset()) for cells in columns],
        heading_row=heading + 1,
        rows=rows,
    )
    if len(table) > limits.rows_csv:
        raise FileRefusedError("too_many_rows", limit=limits.rows_csv)
    return table


def _read_records(text: str, kind: str, most: int) -> list[list[str]]:
    try:
        csv.field_size_limit(_LONGEST_CELL)
        delimiter = _find_delimiter(text, kind)
        return list(itertools.islice(_records(text, delimiter), most))
    except csv.Error as error:
        raise FileRefusedError("not_a_spreadsheet") from error


def _decode(data: bytes) -> str:
    if b"\x00" in data:
        raise FileRefusedError("not_a_spreadsheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError("not_a_spreadsheet")


def _find_delimiter(text: str, kind: str) -> str:
    """Return the delimiter with which the top of the file shows most known headings."""
    head = text[:_HEAD_CHARACTERS]

    def known(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        rows = itertools.islice(reader, HEADING_ROWS)
        return max((sum(bool(find_column(kind, cell)) for cell in row) for row in rows), default=0)

    return max(_DELIMITERS, key=known)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the records; a file with a stray quotation mark is read line by line.

    One mark that is not closed would swallow every row up to the next one.
    """
    source = io.StringIO(text, newline="")
    if _has_stray_quote(text, delimiter):
        return (_one_line(line, delimiter) for line in source)
    return csv.reader(source, delimiter=delimiter)


def _has_stray_quote(text: str, delimiter: str) -> bool:
    marks = text.count('"')
    if marks == 0:
        return False
    if marks % 2:
        return True
    width = 0
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        width = max(width, len(record))
        if any("\n" in cell and cell.count(delimiter) >= max(width - 2, 1) for cell in record):
            return True
    return False


def _one_line(line: str, delimiter: str) -> list[str]:
    line = line.rstrip("\r\n")
    if line.count('"') % 2:
        return [cell.strip('"') for cell in line.split(delimiter)]
    return next(csv.reader([line], delimiter=delimiter), [])


def _transpose(records: Iterable[list[str]], width: int) -> list[tuple[str, ...]]:
    cut = [
        record if len(record) == width else (record + [""] * width)[:width] for record in records
    ]
    return list(zip(*cut, strict=True)) if cut else [()] * width
