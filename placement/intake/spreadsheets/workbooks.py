"""Workbooks (XLSX): the first sheet as a table."""

import io

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from placement.intake.spreadsheets.archives import check_archive
from placement.intake.spreadsheets.cells import clean_texts, mixed_texts
from placement.intake.spreadsheets.limits import Limits
from placement.intake.spreadsheets.refusals import FileRefusedError
from placement.intake.spreadsheets.table import Table, build_table, find_heading_row


def read_workbook(data: bytes, file_name: str, kind: str, limits: Limits) -> Table:
    """Read the first sheet of a workbook from the first row that holds known headings.

    Raises FileRefusedError for what is no workbook, unsafe or too large.
    """
    check_archive(data, limits)
    rows, top, left = _first_sheet(data)
    heading = find_heading_row(kind, rows)
    body = rows[heading + 1 :]
    headings = ["" if cell is None else str(cell).strip() for cell in rows[heading]]
    columns = (
        [_column(cells) for cells in zip(*body, strict=True)]
        if body
        else [([], frozenset[int]())] * len(headings)
    )
    table = build_table(
        kind,
        file_name,
        headings,
        columns,
        heading_row=top + heading + 1,
        rows=range(top + heading + 2, top + len(rows) + 1),
        first_position=left,
    )
    if len(table) > limits.rows_xlsx:
        raise FileRefusedError("too_many_rows", limit=limits.rows_xlsx)
    return table


def _first_sheet(data: bytes) -> tuple[list[list[object]], int, int]:
    """Return the cells of the first sheet, and how many rows and columns lie before them."""
    try:
        sheet = _open(data)
        start = sheet.start or (0, 0)
        rows: list[list[object]] = sheet.to_python(skip_empty_area=True)  # type: ignore[assignment] # cells of any type
    except (CalamineError, ValueError, OSError) as error:
        raise FileRefusedError("not_a_spreadsheet") from error
    if not rows:
        raise FileRefusedError("no_headings")
    return rows, start[0], start[1]


def _open(data: bytes) -> CalamineSheet:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for place, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet:
            return workbook.get_sheet_by_index(place)
    raise FileRefusedError("not_a_spreadsheet")


def _column(cells: tuple[object, ...]) -> tuple[list[str], frozenset[int]]:
    if set(map(type, cells)) == {str}:
        return clean_texts(cells), frozenset()  # type: ignore[arg-type] # all are texts
    return mixed_texts(cells)
