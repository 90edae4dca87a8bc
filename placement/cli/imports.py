"""`placement import …`: take files in, and take an import back."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import current_app

from placement.accounts.queries import university_by_code
from placement.cli.groups import Commands
from placement.cli.output import FORMAT, echo_json, note
from placement.cli.session import command_session
from placement.clock import read_moment
from placement.config import Settings
from placement.db import transaction
from placement.errors import PlacementError
from placement.intake.models import ImportKind, ListKind
from placement.intake.operations import (
    BuiltOnError,
    ImportAnswer,
    ImportOptions,
    IncomingFile,
    apply_import,
    preview_import,
    undo_import,
)
from placement.intake.rejects import reasons_of, write_rejects
from placement.intake.spreadsheets import FileRefusedError, Limits
from placement.web.catalogues import CHINESE, chinese

_MEGABYTE = 1_000_000
_SHOWN = 20
_DAY = click.DateTime(["%Y-%m-%d"])

Command = Callable[..., None]


class _Moment(click.ParamType[dt.datetime]):
    """A moment in ISO form; without offset it is Asia/Shanghai."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        """Read the moment; anything else is wrong usage."""
        try:
            return read_moment(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment such as 2016-09-01T12:00", param, ctx)


@click.group("import", cls=Commands)
def import_files() -> None:
    """Take files in: students, outcomes, partner lists, wishes, postings, baselines."""


_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_CLASS_YEAR = click.option("--class-year", type=int, required=True, help="The class, such as 2016.")
_UNIVERSITY = click.option(
    "--university", "code", help="The university's code; rows of others are errors."
)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Count only; nothing is written.")
_REJECTS = click.option(
    "--rejects",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the rejected rows to this workbook, ready to be corrected.",
)
_RECORDED_AT = click.option(
    "--recorded-at",
    type=_Moment(),
    help="The moment from which the rows are known; not later than now.",
)
_EFFECTIVE_ON = click.option(
    "--effective-on",
    type=_DAY,
    help="The day from which changes hold. Default: 1 January of the class year.",
)


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Put several options on a command, and on each the file and the form of the answer."""
    every: list[Callable[[Command], Command]] = [_FILE, *options, _DRY_RUN, _REJECTS, FORMAT]

    def put(command: Command) -> Command:
        for option in reversed(every):
            command = option(command)
        return command

    return put


@import_files.command("students")
@_options(
    _CLASS_YEAR,
    _UNIVERSITY,
    _RECORDED_AT,
    _EFFECTIVE_ON,
    click.option("--allow-id-change", is_flag=True, help="Take another ID number for a number."),
)
def import_students(**given: Any) -> None:
    """Take in a students' file: one row a student of the class."""
    _take(ImportKind.STUDENTS, **given)


@import_files.command("universities")
@_options()
def import_universities(**given: Any) -> None:
    """Take in the list of universities: code, name, city, kind."""
    _take(ImportKind.UNIVERSITIES, **given)


@import_files.command("outcomes")
@_options(
    _CLASS_YEAR,
    _UNIVERSITY,
    _RECORDED_AT,
    click.option(
        "--verified", is_flag=True, help="The university has verified what the file says."
    ),
)
def import_outcomes(**given: Any) -> None:
    """Take in where students went."""
    _take(ImportKind.OUTCOMES, **given)


@import_files.command("list")
@_options(
    click.option(
        "--kind",
        "list_kind",
        required=True,
        type=click.Choice([kind.value for kind in ListKind]),
        help="What the agency says of those on it.",
    ),
    _CLASS_YEAR,
    _UNIVERSITY,
    click.option("--as-of", type=_DAY, help="The day of the list. Default: today."),
    _RECORDED_AT,
    click.option("--confirm", is_flag=True, help="The matched become members at once."),
    click.option("--complete", is_flag=True, help="Who is missing from the list has left."),
)
def import_list(**given: Any) -> None:
    """Match a partner agency's list with the students."""
    _take(ImportKind.LIST, **given)


@import_files.command("wishes")
@_options(_CLASS_YEAR, _UNIVERSITY)
def import_wishes(**given: Any) -> None:
    """Take in what students want of a job."""
    _take(ImportKind.WISHES, **given)


@import_files.command("postings")
@_options(_UNIVERSITY)
def import_postings(**given: Any) -> None:
    """Take in job postings of employers."""
    _take(ImportKind.POSTINGS, **given)


@import_files.command("baseline")
@_options(_CLASS_YEAR, _UNIVERSITY, _RECORDED_AT)
def import_baseline(**given: Any) -> None:
    """Take in counts of all graduates, for comparison."""
    _take(ImportKind.BASELINE, **given)


@import_files.command("undo")
@click.argument("import_id", type=int)
@FORMAT
def undo(import_id: int, form: str) -> None:
    """Take one import back as a whole, or refuse and say what stands on it."""
    with _said_plainly(form), command_session("import undo"):
        with transaction():
            undone = undo_import(import_id, actor_id=None)
        if form == "json":
            echo_json(undone.as_dict())
        else:
            click.echo(f"Import {import_id} is undone; what it brought is void.")


def _take(
    kind: ImportKind,
    *,
    file: Path,
    form: str,
    dry_run: bool,
    rejects: Path | None,
    **choices: Any,
) -> None:
    with _said_plainly(form), command_session(f"import {kind.value}"):
        settings: Settings = current_app.config["SETTINGS"]
        incoming = _read(file, Limits.of(settings))
        options = _chosen(kind, **choices)
        if dry_run:
            answer = preview_import(incoming, options, report=_tell)
        else:
            started = time.monotonic()
            with transaction():
                answer = apply_import(incoming, options, actor_id=None, report=_tell)
            # The commit is part of it: what waits to be checked until then is checked by it.
            answer = replace(answer, seconds=time.monotonic() - started)
        if rejects is not None and answer.tally.rejected:
            rejects.write_bytes(_rejected_rows(answer, settings.default_locale))
            note(f"The rejected rows are in {rejects}.")
        if form == "json":
            echo_json(answer.as_dict())
        else:
            _print(answer)


def _read(file: Path, limits: Limits) -> IncomingFile:
    if file.stat().st_size > limits.megabytes * _MEGABYTE:
        raise FileRefusedError("too_large", limit=limits.megabytes)
    return IncomingFile(file.read_bytes(), file.name, limits)


def _chosen(kind: ImportKind, *, code: str | None = None, **choices: Any) -> ImportOptions:
    for name in ("effective_on", "as_of"):
        if choices.get(name) is not None:
            choices[name] = choices[name].date()
    if choices.get("list_kind") is not None:
        choices["list_kind"] = ListKind(choices["list_kind"])
    university_id = None if code is None else university_by_code(code).id
    return ImportOptions(kind=kind, university_id=university_id, **choices)


def _tell(done: int, total: int) -> None:
    note(f"{done:,} of {total:,} rows")


def _rejected_rows(answer: ImportAnswer, locale: str) -> bytes:
    tally = answer.tally
    checked = replace(tally.checked, rejected=tally.rejected)
    translate = chinese().gettext if locale == CHINESE else str
    return write_rejects(tally.table, reasons_of(checked, translate, locale), locale)


def _print(answer: ImportAnswer) -> None:
    counts = answer.counts
    name = "A preview" if answer.import_id is None else f"Import {answer.import_id}"
    said = ", ".join(f"{counts[key]:,} {key}" for key in list(counts)[1:])
    click.echo(f"{name}: {counts['rows']:,} rows, {said}.")
    found = answer.tally.details.get("list")
    if found:
        click.echo(", ".join(f"{count:,} {state}" for state, count in found.items()))
    errors = answer.tally.errors
    for problem in errors[:_SHOWN]:
        click.echo(f"Row {problem.row}, {problem.column}: {problem.message}")
    if len(errors) > _SHOWN:
        click.echo(f"and {len(errors) - _SHOWN:,} more; --rejects writes them to a workbook.")
    for caution in answer.tally.warnings[:_SHOWN]:
        click.echo(f"Look at row {caution.row} ({caution.count:,} such): {caution.message}")


@contextmanager
def _said_plainly(form: str) -> Iterator[None]:
    """End a refused command with exit code 1, for a program with one JSON object."""
    try:
        yield
    except PlacementError as error:
        if form != "json":
            raise
        echo_json({"error": _said_of(error)})
        note(f"placement: {error}")
        click.get_current_context().exit(1)


def _said_of(error: PlacementError) -> dict[str, Any]:
    said: dict[str, Any] = {"code": error.code, "message": str(error)}
    if isinstance(error, BuiltOnError):
        said["standing"] = {each.name: each.count for each in error.standing}
        said["imports"] = list(error.imports)
    return said


commands: list[click.Command] = [import_files]
