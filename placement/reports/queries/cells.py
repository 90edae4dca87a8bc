"""Counts of people by what reports group by, all in one statement."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, func, literal_column, select, tuple_

from placement.db import db
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import (
    CATEGORY_BITS,
    COLUMN_OF,
    HEADLINE_BITS,
    counted_people,
    matching,
)
from placement.reports.queries.facts import Facts, find_facts, kept_people
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import planned_for_many
from placement.reports.queries.summed import are_summed, summed_cells
from placement.reports.rates import Cell, CellKey, is_counted, part_of

_ALWAYS = ("standing", "code", "reason")
Counted = dict[Crossing, Counter[CellKey]]


def count_cells(reading: Reading) -> dict[Crossing, list[Cell]]:
    """Count the people of a question: the cells of each crossing that it asks for, and of ().

    Somebody in several categories is in a cell of each; elsewhere everybody is in one cell.
    From the kept facts where they answer, and from the history where they do not.
    """
    crossings: tuple[Crossing, ...] = tuple(dict.fromkeys(((), *reading.question.by)))
    facts = find_facts(reading)
    if facts is None:
        counted = _counted(reading, crossings, counted_people(reading))
    else:
        counted = _kept(reading, facts, crossings)
    return {
        crossing: [Cell(*key, people) for key, people in found.items() if people]
        for crossing, found in counted.items()
    }


def _kept(reading: Reading, facts: Facts, crossings: tuple[Crossing, ...]) -> Counted:
    """Count by the facts, those whom they know no more by the history."""
    if are_summed(reading, crossings):
        counted = summed_cells(reading, facts, crossings)
        gone = kept_people(reading, only=facts.touched)
    else:
        counted = _counted(reading, crossings, kept_people(reading, without=facts.touched))
        gone = None
    if facts.touched:
        with planned_for_many():
            now = counted_people(reading, student_ids=facts.touched)
            _add(counted, _counted(reading, crossings, now))
            if gone is not None:
                _take_away(counted, _counted(reading, crossings, gone))
    return counted


def _add(counted: Counted, more: Counted) -> None:
    for crossing, found in more.items():
        counted[crossing].update(found)


def _take_away(counted: Counted, gone: Counted) -> None:
    for crossing, found in gone.items():
        counted[crossing].subtract(found)


def _counted(reading: Reading, crossings: tuple[Crossing, ...], people: CTE) -> Counted:
    sets = {crossing: _columns(crossing) for crossing in crossings}
    names = sorted({name for columns in sets.values() for name in columns})
    counted: Counted = {crossing: Counter() for crossing in crossings}
    of_rows: dict[int, list[Crossing]] = {}
    for crossing, columns in sets.items():
        of_rows.setdefault(_absent(names, columns), []).append(crossing)
    for row in db.session.execute(_grouped(reading, people, names, set(sets.values()))):
        for crossing in of_rows[row.absent]:
            for key in _cell_keys(reading, crossing, row):
                counted[crossing][key] += row.people
    return counted


def _columns(crossing: Crossing) -> tuple[str, ...]:
    return tuple(sorted({COLUMN_OF[dimension] for dimension in crossing} - set(_ALWAYS)))


def _absent(names: Sequence[str], columns: tuple[str, ...]) -> int:
    """What GROUPING(names) gives for the rows of a set: a bit for each column that is not in it."""
    return sum(1 << place for place, name in enumerate(reversed(names)) if name not in columns)


def _grouped(
    reading: Reading, people: CTE, names: Sequence[str], sets: set[tuple[str, ...]]
) -> Any:
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


def _cell_keys(reading: Reading, crossing: Crossing, row: Row[Any]) -> Iterator[CellKey]:
    for key in itertools.product(*(keys_of(reading, dimension, row) for dimension in crossing)):
        yield key, row.standing, row.code, row.reason


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
