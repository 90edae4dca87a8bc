"""`placement report …`: rates and the people behind them."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from placement import clock
from placement.cli.comparing import compare
from placement.cli.output import json_bytes, lines_bytes, write_answer
from placement.cli.session import command_session
from placement.db import transaction
from placement.errors import InvalidValueError
from placement.reference import destinations
from placement.reports.answers import people_answer, rates_answer
from placement.reports.dimensions import Dimension, read_crossing
from placement.reports.exports import as_csv, as_text, as_xlsx
from placement.reports.masking import CLEAR, MASKED
from placement.reports.operations import list_people
from placement.reports.queries.reports import Report, report_rates
from placement.reports.questions import (
    Base,
    Basis,
    Condition,
    Question,
    Status,
    ask,
    condition,
    read_conditions,
)
from placement.reports.tables import Table, people_table, rates_table
from placement.reports.words import KEYS, LABELS

Command = Callable[..., None]
DIMENSIONS = ", ".join(Dimension)
SHOWN = ("label", "registered", "excluded", "denominator", "placed", "rate", "knowledge_rate")
OPTIONS = (
    click.option("--class-year", required=True, type=int, help="The year of graduation."),
    click.option(
        "--as-of",
        required=True,
        type=click.DateTime(["%Y-%m-%d"]),
        help="The day, such as 2016-12-31: the last outcome that holds on it decides.",
    ),
    click.option(
        "--known-at",
        metavar="ISO",
        help="Only what was recorded by this moment; without it, by the newest closed one.",
    ),
    click.option(
        "--scheme",
        type=click.Choice(destinations.SCHEMES),
        help="Which codes make which part; without it, by the class year.",
    ),
    click.option(
        "--base",
        type=click.Choice([base.value for base in Base]),
        default=Base.COUNTED.value,
        show_default=True,
        help="The denominator: everyone registered, or less the standings left out.",
    ),
    click.option(
        "--basis",
        type=click.Choice([basis.value for basis in Basis]),
        default=Basis.VERIFIED.value,
        show_default=True,
        help="Which outcomes count: verified ones, or all that are not rejected.",
    ),
    click.option(
        "--where",
        multiple=True,
        metavar="DIM=KEY",
        help="Only these people; repeated means 'and'. Keys are those of the rows.",
    ),
    click.option("--university", metavar="CODE", help="Only this university."),
    click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", "xlsx"]),
        default="table",
        show_default=True,
        help="How to answer.",
    ),
    click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the answer to this file.",
    ),
)


def _asking(command: Command) -> Command:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Answer with rates, and with the people behind them."""


@report.command("rates")
@click.option(
    "--by",
    multiple=True,
    metavar="DIM[+DIM]",
    default=("category",),
    help=f"Group by it; may be repeated, several joined with + are crossed. DIM: {DIMENSIONS}.",
)
@_asking
def rates(by: tuple[str, ...], form: str, out: Path | None, **asked: Any) -> None:
    """Report the rates of a class year on a day, as known at a moment."""
    with _session("report rates"):
        answer = report_rates(_question(asked, by))
        table = rates_table(answer, LABELS if form == "xlsx" else KEYS)
        if form == "json":
            write_answer(json_bytes(rates_answer(answer)), out)
        elif form == "table":
            write_answer(
                lines_bytes([_headline(answer), *as_text(_narrow(table, SHOWN), KEYS)]), out
            )
        else:
            write_answer(_file(table, form), out)


@report.command("people")
@click.option(
    "--is",
    "status",
    type=click.Choice([status.value for status in Status]),
    help="Which of them; without it, all.",
)
@click.option("--unmask", is_flag=True, help="Names and ID numbers in clear; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why in clear; it goes into the audit trail.")
@_asking
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
    with _session("report people"), transaction():
        found = list_people(
            _question(asked, ()),
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


@contextmanager
def _session(name: str) -> Iterator[None]:
    with command_session(name) as app, force_locale(app.config["SETTINGS"].default_locale):
        yield


def _question(asked: dict[str, Any], by: tuple[str, ...]) -> Question:
    return ask(
        asked["class_year"],
        asked["as_of"].date(),
        known_at=_moment(asked["known_at"]),
        scheme=asked["scheme"],
        base=Base(asked["base"]),
        basis=Basis(asked["basis"]),
        by=[read_crossing(name) for text in by for name in text.split(",")],
        where=_where(asked["where"], asked["university"]),
    )


def _where(texts: tuple[str, ...], university: str | None) -> list[Condition]:
    where = [item for text in texts for item in read_conditions(text)]
    if university is not None:
        where.append(condition(Dimension.UNIVERSITY, university))
    return where


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return clock.read_moment(text)
    except ValueError as error:
        raise InvalidValueError(
            f"{text!r} is no moment.", remedy="Give it as 2016-12-31T23:59:59."
        ) from error


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


report.add_command(compare)
commands: list[click.Command] = [report]
