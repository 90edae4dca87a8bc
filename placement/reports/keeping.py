"""Keeping the facts of reports: who was touched is read anew from the history, and sums follow.

Writers only note whom they touched; one keeper at a time does the rest, so that no writer waits.
What is kept is what was known at a closed moment, which no writer can change any more.
"""

import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any, cast

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from placement.db import db
from placement.history import closed_moment
from placement.reference import destinations
from placement.reports.models import FACT_MOVES, FACT_SUMS, FACTS, FactBuild, FactTouch
from placement.reports.queries.facts import placed_codes, told_by_history
from placement.reports.queries.statements import NO_NESTED_LOOPS, read_sql
from placement.reports.sums import NEVER, SPAN, KeptDay, Sizes, kept_days, moves_of

log = logging.getLogger(__name__)

STUDENTS_AT_ONCE = 50_000
SHARE_OF_TIME = 20
"""Keeping takes at most one part in so many of the time while little has changed."""
MANY_TOUCHED = 1_000
"""So many people out of date are kept at once, since reading them from the history takes long."""
_FEWEST_MOVES = 4_000
_KEPT_DAYS = 64

_LOCK = text("SELECT pg_try_advisory_xact_lock(7203403, 0)")
_WAITING = text(
    "SELECT coalesce(sum(cardinality(student_ids)), 0) AS people,"
    " extract(epoch FROM placement_now() - min(moment)) AS age FROM fact_touches"
)
_TOUCHED = text(
    "SELECT array_agg(DISTINCT touched.student_id ORDER BY touched.student_id)"
    " FROM fact_touches, unnest(student_ids) AS touched (student_id) WHERE moment <= :known_at"
)
_OTHER_RULES = text(
    "INSERT INTO fact_touches (student_ids, moment)"
    " SELECT array_agg(DISTINCT student_id), :known_at FROM student_versions"
    " WHERE class_year IN (SELECT class_year FROM fact_builds WHERE placed <> :placed)"
    " HAVING count(*) > 0"
)
_GONE = text(
    "WITH gone AS (DELETE FROM facts WHERE student_id = ANY (:student_ids) RETURNING class_year)"
    " SELECT DISTINCT class_year FROM gone"
)
_NAMES = ", ".join(column.name for column in FACTS.columns)
_MADE = text(
    f"WITH made AS (INSERT INTO facts ({_NAMES}) SELECT {_NAMES}"  # noqa: S608 - all our own text
    f" FROM ({read_sql('facts')}) AS told RETURNING class_year)"
    " SELECT DISTINCT class_year FROM made"
)
_STATES = (
    "standing",
    "verified_code",
    "verified_reason",
    "reported_code",
    "reported_reason",
)
_COLUMNS = {
    "combination": "category_bits",
    "level": "level",
    "sex": "sex",
    "ethnic": "ethnic_group",
    "origin": "origin",
    "university": "university_id",
    "college": "college",
    "county": "origin_division",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a keeping did: the moment, how many students it read, the class years it renewed."""

    known_at: dt.datetime
    students: int
    class_years: tuple[int, ...]


def keep_facts_when_due() -> Kept | None:
    """Keep the facts if many people are out of date, or if it was not done for long.

    Ends the transaction under way; the caller commits the one in which the facts are.
    """
    waiting = db.session.execute(_WAITING).one()
    if not waiting.people:
        return None
    seconds = db.session.execute(text("SELECT max(seconds) FROM fact_builds")).scalar()
    if waiting.people < MANY_TOUCHED and waiting.age < SHARE_OF_TIME * (seconds or 0):
        return None
    return keep_facts()


def keep_facts() -> Kept | None:
    """Bring the kept facts up to the newest closed moment; None if another keeper is at it.

    Ends the transaction under way; the caller commits the one in which the facts are.
    """
    begun = time.monotonic()
    known_at = begin_keeping()
    if known_at is None:
        return None
    db.session.execute(_OTHER_RULES, {"known_at": known_at, "placed": _placed()})
    touched = db.session.execute(_TOUCHED, {"known_at": known_at}).scalar() or []
    years = _renew(touched, known_at)
    db.session.execute(delete(FactTouch).where(FactTouch.moment <= known_at))
    for year in years:
        _keep_sums(year, known_at, begun)
    return Kept(known_at, len(touched), years)


def begin_keeping() -> dt.datetime | None:
    """Begin the transaction of the only keeper, on one state of the data; None if there is one.

    The moment is the newest closed one. Whatever transaction was under way ends.
    """
    known_at = closed_moment()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    if not db.session.execute(_LOCK).scalar():
        return None
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    db.session.execute(NO_NESTED_LOOPS)
    return known_at


def _placed() -> list[str]:
    """The codes that count as placed, on which all schemes agree."""
    return sorted(placed_codes(destinations.SCHEMES[0]))


def _renew(touched: Sequence[int], known_at: dt.datetime) -> tuple[int, ...]:
    years: set[int] = set()
    for begin in range(0, len(touched), STUDENTS_AT_ONCE):
        told = told_by_history(touched[begin : begin + STUDENTS_AT_ONCE], known_at)
        gone = db.session.execute(_GONE, {"student_ids": told["student_ids"]})
        years.update(gone.scalars())
        years.update(db.session.execute(_MADE, told).scalars())
    return tuple(sorted(years))


def _keep_sums(class_year: int, known_at: dt.datetime, begun: float) -> None:
    """Make the sums of a class year from its facts, and say for which moment they are."""
    states, keys = _names(class_year)
    db.session.execute(delete(FACT_SUMS).where(FACT_SUMS.c.class_year == class_year))
    db.session.execute(delete(FACT_MOVES).where(FACT_MOVES.c.class_year == class_year))
    for kept in sums_of(class_year, states, keys):
        db.session.execute(
            insert(FACT_SUMS),
            [
                {"class_year": class_year, "dimension": name, "day": kept.day, "cells": cells}
                for name, cells in kept.cells.items()
            ],
        )
        db.session.execute(
            insert(FACT_MOVES),
            {"class_year": class_year, "day": kept.day, "moves": kept.moves},
        )
    _say(class_year, known_at, begun, states=[list(state) for state in states], keys=keys)


def _say(class_year: int, known_at: dt.datetime, begun: float, **names: Any) -> None:
    people = text("SELECT count(DISTINCT student_id) FROM facts WHERE class_year = :class_year")
    values = {
        "class_year": class_year,
        "known_at": known_at,
        "people": db.session.execute(people, {"class_year": class_year}).scalar_one(),
        "placed": _placed(),
        "seconds": Decimal(f"{time.monotonic() - begun:.3f}"),
    } | names
    statement = upsert(FactBuild).values(values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["class_year"], set_=values))


def _names(class_year: int) -> tuple[list[tuple[Any, ...]], dict[str, list[Any]]]:
    """The states of a class's facts, and the keys of each dimension, in the order of their numbers.

    In one pass over the facts, which takes a while for a nation's.
    """
    sets: dict[str, tuple[str, ...]] = {"": _STATES} | {
        name: (column,) for name, column in _COLUMNS.items()
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


def sums_of(
    class_year: int, states: list[tuple[Any, ...]], keys: dict[str, list[Any]]
) -> Iterator[KeptDay]:
    """The days to keep of a class year, from its facts.

    `states` and `keys` are in the order of their numbers.
    """
    sizes = Sizes.of(states, keys)
    moves = moves_of(_spans(class_year, states, keys), sizes)
    at_most = max(_FEWEST_MOVES, len(moves) // _KEPT_DAYS)
    return kept_days(moves, sizes, at_most=at_most)


def _spans(
    class_year: int, states: list[tuple[Any, ...]], keys: dict[str, list[Any]]
) -> Iterator[NDArray[Any]]:
    """The facts of a class year in numbers, packed by the database, in no order."""
    lists: dict[str, list[str]] = {
        column: _words(keys[name]) for name, column in _COLUMNS.items()
    } | {name: _words(state[place] for state in states) for place, name in enumerate(_STATES)}
    joins = [_join(f"{name}_key", [column]) for name, column in _COLUMNS.items()]
    packed = " || ".join(
        f"int4send({number})"
        for number in (
            "from_day - DATE '2000-01-01'",
            f"coalesce(until_day - DATE '2000-01-01', {NEVER})",
            "facts.category_bits",
            "state.number",
            *(f"{name}_key.number" for name in _COLUMNS),
        )
    )
    statement = (
        f"SELECT string_agg({packed}, '') FROM facts {' '.join(joins)}"  # noqa: S608 - own
        f" {_join('state', _STATES)} WHERE class_year = %(class_year)s"
        f" GROUP BY student_id / {STUDENTS_AT_ONCE}"
    )
    values = lists | {"class_year": class_year}
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
