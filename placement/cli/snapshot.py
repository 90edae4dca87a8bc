"""`placement snapshot …`: frozen reports, their seals and their proof."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from placement import clock
from placement.accounts.queries import university_by_code
from placement.cli.groups import Commands
from placement.cli.output import FORMAT, echo_json, note
from placement.cli.session import command_session
from placement.db import db, transaction
from placement.errors import InvalidValueError
from placement.reports.models import Snapshot
from placement.reports.snapshots.answers import (
    differences_answer,
    proof_answer,
    snapshot_answer,
)
from placement.reports.snapshots.differences import Differences, differences
from placement.reports.snapshots.operations import take_snapshot
from placement.reports.snapshots.proofs import (
    SnapshotBrokenError,
    intact_content,
    prove_snapshot,
)
from placement.reports.snapshots.queries import all_snapshots, snapshot_by_id

_number = click.argument("snapshot_id", type=int)


@click.group(cls=Commands)
def snapshot() -> None:
    """Freeze reports, list them, and prove that they are what was sealed."""


@snapshot.command("take")
@click.option("--class-year", required=True, type=int, help="The year of graduation.")
@click.option(
    "--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day of the figures."
)
@click.option("--known-at", help="ISO moment; without it the newest closed one.")
@click.option("--university", help="Only this university's code; without it the province.")
@FORMAT
def take(
    class_year: int, as_of: dt.datetime, known_at: str | None, university: str | None, form: str
) -> None:
    """Freeze the figures of a class on a day; one that differs from the last is a new version."""
    with command_session("snapshot take"):
        found = None if university is None else university_by_code(university)
        with transaction():
            taken = take_snapshot(
                class_year, as_of.date(), university=found, known_at=_moment(known_at)
            )
        answer = snapshot_answer(taken)
    _show(answer, form)


@snapshot.command("list")
@click.option("--class-year", type=int, help="The snapshots of this class alone.")
@FORMAT
def list_(class_year: int | None, form: str) -> None:
    """List all snapshots, the newest first."""
    with command_session("snapshot list"):
        chosen = all_snapshots()
        if class_year is not None:
            chosen = chosen.where(Snapshot.class_year == class_year)
        answers = [snapshot_answer(found) for found in db.session.execute(chosen).scalars()]
    if form == "json":
        echo_json({"snapshots": answers})
        return
    for answer in answers:
        click.echo(_line(answer))
    note(f"{len(answers)} snapshots")


@snapshot.command("show")
@_number
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the sealed bytes; their SHA-256 is the seal.",
)
@FORMAT
def show(snapshot_id: int, out: Path | None, form: str) -> None:
    """Show a snapshot with its frozen tables; --out gives the very bytes that are sealed."""
    with command_session("snapshot show"):
        found = snapshot_by_id(snapshot_id)
        content = intact_content(found)
        answer = snapshot_answer(found)
    if out is not None:
        _write(out, content.figures_bytes + b"\n" + content.people_bytes)
    if form == "json":
        echo_json(answer | {"figures": content.figures, "people": len(content.people)})
        return
    _show(answer, form)
    for name, rows in content.figures["tables"].items():
        for row in rows:
            counts = (row["registered"], row["denominator"], row["placed"], row["known"])
            click.echo("  ".join([name, row["key"], *(str(count) for count in counts)]))


@snapshot.command("verify")
@_number
@FORMAT
@click.pass_context
def verify(context: click.Context, snapshot_id: int, form: str) -> None:
    """Prove a snapshot: its seal, and that history still gives the same; else say what differs."""
    with command_session("snapshot verify"):
        found = snapshot_by_id(snapshot_id)
        try:
            proof = prove_snapshot(found)
        except SnapshotBrokenError as error:
            if form == "json":
                echo_json({"ok": False, "snapshot_id": snapshot_id, "message": error.message})
            click.echo(f"placement: {error}", err=True)
            context.exit(1)
    if form == "json":
        echo_json(proof_answer(proof))
    elif proof.changed is None:
        click.echo("The seal is intact, and history gives the same bytes.")
    else:
        click.echo("The seal is intact; history now differs from what was sealed:")
        _print_differences(proof.changed)
        note(f"{proof.backdated} rows of history were entered later with an earlier moment.")
    if not proof.is_whole:
        context.exit(1)


@snapshot.command("differences")
@_number
@FORMAT
def show_differences(snapshot_id: int, form: str) -> None:
    """List what a later version corrects: the cells and the people that differ from the last."""
    with command_session("snapshot differences"):
        found = snapshot_by_id(snapshot_id)
        if found.replaces_id is None:
            raise InvalidValueError(
                f"Snapshot {snapshot_id} is a first version.",
                remedy="Give the number of a later version.",
            )
        before, after = intact_content(snapshot_by_id(found.replaces_id)), intact_content(found)
        changed = differences(
            before.figures, after.figures, people_before=before.people, people_after=after.people
        )
    if form == "json":
        echo_json(
            {"snapshot_id": found.id, "replaces": found.replaces_id} | differences_answer(changed)
        )
    else:
        _print_differences(changed)


def _print_differences(changed: Differences) -> None:
    for name in changed.rules:
        click.echo(f"rules  {name}")
    for cell in changed.cells:
        click.echo(f"{cell.table}  {cell.key}  {cell.figure}  {cell.before} -> {cell.after}")
    for person in changed.people:
        what = ", ".join(person.fields) or ("came" if person.before is None else "left")
        click.echo(f"person  {person.uid}  {what}")


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        return clock.read_moment(text)
    except ValueError as error:
        raise InvalidValueError(
            f"{text!r} is no moment.", remedy="Give it as 2016-12-31T23:59:59."
        ) from error


def _line(answer: dict[str, Any]) -> str:
    names = ("snapshot_id", "class_year", "as_of", "university", "version", "state")
    return "  ".join(str("-" if answer[name] is None else answer[name]) for name in names)


def _show(answer: dict[str, Any], form: str) -> None:
    if form == "json":
        echo_json(answer)
        return
    click.echo(_line(answer))
    click.echo(f"seal {answer['seal']}  known at {answer['known_at']}")


def _write(out: Path, data: bytes) -> None:
    try:
        out.touch(mode=0o600)
        out.write_bytes(data)
    except OSError as error:
        raise InvalidValueError(f"{out} cannot be written: {error.strerror}.") from error
    note(f"Written to {out}.")


commands: list[click.Command] = [snapshot]
