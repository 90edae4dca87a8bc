"""`placement report compare`: why two figures differ, down to the people."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from placement import clock
from placement.cli.output import HOW, json_bytes, lines_bytes, write_answer
from placement.cli.session import command_session
from placement.db import transaction
from placement.errors import InvalidValueError
from placement.reference import destinations
from placement.reports.difference_answers import difference_answer
from placement.reports.difference_tables import causes_table, changed_people_table
from placement.reports.difference_words import difference_lines
from placement.reports.dimensions import Dimension
from placement.reports.exports import as_csv, as_text, as_xlsx
from placement.reports.masking import CLEAR, MASKED
from placement.reports.operations import list_changed_people
from placement.reports.queries.changed_people import ChangedPeople
from placement.reports.queries.explanations import Explanation, explain_difference
from placement.reports.questions import Base, Basis, Question, ask, condition, read_conditions
from placement.reports.reconciliation.causes import read_cause
from placement.reports.reconciliation.printed import Printed, printed_figure
from placement.reports.tables import Table
from placement.reports.words import KEYS, LABELS

Command = Callable[..., None]
_DAY = click.DateTime(["%Y-%m-%d"])
_WIDE = ("cause", "label", "count", "registered", "denominator", "placed", "rate", "points")


def _side(suffix: str) -> list[Callable[[Command], Command]]:
    """The options of one of both figures; those of the second say what is other there."""
    second = bool(suffix)
    like = " Without it, as in the first figure." if second else ""
    return [
        click.option(f"--as-of{suffix}", type=_DAY, required=not second, help=f"The day.{like}"),
        click.option(
            f"--known-at{suffix}", metavar="ISO", help=f"Only what was recorded by then.{like}"
        ),
        click.option(
            f"--scheme{suffix}",
            type=click.Choice(destinations.SCHEMES),
            help=f"Which codes make which part.{like}",
        ),
        click.option(
            f"--base{suffix}",
            type=click.Choice([base.value for base in Base]),
            help=f"The denominator.{like}",
        ),
        click.option(
            f"--basis{suffix}",
            type=click.Choice([basis.value for basis in Basis]),
            help=f"Which outcomes count.{like}",
        ),
        click.option(
            f"--where{suffix}",
            multiple=True,
            metavar="DIM=KEY",
            help=f"Only these people; 'all' for everybody.{like}" if second else "Only these.",
        ),
    ]


OPTIONS: tuple[Callable[[Command], Command], ...] = (
    click.option("--class-year", required=True, type=int, help="The year of graduation."),
    click.option("--university", metavar="CODE", help="Only this university, in both figures."),
    *_side(""),
    *_side("-2"),
    click.option(
        "--printed-total", type=int, metavar="N", help="Compare with a printed figure: its people."
    ),
    click.option("--printed-placed", type=int, metavar="N", help="Its placed people."),
    click.option("--printed-rate", metavar="PERCENT", help="Its rate, such as 96.65."),
    click.option("--people", is_flag=True, help="List the people who make the difference."),
    click.option("--cause", metavar="CAUSE", help="List only those under this cause."),
    click.option("--unmask", is_flag=True, help="Names and ID numbers in clear; needs --reason."),
    click.option("--reason", metavar="TEXT", help="Why in clear; it goes into the audit trail."),
    *HOW,
)


def _asking(command: Command) -> Command:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which of the people to list, and how much of them to show."""

    people: bool
    cause: str | None
    unmask: bool
    reason: str | None

    def check(self) -> None:
        """Refuse names in clear without a reason, and a reason for nothing."""
        if self.unmask and not (self.reason or "").strip():
            raise click.UsageError("--unmask needs --reason TEXT, which is logged.")
        if self.unmask != (self.reason is not None):
            raise click.UsageError("--reason is for --unmask; names are masked without it.")

    @property
    def lists_people(self) -> bool:
        """Whether anybody is to be listed."""
        return self.people or self.cause is not None

    def listed(self, answer: Explanation) -> ChangedPeople | None:
        """The people asked for; reading them is written down."""
        if not self.lists_people:
            return None
        cause = None if self.cause is None else read_cause(self.cause)
        if self.cause is not None and cause is None:
            raise InvalidValueError(
                f"There is no cause {self.cause!r}.", remedy="Give one that the table names."
            )
        return list_changed_people(
            answer.difference,
            cause,
            viewer=None,
            shown=CLEAR if self.unmask else MASKED,
            reason=self.reason,
        )


@click.command("compare")
@_asking
def compare(
    *,
    people: bool,
    cause: str | None,
    unmask: bool,
    reason: str | None,
    form: str,
    out: Path | None,
    **asked: Any,
) -> None:
    """Explain why two figures differ: by cause, adding up exactly, down to the people.

    The second figure differs from the first in what its options say, or is a printed one.
    """
    wanted = _Wanted(people, cause, unmask, reason)
    wanted.check()
    printed = _printed(asked)
    with (
        command_session("report compare") as app,
        force_locale(app.config["SETTINGS"].default_locale),
        transaction(),
    ):
        first, second = _question(asked), _second_question(asked)
        answer = explain_difference(first, second, None, printed=printed)
        found = wanted.listed(answer)
        data = _data(answer, found, form)
    # Nobody is shown before the audit trail says so.
    write_answer(data, out)


def _data(answer: Explanation, people: ChangedPeople | None, form: str) -> bytes:
    words = LABELS if form == "xlsx" else KEYS
    if form == "json":
        return json_bytes(difference_answer(answer, people))
    causes = causes_table(answer, words)
    listed = None if people is None else changed_people_table(answer.difference, people, words)
    if form == "table":
        lines = [*difference_lines(answer), *as_text(_narrow(causes), KEYS)]
        return lines_bytes([*lines, *(as_text(listed, KEYS) if listed else ())])
    table = causes if listed is None else listed
    return as_csv(table, KEYS) if form == "csv" else as_xlsx(table, LABELS)


def _narrow(table: Table) -> Table:
    kept = [table.columns.index(name) for name in _WIDE]
    rows = [[row[place] for place in kept] for row in table.rows]
    return Table(table.name, _WIDE, rows)


def _question(asked: dict[str, Any]) -> Question:
    where = [item for text in asked["where"] for item in read_conditions(text)]
    return ask(
        asked["class_year"],
        asked["as_of"].date(),
        known_at=_moment(asked["known_at"]),
        scheme=asked["scheme"],
        base=Base(asked["base"] or Base.COUNTED),
        basis=Basis(asked["basis"] or Basis.VERIFIED),
        where=[*where, *_university(asked)],
    )


def _second_question(asked: dict[str, Any]) -> Question:
    """The second figure: the first with what its own options say."""
    other = {
        name: asked[name] if asked[f"{name}_2"] in (None, ()) else asked[f"{name}_2"]
        for name in ("as_of", "known_at", "scheme", "base", "basis", "where")
    }
    if "all" in other["where"]:
        other["where"] = ()
    return _question({**asked, **other})


def _university(asked: dict[str, Any]) -> list[Any]:
    code = asked["university"]
    return [] if code is None else [condition(Dimension.UNIVERSITY, code)]


def _printed(asked: dict[str, Any]) -> Printed | None:
    try:
        rate = None if asked["printed_rate"] is None else Decimal(asked["printed_rate"])
    except InvalidOperation as error:
        raise click.UsageError("--printed-rate is in percent, such as 96.65.") from error
    return printed_figure(asked["printed_total"], asked["printed_placed"], rate)


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return None if text is None else clock.read_moment(text)
    except ValueError as error:
        raise InvalidValueError(
            f"{text!r} is no moment.", remedy="Give it as 2016-12-31T23:59:59."
        ) from error
