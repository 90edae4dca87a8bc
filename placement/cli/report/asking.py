"""What a report is asked on the command line."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask_babel import force_locale

from placement import clock
from placement.cli.output import HOW
from placement.cli.session import command_session
from placement.errors import InvalidValueError
from placement.reference import destinations
from placement.reports.dimensions import Dimension, read_crossing
from placement.reports.questions import (
    Base,
    Basis,
    Condition,
    Question,
    ask,
    condition,
    read_conditions,
)

Command = Callable[..., None]
DIMENSIONS = ", ".join(Dimension)
DAY_AND_RULES = (
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
)
WHOM_AND_HOW = (
    click.option(
        "--where",
        multiple=True,
        metavar="DIM=KEY",
        help="Only these people; repeated means 'and'. Keys are those of the rows.",
    ),
    click.option("--university", metavar="CODE", help="Only this university."),
    *HOW,
)


def asking(command: Command) -> Command:
    """Give a command the options of a question, of whom it is about and how to answer."""
    return _with(command, (*DAY_AND_RULES, *WHOM_AND_HOW))


def asking_rules(command: Command) -> Command:
    """Give a command the options of a question that is about everybody, or one person."""
    return _with(command, DAY_AND_RULES)


def _with(command: Command, options: Iterable[Callable[[Command], Command]]) -> Command:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


@contextmanager
def report_session(name: str) -> Iterator[None]:
    """Run a command whose words are in the language of the setting."""
    with command_session(name) as app, force_locale(app.config["SETTINGS"].default_locale):
        yield


def question_of(asked: dict[str, Any], by: tuple[str, ...] = ()) -> Question:
    """Make the question of these options. Raises InvalidValueError for what cannot be read."""
    return ask(
        asked["class_year"],
        asked["as_of"].date(),
        known_at=_moment(asked["known_at"]),
        scheme=asked["scheme"],
        base=Base(asked["base"]),
        basis=Basis(asked["basis"]),
        by=[read_crossing(name) for text in by for name in text.split(",")],
        where=_where(asked.get("where", ()), asked.get("university")),
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
