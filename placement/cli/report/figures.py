"""`placement report rates` and `placement report people`."""

from pathlib import Path
from typing import Any

import click

from placement.cli.output import json_bytes, lines_bytes, write_answer
from placement.cli.report.asking import DIMENSIONS, asking, question_of, report_session
from placement.db import transaction
from placement.reports.answers import people_answer, rates_answer
from placement.reports.exports import as_csv, as_text, as_xlsx
from placement.reports.masking import CLEAR, MASKED
from placement.reports.operations import list_people
from placement.reports.queries.reports import Report, report_rates
from placement.reports.questions import Status
from placement.reports.sheets import rates_workbook
from placement.reports.tables import Table, people_table, rates_table
from placement.reports.words import KEYS, LABELS

SHOWN = ("label", "registered", "excluded", "denominator", "placed", "rate", "knowledge_rate")


@click.command("rates")
@click.option(
    "--by",
    multiple=True,
    metavar="DIM[+DIM]",
    default=("category",),
    help=f"Group by it; may be repeated, several joined with + are crossed. DIM: {DIMENSIONS}.",
)
@asking
def rates(by: tuple[str, ...], form: str, out: Path | None, **asked: Any) -> None:
    """Report the rates of a class year on a day, as known at a moment."""
    with report_session("report rates"):
        answer = report_rates(question_of(asked, by))
        if form == "json":
            data = json_bytes(rates_answer(answer))
        elif form == "xlsx":
            data = rates_workbook(answer)
        elif form == "csv":
            data = as_csv(rates_table(answer, KEYS), KEYS)
        else:
            shown = as_text(_narrow(rates_table(answer, KEYS), SHOWN), KEYS)
            data = lines_bytes([_headline(answer), *shown])
        write_answer(data, out)


@click.command("people")
@click.option(
    "--is",
    "status",
    type=click.Choice([status.value for status in Status]),
    help="Which of them; without it, all.",
)
@click.option("--unmask", is_flag=True, help="Names and ID numbers in clear; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why in clear; it goes into the audit trail.")
@asking
def people(
    *,
    status: str | None,
    unmask: bool,
    reason: str | None,
    form: str,
    out: Path | None,
    **asked: Any,
) -> None:
    """List the people behind a figure, each with the reason why they count as they do."""
    if unmask and not (reason or "").strip():
        raise click.UsageError("--unmask needs --reason TEXT, which is logged.")
    if reason is not None and not unmask:
        raise click.UsageError("--reason is for --unmask; names are masked without it.")
    with report_session("report people"), transaction():
        found = list_people(
            question_of(asked, ()),
            None if status is None else Status(status),
            viewer=None,
            shown=CLEAR if unmask else MASKED,
            reason=reason,
        )
        table = people_table(found, LABELS if form == "xlsx" else KEYS)
        if form == "json":
            data = json_bytes(people_answer(found))
        elif form == "table":
            data = lines_bytes([*as_text(table, KEYS), f"{found.count:,} people"])
        else:
            data = _file(table, form)
    # Nobody is shown before the audit trail says so.
    write_answer(data, out)


def _headline(answer: Report) -> str:
    question = answer.question
    return (
        f"{answer.rate_name} {question.class_year}, as of {question.as_of}, known at"
        f" {answer.known_at.isoformat(timespec='seconds')}, scheme {question.scheme},"
        f" base {question.base}, basis {question.basis}"
    )


def _narrow(table: Table, columns: tuple[str, ...]) -> Table:
    """The same rows with their kind, their key and these columns: what a terminal has room for."""
    kept = [table.columns.index(name) for name in ("by", "key", *columns)]
    rows = [[row[place] for place in kept] for row in table.rows]
    return Table(table.name, [table.columns[place] for place in kept], rows)


def _file(table: Table, form: str) -> bytes:
    return as_csv(table, KEYS) if form == "csv" else as_xlsx(table, LABELS)
