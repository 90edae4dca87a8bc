"""Tallies of people from the kept sums: one dimension at a time, and a category with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from placement.accounts.models import Role
from placement.db import db
from placement.reference import standings
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import HEADLINE_BITS
from placement.reports.queries.facts import Facts
from placement.reports.queries.readings import Reading
from placement.reports.questions import Base, Basis
from placement.reports.rates import Keys, Tally, is_counted, part_of
from placement.reports.sums import TOTAL, Sizes, people_on
from placement.students.models import Category

_OF_STATE = {Dimension.CODE, Dimension.PART, Dimension.STANDING, Dimension.REASON}
_CATEGORIES = tuple(category.value for category in Category)
_KEPT = text(
    "SELECT dimension, cells, moves FROM fact_sums JOIN fact_moves USING (class_year, day)"
    " WHERE class_year = :class_year AND dimension = ANY (:dimensions) AND day ="
    " (SELECT max(day) FROM fact_moves WHERE class_year = :class_year AND day <= :as_of)"
)
State = tuple[str, str | None, str]
"""A standing, a deciding code (None: unknown) and a reason."""


def are_summed(reading: Reading, crossings: Iterable[Crossing]) -> bool:
    """Whether the sums answer: everybody, by at most one kept dimension beside the category."""
    whole = reading.viewer is None or reading.viewer.role is Role.PROVINCE
    return (
        whole
        and not reading.question.where
        and all(len(_kept(crossing)) <= 1 for crossing in crossings)
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """The people of a day in numbers, by dimension: by key, group and state.

    `states` are under the basis of the reading; several may be one then, and are added up.
    """

    reading: Reading
    states: list[State]
    keys: dict[str, list[Any]]
    people: dict[str, NDArray[np.int32]]

    def tallies(self, crossing: Crossing, base: Base) -> dict[Keys, Tally]:
        """The tallies of a crossing that is summed, by the keys that have anybody."""
        people = self.people.get(_dimension(crossing))
        if people is None:
            return {}
        groups = people[:, 1:] if Dimension.CATEGORY in crossing else people[:, :1]
        scheme = self.reading.question.scheme
        counting = _Counting.of(self.states, base, scheme)
        found: dict[Keys, Tally] = {}
        for of_state, places in self._alike(crossing, base).items():
            counts = counting.counts(groups, places)
            for key, group in zip(*np.nonzero(counts[..., 0]), strict=True):
                keys = self._keys(crossing, int(key), int(group), of_state)
                tally = found.setdefault(keys, Tally(base, scheme))
                counting.add(tally, counts[key, group])
        return found

    def _alike(self, crossing: Crossing, base: Base) -> dict[Keys, list[int]]:
        """The numbers of the states that have the same keys in what a crossing asks of states."""
        asked = [dimension for dimension in crossing if dimension in _OF_STATE]
        alike: dict[Keys, list[int]] = {}
        for number, state in enumerate(self.states):
            own = _of_state(self.reading.question.scheme, base, state)
            alike.setdefault(tuple(own[dimension] for dimension in asked), []).append(number)
        return alike

    def _keys(self, crossing: Crossing, key: int, group: int, of_state: Keys) -> Keys:
        state = iter(of_state)
        return tuple(
            _CATEGORIES[group]
            if dimension is Dimension.CATEGORY
            else next(state)
            if dimension in _OF_STATE
            else _key(self.reading, dimension, self.keys[dimension][key])
            for dimension in crossing
        )


@dataclass(frozen=True, slots=True)
class _Counting:
    """What people of each state count for: a column for each figure of a tally."""

    weights: NDArray[np.float64]
    names: list[tuple[str, list[str]]]
    """The counters of a tally, and what their columns, one after the other, are about."""

    @classmethod
    def of(cls, states: Sequence[State], base: Base, scheme: str) -> "_Counting":
        rows = [_counts_for(state, base, scheme) for state in states]
        names = [
            (counter, sorted({row[counter] for row in rows if counter in row}))
            for counter in ("codes", "parts", "reasons", "left_out")
        ]
        columns = {
            (counter, name): place
            for place, (counter, name) in enumerate(
                ((counter, name) for counter, own in names for name in own), start=2
            )
        }
        weights = np.zeros((len(states), 2 + len(columns)))
        for number, (row, state) in enumerate(zip(rows, states, strict=True)):
            weights[number, 0], weights[number, 1] = 1, is_counted(state[0], base)
            for pair in row.items():
                weights[number, columns[pair]] = 1
        return cls(weights, names)

    def counts(self, people: NDArray[np.int32], places: list[int]) -> NDArray[np.int64]:
        """The figures of people of some states; floating point is exact for counts."""
        found: NDArray[np.float64] = people[..., places].astype(np.float64) @ self.weights[places]
        return found.astype(np.int64)

    def add(self, tally: Tally, counts: NDArray[np.int64]) -> None:
        """Add the figures of one row to a tally."""
        values: Iterator[int] = iter(counts.tolist())
        tally.registered += next(values)
        tally.counted += next(values)
        for counter, names in self.names:
            own: Counter[str] = getattr(tally, counter)
            for name in names:
                if number := next(values):
                    own[name] += number


def _counts_for(state: State, base: Base, scheme: str) -> Mapping[str, str]:
    """The counters of a tally that somebody of a state stands in, and under which name."""
    standing, code, reason = state
    found = {} if standings.is_counted(standing) else {"left_out": standing}
    if is_counted(standing, base):
        found |= {"reasons": reason, "parts": part_of(code, scheme)}
        if code is not None:
            found["codes"] = code
    return found


def read_sums(reading: Reading, facts: Facts, crossings: Iterable[Crossing]) -> Sums:
    """Read the people of crossings that are summed; the touched students as they were kept."""
    question = reading.question
    rows = db.session.execute(
        _KEPT,
        {
            "class_year": question.class_year,
            "dimensions": sorted({_dimension(crossing) for crossing in crossings}),
            "as_of": question.as_of,
        },
    ).all()
    sizes = Sizes.of(facts.states, facts.keys)
    return Sums(
        reading,
        [_state(state, question.basis) for state in facts.states],
        facts.keys,
        {
            row.dimension: people_on(question.as_of, row.cells, row.moves, row.dimension, sizes)
            for row in rows
        },
    )


def _kept(crossing: Crossing) -> list[str]:
    return [
        dimension.value
        for dimension in crossing
        if dimension is not Dimension.CATEGORY and dimension not in _OF_STATE
    ]


def _dimension(crossing: Crossing) -> str:
    return next(iter(_kept(crossing)), TOTAL)


def _state(kept: tuple[str | None, ...], basis: Basis) -> State:
    standing, *verified_and_reported = kept
    code, reason = (
        verified_and_reported[:2] if basis is Basis.VERIFIED else verified_and_reported[2:]
    )
    return str(standing), code, str(reason)


def _key(reading: Reading, dimension: Dimension, key: Any) -> str:
    if dimension is Dimension.UNIVERSITY:
        return reading.universities[key].code
    if dimension is Dimension.COMBINATION:
        return combination_key(code for code, bit in HEADLINE_BITS.items() if key & bit)
    return UNKNOWN if key is None else str(key)


def _of_state(scheme: str, base: Base, state: State) -> dict[Dimension, str]:
    """The keys of a state in the dimensions that say how people count."""
    standing, code, reason = state
    return {
        Dimension.STANDING: standing,
        Dimension.CODE: UNKNOWN if code is None else code,
        Dimension.PART: part_of(code, scheme),
        Dimension.REASON: reason if is_counted(standing, base) else standing,
    }
