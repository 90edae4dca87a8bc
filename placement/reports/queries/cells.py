"""Counts of people by what reports group by, of all crossings of a question at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, func, literal_column, select, tuple_

from placement.db import db
from placement.reports.dimensions import Crossing
from placement.reports.queries.counted import COLUMN_OF, counted_people, matching
from placement.reports.queries.facts import find_facts, kept_of, kept_people
from placement.reports.queries.persons import PersonThen, all_keys_of, people_then, selected
from placement.reports.queries.readings import Reading
from placement.reports.queries.summed import Sums, are_summed, read_sums
from placement.reports.questions import Base
from placement.reports.rates import Cell, CellKey, Keys, Row, Tally

_ALWAYS = ("standing", "code", "reason")
_Cells = dict[Crossing, Counter[CellKey]]


@dataclass(frozen=True, slots=True)
class Counts:
    """The people of a question by its crossings and by (), to be added up under any base.

    They are the kept sums if there are any, and the cells: what the sums do not say, with
    people less than none where they say too much.
    """

    reading: Reading
    sums: Sums | None
    cells: _Cells

    def rows(self, crossing: Crossing, label_of: Callable[[Keys], str]) -> dict[Keys, Row]:
        """The rows of a crossing by the keys that have anybody, under the question's base.

        Somebody in several categories is in a row of each; elsewhere everybody is in one.
        """
        base = self.reading.question.base
        rows = {} if self.sums is None else self.sums.rows(crossing, base, label_of)
        for keys, tally in self._tallies(crossing, base).items():
            row = tally.row(keys, label_of(keys))
            rows[keys] = row.plus(rows[keys]) if keys in rows else row
        return {keys: row for keys, row in rows.items() if row.registered}

    def total(self, base: Base | None = None) -> Tally:
        """Everybody once."""
        base = base or self.reading.question.base
        tally = Tally(base, self.reading.question.scheme)
        if self.sums is not None:
            tally = self.sums.total(base)
        for key, people in self.cells[()].items():
            tally.add(Cell(*key, people))
        return tally

    def _tallies(self, crossing: Crossing, base: Base) -> dict[Keys, Tally]:
        """What the cells say of a crossing."""
        tallies: dict[Keys, Tally] = {}
        for key, people in self.cells[crossing].items():
            cell = Cell(*key, people)
            if cell.key not in tallies:
                tallies[cell.key] = Tally(base, self.reading.question.scheme)
            tallies[cell.key].add(cell)
        return tallies


def count_crossings(reading: Reading) -> Counts:
    """Count the people of a question by each crossing that it asks for.

    From the kept facts where they answer, and from the history where they do not.
    """
    crossings: tuple[Crossing, ...] = tuple(dict.fromkeys(((), *reading.question.by)))
    facts = find_facts(reading)
    if facts is None:
        return Counts(reading, None, _counted(reading, crossings, counted_people(reading)))
    if are_summed(reading, crossings):
        sums = read_sums(reading, facts, crossings)
        cells: _Cells = {crossing: Counter() for crossing in crossings}
        if facts.touched:
            _add(reading, cells, _then(reading, kept_of(facts.touched)), -1)
    else:
        sums = None
        cells = _counted(reading, crossings, kept_people(reading, without=facts.touched))
    if facts.touched:
        _add(reading, cells, _then(reading, facts.told), 1)
    return Counts(reading, sums, cells)


def _then(reading: Reading, facts: Iterable[Any]) -> list[PersonThen]:
    return selected(reading, people_then(reading, facts, reading.question.as_of))


def _add(reading: Reading, cells: _Cells, people: Iterable[PersonThen], each: int) -> None:
    for person in people:
        for crossing, found in cells.items():
            for keys in all_keys_of(reading, crossing, person):
                found[keys, person.standing, person.code, person.reason] += each


def _counted(reading: Reading, crossings: tuple[Crossing, ...], people: CTE) -> _Cells:
    """Count in one statement, whatever the crossings."""
    sets = {crossing: _columns(crossing) for crossing in crossings}
    names = sorted({name for columns in sets.values() for name in columns})
    counted: _Cells = {crossing: Counter() for crossing in crossings}
    of_rows: dict[int, list[Crossing]] = {}
    for crossing, columns in sets.items():
        of_rows.setdefault(_absent(names, columns), []).append(crossing)
    for row in db.session.execute(_grouped(reading, people, names, set(sets.values()))):
        for crossing in of_rows[row.absent]:
            for keys in all_keys_of(reading, crossing, row):
                counted[crossing][keys, row.standing, row.code, row.reason] += row.people
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
