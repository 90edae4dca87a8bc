"""The sums of a class made from its facts, which the database gives in numbers."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, cast

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select, tuple_

from placement.db import db
from placement.reports.models import FACT_LATER_MOVES, FACT_MOVES, FACT_SUMS, FACTS
from placement.reports.sums import NEVER, SPAN, Sizes, kept_days, moves_of, until

STUDENTS_AT_ONCE = 50_000
_FEWEST_MOVES = 4_000
_KEPT_DAYS = 64

STATE_COLUMNS = (
    "standing",
    "verified_code",
    "verified_reason",
    "reported_code",
    "reported_reason",
)
KEY_COLUMNS = {
    "combination": "category_bits",
    "level": "level",
    "sex": "sex",
    "ethnic": "ethnic_group",
    "origin": "origin",
    "university": "university_id",
    "college": "college",
    "county": "origin_division",
}
"""The column of each dimension that sums are kept of, in the order of sums.DIMENSIONS."""


def moves_between(moves: int) -> int:
    """How many of so many moves may lie between two kept days, and how many may come later."""
    return max(_FEWEST_MOVES, moves // _KEPT_DAYS)


def keep_sums(class_year: int) -> dict[str, Any]:
    """Make the sums of a class year from its facts; what is to be kept of them besides."""
    states, keys = _names(class_year)
    for table in (FACT_SUMS, FACT_MOVES, FACT_LATER_MOVES):
        db.session.execute(delete(table).where(table.c.class_year == class_year))
    sizes = Sizes.of(states, keys)
    moves = moves_from_facts(class_year, states, keys)
    for kept in kept_days(moves, sizes, at_most=moves_between(len(moves))):
        db.session.execute(
            insert(FACT_SUMS),
            [
                {"class_year": class_year, "dimension": name, "day": kept.day, "cells": cells}
                for name, cells in kept.cells.items()
            ],
        )
        db.session.execute(
            insert(FACT_MOVES), {"class_year": class_year, "day": kept.day, "moves": kept.moves}
        )
    people = select(func.count(FACTS.c.student_id.distinct())).where(
        FACTS.c.class_year == class_year
    )
    return {
        "people": db.session.execute(people).scalar_one(),
        "states": [list(state) for state in states],
        "keys": keys,
        "sizes": {
            "moves": len(moves),
            "states": sizes.states,
            "keys": sizes.keys,
            "made": secrets.token_hex(8),
        },
    }


def _names(class_year: int) -> tuple[list[tuple[Any, ...]], dict[str, list[Any]]]:
    """The states of a class's facts, and the keys of each dimension, in the order of their numbers.

    In one pass over the facts, which takes a while for a nation's.
    """
    sets: dict[str, tuple[str, ...]] = {"": STATE_COLUMNS} | {
        name: (column,) for name, column in KEY_COLUMNS.items()
    }
    columns = [FACTS.c[name] for names in sets.values() for name in names]
    rows = db.session.execute(
        select(*columns, *(func.grouping(column) for column in columns))
        .where(FACTS.c.class_year == class_year)
        .group_by(
            func.grouping_sets(*(tuple_(*(FACTS.c[n] for n in own)) for own in sets.values()))
        )
    ).all()
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in sets}
    starts = list(accumulate((len(own) for own in sets.values()), initial=0))
    for row in rows:
        for (name, own), start in zip(sets.items(), starts, strict=False):
            if not row[len(columns) + start]:
                found[name].append(tuple(row[start : start + len(own)]))
    for values_of in found.values():
        values_of.sort(key=lambda values: [(value is None, value or 0) for value in values])
    states = found.pop("")
    return states, {name: [values[0] for values in one] for name, one in found.items()}


def moves_from_facts(
    class_year: int,
    states: list[tuple[Any, ...]],
    keys: dict[str, list[Any]],
    *,
    after: dt.date | None = None,
    up_to: dt.date = dt.date.max,
) -> NDArray[Any]:
    """The moves of a class year in the order of days, made from its facts.

    `states` and `keys` are in the order of their numbers; only moves later than `after` and not
    later than `up_to` are made.
    """
    days = (after or dt.date.min, up_to)
    moves = moves_of(_spans(class_year, states, keys, days), Sizes.of(states, keys))
    return until(up_to, moves)[0 if after is None else len(until(after, moves)) :]


def _spans(
    class_year: int,
    states: list[tuple[Any, ...]],
    keys: dict[str, list[Any]],
    days: tuple[dt.date, dt.date],
) -> Iterator[NDArray[Any]]:
    """The facts of a class year in numbers that begin or end after a day and not after another.

    Packed by the database, in no order.
    """
    lists: dict[str, list[str]] = {
        column: _words(keys[name]) for name, column in KEY_COLUMNS.items()
    } | {name: _words(state[place] for state in states) for place, name in enumerate(STATE_COLUMNS)}
    joins = [_join(f"{name}_key", [column]) for name, column in KEY_COLUMNS.items()]
    packed = " || ".join(
        f"int4send({number})"
        for number in (
            "from_day - DATE '2000-01-01'",
            f"coalesce(until_day - DATE '2000-01-01', {NEVER})",
            "facts.category_bits",
            "state.number",
            *(f"{name}_key.number" for name in KEY_COLUMNS),
        )
    )
    statement = (
        f"SELECT string_agg({packed}, '') FROM facts {' '.join(joins)}"  # noqa: S608 - own
        f" {_join('state', STATE_COLUMNS)} WHERE class_year = %(class_year)s"
        " AND (from_day > %(after)s AND from_day <= %(up_to)s"
        " OR until_day > %(after)s AND until_day <= %(up_to)s)"
        f" GROUP BY student_id / {STUDENTS_AT_ONCE}"
    )
    values = lists | {"class_year": class_year, "after": days[0], "up_to": days[1]}
    driver = cast("psycopg.Connection[Any]", db.session.connection().connection.driver_connection)
    # A cursor of the database's, since the spans of a nation would fill the memory at once.
    with driver.cursor("spans", binary=True) as cursor:
        cursor.itersize = 1
        for (data,) in cursor.execute(statement, values):
            yield np.frombuffer(data, dtype=SPAN)


def _words(values: Iterable[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _join(name: str, columns: Sequence[str]) -> str:
    """The join that puts a number in the place of values; facts have no empty texts."""
    listed = ", ".join(columns)
    lists = ", ".join(f"%({column})s::text[]" for column in columns)
    same = " AND ".join(f"coalesce(facts.{own}::text, '') = {name}.{own}" for own in columns)
    return (
        f"JOIN (SELECT {listed}, (place - 1)::integer AS number FROM unnest({lists})"  # noqa: S608 - own
        f" WITH ORDINALITY AS listed ({listed}, place)) AS {name} ON {same}"
    )
