"""Cells of people from the kept sums: one dimension at a time, and a category with it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text

from placement.accounts.models import Role
from placement.db import db
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import HEADLINE_BITS
from placement.reports.queries.facts import Facts
from placement.reports.queries.readings import Reading
from placement.reports.questions import Basis
from placement.reports.rates import CellKey, is_counted, part_of
from placement.reports.sums import Sizes, counts_of, merge_states, people_on
from placement.students.models import Category

_TOTAL = "total"
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


def summed_cells(
    reading: Reading, facts: Facts, crossings: Iterable[Crossing]
) -> dict[Crossing, Counter[CellKey]]:
    """Count people by crossings that are summed; the touched students as they were kept."""
    crossings = tuple(crossings)
    needed = {_dimension(crossing) for crossing in crossings}
    question = reading.question
    rows = db.session.execute(
        _KEPT,
        {
            "class_year": question.class_year,
            "dimensions": sorted(needed),
            "as_of": question.as_of,
        },
    ).all()
    states = [_state(state, question.basis) for state in facts.states]
    merged = tuple(dict.fromkeys(states))
    places = [merged.index(state) for state in states]
    sizes = Sizes(len(states), {_TOTAL: 1} | {name: len(keys) for name, keys in facts.keys.items()})
    people = {
        row.dimension: merge_states(
            people_on(question.as_of, row.cells, row.moves, row.dimension, sizes),
            places,
            len(merged),
        )
        for row in rows
    }
    return {
        crossing: _cells(reading, facts, crossing, people.get(_dimension(crossing)), merged)
        for crossing in crossings
    }


def _kept(crossing: Crossing) -> list[str]:
    return [
        dimension.value
        for dimension in crossing
        if dimension is not Dimension.CATEGORY and dimension not in _OF_STATE
    ]


def _dimension(crossing: Crossing) -> str:
    return next(iter(_kept(crossing)), _TOTAL)


def _state(kept: tuple[str | None, ...], basis: Basis) -> State:
    standing, *verified_and_reported = kept
    code, reason = (
        verified_and_reported[:2] if basis is Basis.VERIFIED else verified_and_reported[2:]
    )
    return str(standing), code, str(reason)


def _cells(
    reading: Reading, facts: Facts, crossing: Crossing, people: Any, states: tuple[State, ...]
) -> Counter[CellKey]:
    found: Counter[CellKey] = Counter()
    if people is None:
        return found
    name = _dimension(crossing)
    keys = [] if name == _TOTAL else [_key(reading, name, key) for key in facts.keys[name]]
    parts = [_of_state(reading, state) for state in states]
    # Of a cell's numbers of key, group and state: which one a dimension looks up, and where.
    looked_up: list[tuple[int, Sequence[str]]] = []
    for dimension in crossing:
        if dimension is Dimension.CATEGORY:
            looked_up.append((1, _CATEGORIES))
        elif dimension in _OF_STATE:
            looked_up.append((2, [part[dimension] for part in parts]))
        else:
            looked_up.append((0, keys))
    for cell in counts_of(people, by_category=Dimension.CATEGORY in crossing):
        key = tuple([words[cell[place]] for place, words in looked_up])
        found[key, *states[cell[2]]] += cell[3]
    return found


def _key(reading: Reading, dimension: str, key: Any) -> str:
    if dimension == Dimension.UNIVERSITY:
        return reading.universities[key].code
    if dimension == Dimension.COMBINATION:
        return combination_key(code for code, bit in HEADLINE_BITS.items() if key & bit)
    return UNKNOWN if key is None else str(key)


def _of_state(reading: Reading, state: State) -> dict[str, str]:
    """The keys of a state in the dimensions that say how people count."""
    standing, code, reason = state
    question = reading.question
    return {
        Dimension.STANDING: standing,
        Dimension.CODE: UNKNOWN if code is None else code,
        Dimension.PART: part_of(code, question.scheme),
        Dimension.REASON: reason if is_counted(standing, question.base) else standing,
    }
