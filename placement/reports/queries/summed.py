"""Tallies of people from the kept sums: one dimension at a time, and a category with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from placement.accounts.models import Role
from placement.db import db
from placement.reference import destinations
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import HEADLINE_BITS
from placement.reports.queries.facts import Facts
from placement.reports.queries.readings import Reading
from placement.reports.questions import Base, Basis
from placement.reports.rates import Cell, Keys, Row, Tally, is_counted, part_of
from placement.reports.sums import LATER, TOTAL, Sizes, people_on, until, with_later
from placement.students.models import Category

_OF_STATE = {Dimension.CODE, Dimension.PART, Dimension.STANDING, Dimension.REASON}
_CATEGORIES = tuple(category.value for category in Category)
_PARTS_AT = 4
_CODES_AT = _PARTS_AT + len(destinations.PARTS)
"""Registered, counted, placed and known come first, then the parts, then the codes."""
_CELLS = text(
    "SELECT dimension, cells FROM fact_sums"
    " WHERE class_year = :class_year AND dimension = ANY (:dimensions) AND day ="
    " (SELECT max(day) FROM fact_moves WHERE class_year = :class_year AND day <= :as_of)"
)
_MOVES = text(
    "SELECT sizes, later.moves AS later, (SELECT moves FROM fact_moves AS kept"
    " WHERE kept.class_year = :class_year AND day <= :as_of ORDER BY day DESC LIMIT 1) AS moves"
    " FROM fact_builds LEFT JOIN fact_later_moves AS later USING (class_year)"
    " WHERE class_year = :class_year"
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

    def total(self, base: Base) -> Tally:
        """Everybody once."""
        tally = Tally(base, self.reading.question.scheme)
        people = self.people[TOTAL]
        for state, number in zip(self.states, people[0, 0].tolist(), strict=True):
            if number:
                tally.add(Cell((), *state, number))
        return tally

    def rows(
        self, crossing: Crossing, base: Base, label_of: Callable[[Keys], str]
    ) -> dict[Keys, Row]:
        """The rows of a crossing that is summed, by the keys that have anybody."""
        names, people = self._named(crossing, self.people[_dimension(crossing)])
        groups = people[:, 1:] if Dimension.CATEGORY in crossing else people[:, :1]
        figures = _Figures.of(self.states, base, self.reading.question.scheme)
        found: dict[Keys, Row] = {}
        for of_state, places in self._alike(crossing, base).items():
            counts = figures.counts(groups, places)
            inside = np.nonzero(counts[..., 0])
            for key, group, own in zip(
                *(numbers.tolist() for numbers in inside), counts[inside].tolist(), strict=True
            ):
                keys = _keys(crossing, names[key], _CATEGORIES[group], of_state)
                found[keys] = figures.row(keys, label_of(keys), own)
        return found

    def _named(
        self, crossing: Crossing, people: NDArray[np.int32]
    ) -> tuple[list[str], NDArray[np.int32]]:
        """The names of the keys of a crossing's kept dimension, and people by them.

        Several keys have one name where reports tell less apart than sums do.
        """
        kept = _kept(crossing)
        if not kept:
            return [""], people
        of = [_key(self.reading, Dimension(kept[0]), key) for key in self.keys[kept[0]]]
        names = list(dict.fromkeys(of))
        if len(names) == len(of):
            return names, people
        places = {name: place for place, name in enumerate(names)}
        added = np.zeros((len(names), *people.shape[1:]), dtype=people.dtype)
        np.add.at(added, [places[name] for name in of], people)
        return names, added

    def _alike(self, crossing: Crossing, base: Base) -> dict[Keys, list[int]]:
        """The numbers of the states that have the same keys in what a crossing asks of states."""
        asked = [dimension for dimension in crossing if dimension in _OF_STATE]
        alike: dict[Keys, list[int]] = {}
        for number, state in enumerate(self.states):
            own = _of_state(self.reading.question.scheme, base, state)
            alike.setdefault(tuple(own[dimension] for dimension in asked), []).append(number)
        return alike


def _keys(crossing: Crossing, name: str, category: str, of_state: Keys) -> Keys:
    if len(crossing) == 1 and not of_state:
        return (category if crossing[0] is Dimension.CATEGORY else name,)
    state = iter(of_state)
    return tuple(
        category
        if dimension is Dimension.CATEGORY
        else next(state)
        if dimension in _OF_STATE
        else name
        for dimension in crossing
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """What people of each state count for: a column for each figure of a row."""

    weights: NDArray[np.float64]
    codes: list[str]

    @classmethod
    def of(cls, states: Sequence[State], base: Base, scheme: str) -> "_Figures":
        codes = sorted({code for _, code, _ in states if code is not None})
        columns = {code: place for place, code in enumerate(codes, start=_CODES_AT)}
        weights = np.zeros((len(states), _CODES_AT + len(codes)))
        for number, (standing, code, _) in enumerate(states):
            weights[number, 0] = 1
            if not is_counted(standing, base):
                continue
            part = part_of(code, scheme)
            weights[number, 1] = 1
            weights[number, 2] = destinations.is_placed_part(part)
            weights[number, _PARTS_AT + destinations.PARTS.index(part)] = 1
            if code is not None:
                weights[number, [3, columns[code]]] = 1
        return cls(weights, codes)

    def counts(self, people: NDArray[np.int32], places: list[int]) -> NDArray[np.int64]:
        """The figures of people of some states; floating point is exact for counts."""
        found: NDArray[np.float64] = people[..., places].astype(np.float64) @ self.weights[places]
        return found.astype(np.int64)

    def row(self, keys: Keys, label: str, counts: list[int]) -> Row:
        """The row of these figures."""
        registered, counted, placed, known = counts[:_PARTS_AT]
        codes = zip(self.codes, counts[_CODES_AT:], strict=True)
        return Row(
            keys=keys,
            label=label,
            registered=registered,
            excluded=registered - counted,
            placed=placed,
            known=known,
            parts=dict(zip(destinations.PARTS, counts[_PARTS_AT:_CODES_AT], strict=True)),
            codes={code: people for code, people in codes if people},
        )


def read_sums(reading: Reading, facts: Facts, crossings: Iterable[Crossing]) -> Sums:
    """Read the people of crossings that are summed; the touched students as they were kept."""
    question = reading.question
    dimensions = sorted({_dimension(crossing) for crossing in crossings})
    asked = {"class_year": question.class_year, "as_of": question.as_of}
    found = db.session.execute(_CELLS, asked | {"dimensions": dimensions})
    cells = {row.dimension: row.cells for row in found}
    kept = db.session.execute(_MOVES, asked).one()
    summed, sizes = Sizes.read(kept.sizes), Sizes.of(facts.states, facts.keys)
    later = until(question.as_of, np.frombuffer(kept.later or b"", dtype=LATER))

    def people(name: str) -> NDArray[np.int32]:
        then = people_on(question.as_of, cells.get(name, b""), kept.moves or b"", name, summed)
        return with_later(then, later, name, sizes)

    return Sums(
        reading,
        [_state(state, question.basis) for state in facts.states],
        facts.keys,
        {name: people(name) for name in dimensions},
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
