"""`placement report facts`: whether the facts behind quick figures are kept, and keeping them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import click

from placement import clock
from placement.cli.output import FORMAT, echo_json, note
from placement.cli.session import command_session
from placement.db import transaction
from placement.errors import PlacementError
from placement.reports.checking import check_facts
from placement.reports.keeping import keep_facts
from placement.reports.queries.builds import KeepingState, KeptClass, keeping_state


class KeepingUnderWayError(PlacementError):
    """Somebody else keeps or checks the facts at this moment."""

    code = "keeping_under_way"


@click.command("facts")
@click.option("--keep", is_flag=True, help="Bring them up to what is known now.")
@click.option("--check", is_flag=True, help="Then make everything again from history and compare.")
@FORMAT
@click.pass_context
def facts(context: click.Context, *, keep: bool, check: bool, form: str) -> None:
    """Show which classes answer from kept facts, and who waits; keep them now or check them.

    Exit code 1 where a check finds that anything differs, or somebody else is at it.
    """
    with command_session("report facts"):
        if keep:
            _keep()
        agrees = _check() if check else None
        with transaction():
            state = keeping_state()
    if form == "json":
        echo_json(_answer(state, agrees=agrees))
    else:
        for line in _lines(state):
            click.echo(line)
    if agrees is False:
        context.exit(1)


def _keep() -> None:
    with transaction():
        kept = keep_facts()
    if kept is None:
        raise _under_way()
    note(f"{kept.students:,} students kept as known at {_moment(kept.known_at)}.")


def _check() -> bool:
    with transaction():
        found = check_facts()
    if found is None:
        raise _under_way()
    for one in found:
        note(
            f"Class of {one.class_year}: {one.people:,} people compared, {one.differing:,} differ;"
            f" the sums {'agree' if one.sums_agree else 'differ'}."
        )
    return all(one.agrees for one in found)


def _under_way() -> KeepingUnderWayError:
    return KeepingUnderWayError(
        "Somebody else keeps or checks the facts.", remedy="Wait for it to end, and try again."
    )


def _answer(state: KeepingState, *, agrees: bool | None) -> dict[str, Any]:
    return {
        "classes": [
            {
                "class_year": one.class_year,
                "known_at": None if one.known_at is None else _moment(one.known_at),
                "people": one.people,
                "seconds": float(one.seconds),
                "checked_at": None if one.checked_at is None else _moment(one.checked_at),
                "differing": one.differing,
                "compared": one.compared,
            }
            for one in state.classes
        ],
        "waiting": {
            "students": state.waiting,
            "since": None if state.since is None else _moment(state.since),
        },
        "agrees": agrees,
    }


def _lines(state: KeepingState) -> Iterator[str]:
    for one in state.classes:
        yield _line(one)
    if not state.classes:
        yield "Nothing is kept: every figure is read from the history."
    if state.since is None:
        yield "Nobody waits."
    else:
        yield (
            f"{state.waiting:,} students written about since {_moment(state.since)} wait; their"
            " figures are read from the history meanwhile."
        )


def _line(one: KeptClass) -> str:
    known = (
        "not used, since a check found that they differ"
        if one.known_at is None
        else f"as known at {_moment(one.known_at)}"
    )
    checked = (
        "not checked yet"
        if one.checked_at is None
        else f"checked at {_moment(one.checked_at)}, {one.differing} differed"
    )
    if one.compared is not None:
        checked += f"; a check is under way and has compared {one.compared:,}"
    return f"{one.class_year}  {one.people:,} people, {known}; {one.seconds} s; {checked}."


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(clock.ZONE).isoformat(timespec="seconds")
