"""The rejects workbook: refused rows as they came, with the reason, ready to be corrected."""

import io
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter

from placement.intake.checks import Checked
from placement.intake.columns import REASON_HEADING, find_column, is_reason
from placement.intake.queries import OpenedRow
from placement.intake.spreadsheets import FileColumn, Table
from placement.intake.spreadsheets.cells import guarded
from placement.work.steps import counted

_REASON_WIDTH = 60
_TEXT = "@"
_LONGEST_CELL = 32_767


def reasons_of(
    checked: Checked,
    translate: Callable[[str], str] = str,
    locale: str = "en",
) -> dict[int, str]:
    """Return the reason of each refused row by its place in the table, in one text.

    `translate` turns a message id into the language of `locale`.
    """
    return {
        place: "\n".join(
            dict.fromkeys(
                translate(problem.message_id) % problem.values_in(locale) for problem in problems
            )
        )
        for place, problems in checked.rejected.items()
    }


def write_rejects(table: Table, reasons: Mapping[int, str], locale: str = "zh_Hans_CN") -> bytes:
    """Return a workbook (XLSX) with the rows of `reasons`, which are by place in the table.

    Headings and all columns are those of the file, known or not, every cell a
    text; what a spreadsheet might take for a formula stands behind an
    apostrophe. The last column is the reason; reading leaves it out.
    """
    columns = [column for column in table.columns if not is_reason(column.heading)]
    stored = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stored, options) as book:
        as_text = book.add_format({"num_format": _TEXT})
        wrapped = book.add_format({"text_wrap": True, "num_format": _TEXT})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(columns) - 1, 0), None, as_text)
        sheet.set_column(len(columns), len(columns), _REASON_WIDTH, wrapped)
        for position, column in enumerate(columns):
            sheet.write_string(0, position, guarded(column.heading))
        sheet.write_string(0, len(columns), REASON_HEADING[locale[:2]])
        for row, place in enumerate(counted(sorted(reasons)), start=1):
            for position, column in enumerate(columns):
                text = guarded(column.texts[place])[:_LONGEST_CELL]
                if text:
                    sheet.write_string(row, position, text, as_text)
            sheet.write_string(row, len(columns), reasons[place][:_LONGEST_CELL], wrapped)
    return stored.getvalue()


def table_of_rows(kind: str, file_name: str, rows: Sequence[OpenedRow]) -> Table:
    """Put kept rows of a file together again, each at the place that it has in `rows`.

    All have the headings of the first; rows whose cells are erased are blank.
    """
    headings = next((row.headings for row in rows if row.headings), ())
    blank = [""] * len(headings)
    cells = [row.cells or blank for row in rows]
    return Table(
        kind,
        file_name,
        1,
        [row.row for row in rows],
        tuple(
            FileColumn(
                heading,
                find_column(kind, heading) if heading else None,
                place,
                [row[place] for row in cells],
                frozenset(),
            )
            for place, heading in enumerate(headings)
        ),
    )
