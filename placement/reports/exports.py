"""Reports as files: the same rows as on the screen, with source and moment in the file.

Text that a spreadsheet would take for a formula is kept as text (OWASP ASVS 5.0, 1.2.10).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from placement.reference import destinations
from placement.reports.answers import rate_text
from placement.reports.dimensions import crossing_name
from placement.reports.queries.people import PeopleList
from placement.reports.queries.reports import Report
from placement.reports.rates import Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
HEADINGS = (
    "by",
    "key",
    "label",
    "registered",
    "excluded",
    "denominator",
    "placed",
    "rate",
    "known",
    "knowledge_rate",
    *destinations.PARTS,
)
PEOPLE_HEADINGS = (
    "student_number",
    "university",
    "name",
    "id_number",
    "standing",
    "code",
    "part",
    "effective_on",
    "reason",
)


def rates_table(report: Report) -> list[list[Any]]:
    """The report as rows: what it was asked, the headings, the total, then each crossing."""
    rows = [*_source(report), list(HEADINGS), _row("total", report.total)]
    for crossing, lines in report.by.items():
        rows += [_row(crossing_name(crossing), line) for line in lines]
    for standing, count in report.exclusions.items():
        rows.append(["exclusion", standing, "", count])
    return rows


def people_table(found: PeopleList) -> list[list[Any]]:
    """The people behind a figure as rows under their headings."""
    rows: list[list[Any]] = [["known_at", found.reading.known_at.isoformat()]]
    rows.append(list(PEOPLE_HEADINGS))
    rows += [[getattr(person, name) for name in PEOPLE_HEADINGS] for person in found.people]
    return rows


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV with a byte-order mark, which spreadsheets need to read Chinese."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """Rows as a workbook; numbers stay numbers, text is never a formula or a link."""
    data = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(data, options) as workbook:
        sheet = workbook.add_worksheet(title[:31])
        sheet.set_column(0, 2, 18)
        sheet.set_column(3, len(HEADINGS), 13)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, place, value)
                elif value is not None:
                    sheet.write_string(number, place, str(value))
    return data.getvalue()


def _source(report: Report) -> list[list[Any]]:
    question = report.question
    asked = {
        "rate_name": report.rate_name,
        "class_year": question.class_year,
        "as_of": question.as_of.isoformat(),
        "known_at": report.known_at.isoformat(),
        "scheme": question.scheme,
        "base": question.base.value,
        "basis": question.basis.value,
        "where": " ".join(f"{c.dimension.value}={c.key}" for c in question.where),
        "backdated": report.backdated,
    }
    return [[name, value] for name, value in asked.items()]


def _row(by: str, row: Row) -> list[Any]:
    return [
        by,
        row.key,
        row.label,
        row.registered,
        row.excluded,
        row.denominator,
        row.placed,
        rate_text(row.rate),
        row.known,
        rate_text(row.knowledge_rate),
        *(row.parts[part] for part in destinations.PARTS),
    ]


def _guarded(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip().startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
