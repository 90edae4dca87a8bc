"""`placement report …`: rates and the people behind them."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click

from placement import clock
from placement.accounts.queries import university_by_code
from placement.cli.output import echo_json, note
from placement.cli.session import command_session
from placement.db import transaction
from placement.errors import InvalidValueError
from placement.reports.answers import people_answer, rates_answer
from placement.reports.dimensions import Dimension, read_crossing
from placement.reports.exports import as_csv, as_xlsx, people_table, rates_table
from placement.reports.masking import CLEAR, MASKED
from placement.reports.operations import list_people
from placement.reports.queries.reports import Report, report_rates
from placement.reports.questions import (
    Base,
    Basis,
    Question,
    Status,
    ask,
    condition,
    read_conditions,
)

FORMATS = ("table", "json", "csv", "xlsx")


def _question_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--class-year", required=True, type=int),
            click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"])),
            click.option("--known-at", help="ISO moment; without it the newest closed one."),
            click.option("--scheme", type=click.Choice(["2021", "2024"])),
            click.option(
                "--base", type=click.Choice([base.value for base in Base]), default="counted"
            ),
            click.option(
                "--basis", type=click.Choice([basis.value for basis in Basis]), default="verified"
            ),
            click.option("--where", multiple=True, metavar="DIM=KEY", help="Repeated: and."),
            click.option("--university", help="Only this university's code."),
            click.option("--format", "form", type=click.Choice(FORMATS), default="table"),
            click.option("--out", type=click.Path(dir_okay=False, path_type=Path)),
        )
    ):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Answer with rates, and with the people behind them."""


@report.command("rates")
@click.option("--by", multiple=True, metavar="DIM[+DIM]", help="Group by; may be repeated.")
@_question_options
def rates(by: tuple[str, ...], form: str, out: Path | None, **asked: Any) -> None:
    """Report the rate of a class year as of a day, as known at a moment."""
    with command_session("report rates"):
        answer = report_rates(_ask(asked, by))
        rows = rates_table(answer)
    if form == "json":
        _write_json(rates_answer(answer), out)
    elif form == "table":
        _print_table(answer)
    else:
        _write_file(as_csv(rows) if form == "csv" else as_xlsx(rows, "rates"), out)


@report.command("people")
@click.option(
    "--is",
    "status",
    type=click.Choice([status.value for status in Status]),
    help="Which of the people behind it.",
)
@click.option("--unmask", is_flag=True, help="Names and ID numbers in clear; needs --reason.")
@click.option("--reason", help="Why; it is written into the audit trail.")
@_question_options
def people(
    status: str | None,
    unmask: bool,  # noqa: FBT001 - click passes it by name
    reason: str | None,
    form: str,
    out: Path | None,
    **asked: Any,
) -> None:
    """List the people behind a figure, each with the reason why counted so."""
    if unmask and not (reason or "").strip():
        raise InvalidValueError("Names in clear need a reason.", remedy="Give --reason.")
    with command_session("report people"), transaction():
        found = list_people(
            _ask(asked, ()),
            Status(status) if status else None,
            viewer=None,
            shown=CLEAR if unmask else MASKED,
            reason=reason if unmask else None,
        )
        rows = people_table(found)
        answer = people_answer(found)
    if form == "json":
        _write_json(answer, out)
    elif form == "table":
        for row in rows[1:]:
            click.echo("  ".join("" if value is None else str(value) for value in row))
        note(f"{found.count:,} people")
    else:
        _write_file(as_csv(rows) if form == "csv" else as_xlsx(rows, "people"), out)


def _ask(asked: dict[str, Any], by: tuple[str, ...]) -> Question:
    where = [item for text in asked["where"] for item in read_conditions(text)]
    if asked["university"]:
        code = university_by_code(asked["university"]).code
        where.append(condition(Dimension.UNIVERSITY, code))
    return ask(
        asked["class_year"],
        asked["as_of"].date(),
        known_at=_moment(asked["known_at"]),
        scheme=asked["scheme"],
        base=Base(asked["base"]),
        basis=Basis(asked["basis"]),
        by=[read_crossing(text) for text in by],
        where=where,
    )


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return clock.read_moment(text)
    except ValueError as error:
        raise InvalidValueError(
            f"{text!r} is no moment.", remedy="Give it as 2016-12-31T23:59:59."
        ) from error


def _print_table(answer: Report) -> None:
    question = answer.question
    click.echo(
        f"{answer.rate_name} {question.class_year}, as of {question.as_of}, known at"
        f" {answer.known_at.isoformat()}, scheme {question.scheme}, {question.base.value},"
        f" {question.basis.value}"
    )
    for row in rates_table(answer)[9:]:
        click.echo("  ".join("-" if value is None else str(value) for value in row))


def _write_json(answer: dict[str, Any], out: Path | None) -> None:
    if out is None:
        echo_json(answer)
    else:
        _write_file(json.dumps(answer, ensure_ascii=False).encode(), out)


def _write_file(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        out.touch(mode=0o600)
        out.write_bytes(data)
    except OSError as error:
        raise InvalidValueError(f"{out} cannot be written: {error.strerror}.") from error
    note(f"Written to {out}.")


commands: list[click.Command] = [report]
