"""Counts of people by what reports group by, all in one statement."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal_column, select, tuple_

from placement.db import db
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import (
    CATEGORY_BITS,
    COLUMN_OF,
    HEADLINE_BITS,
    counted_people,
    matching,
)
from placement.reports.queries.readings import Reading
from placement.reports.rates import Cell, is_counted, part_of

_ALWAYS = ("standing", "code", "reason")


def count_cells(reading: Reading) -> dict[Crossing, list[Cell]]:
    """Count the people of a question: the cells of each crossing that it asks for, and of ().

    Somebody in several categories is in a cell of each; elsewhere everybody is in one cell.
    """
    crossings: tuple[Crossing, ...] = tuple(dict.fromkeys(((), *reading.question.by)))
    sets = {crossing: _columns(crossing) for crossing in crossings}
    names = sorted({name for columns in sets.values() for name in columns})
    rows = db.session.execute(_grouped(reading, names, set(sets.values()))).all()
    return {
        crossing: [
            cell
            for row in rows
            if row.absent == _absent(names, columns)
            for cell in _cells(reading, crossing, row)
        ]
        for crossing, columns in sets.items()
    }


def _columns(crossing: Crossing) -> tuple[str, ...]:
    return tuple(sorted({COLUMN_OF[dimension] for dimension in crossing} - set(_ALWAYS)))


def _absent(names: Sequence[str], columns: tuple[str, ...]) -> int:
    """What GROUPING(names) gives for the rows of a set: a bit for each column that is not in it."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in columns)


def _grouped(reading: Reading, names: Sequence[str], sets: set[tuple[str, ...]]) -> Any:
    people = counted_people(reading)
    columns = people.c
    absent: ColumnElement[int] = (
        func.grouping(*(columns[name] for name in names)) if names else literal_column("0")
    )
    by: list[ColumnElement[Any]] = [columns[name] for name in _ALWAYS]
    if names:
        groups = [tuple_(*(columns[name] for name in group)) for group in sorted(sets)]
        by.append(func.grouping_sets(*groups))
    return (
        select(
            absent.label("absent"),
            *(columns[name] for name in (*_ALWAYS, *names)),
            func.count().label("people"),
        )
        .where(*matching(reading, people))
        .group_by(*by)
    )


def _cells(reading: Reading, crossing: Crossing, row: Row[Any]) -> Iterator[Cell]:
    for key in itertools.product(*(keys_of(reading, dimension, row) for dimension in crossing)):
        yield Cell(key, row.standing, row.code, row.reason, row.people)


def keys_of(reading: Reading, dimension: Dimension, row: Row[Any]) -> tuple[str, ...]:
    """The keys of a row's people in a dimension: one, or each of their categories."""
    value = getattr(row, COLUMN_OF[dimension])
    if dimension is Dimension.CATEGORY:
        return tuple(category for category, bit in CATEGORY_BITS.items() if value & bit)
    if dimension is Dimension.COMBINATION:
        return (combination_key(code for code, bit in HEADLINE_BITS.items() if value & bit),)
    if dimension is Dimension.UNIVERSITY:
        return (reading.universities[value].code,)
    if dimension is Dimension.PART:
        return (part_of(value, reading.question.scheme),)
    if dimension is Dimension.REASON and not is_counted(row.standing, reading.question.base):
        return (row.standing,)
    return (UNKNOWN if value is None else value,)
