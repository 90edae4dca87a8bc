"""What changed about a few people since the sums of their class were made, as moves of its own.

So a keeping after a few changes costs what the few cost, however many people a class has. Once
the later moves are as many as those of a stretch between two kept days, the sums are made anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as upsert

from placement.db import db
from placement.reports.models import FACT_LATER_MOVES
from placement.reports.queries.facts import kept_of
from placement.reports.summing import KEY_COLUMNS, STATE_COLUMNS, moves_between
from placement.reports.sums import LATER, day_number, netted

_SPAN = ("from_day", "until_day", "category_bits", *STATE_COLUMNS, *KEY_COLUMNS.values())
_STATES_AT = 3
_KEYS_AT = _STATES_AT + len(STATE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Changes:
    """Spans of facts that a class has more of, or fewer, and how many more people are in it."""

    spans: Mapping[tuple[Any, ...], int]
    people: int

    @classmethod
    def between(cls, before: Sequence[Row[Any]], after: Sequence[Row[Any]]) -> "Changes":
        """What lies between the facts of some students before and after."""
        spans = Counter(map(_span, after))
        spans.subtract(map(_span, before))
        people = len({row.student_id for row in after}) - len({row.student_id for row in before})
        return cls({span: number for span, number in spans.items() if number}, people)


def _span(row: Row[Any]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _SPAN)


def facts_by_year(student_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The facts of some students by the class years that they are in the register of."""
    found: dict[int, list[Row[Any]]] = {}
    for row in kept_of(student_ids):
        found.setdefault(row.class_year, []).append(row)
    return found


def later_moves(class_year: int) -> NDArray[Any]:
    """The moves of a class since its sums were made, in the order of days."""
    moves = select(FACT_LATER_MOVES.c.moves).where(FACT_LATER_MOVES.c.class_year == class_year)
    return np.frombuffer(db.session.execute(moves).scalar() or b"", dtype=LATER)


def add_changes(build: Row[Any], changes: Changes) -> dict[str, Any] | None:
    """Add changes to the later moves of a class; None if there are too many to be added.

    `build` is what is kept of the class; what of it is different then is given back.
    """
    states = [tuple(state) for state in build.states]
    keys = {name: list(found) for name, found in build.keys.items()}
    new = np.array(list(_moves(changes, states, keys)), dtype=LATER)
    moves = netted(later_moves(build.class_year), new)
    if len(moves) > moves_between(build.sizes["moves"]):
        return None
    values = {"class_year": build.class_year, "moves": moves.tobytes()}
    statement = upsert(FACT_LATER_MOVES).values(values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["class_year"], set_=values))
    return {
        "people": build.people + changes.people,
        "states": [list(state) for state in states],
        "keys": keys,
        "sizes": build.sizes,
    }


def _moves(
    changes: Changes, states: list[tuple[Any, ...]], keys: dict[str, list[Any]]
) -> Iterator[tuple[int, ...]]:
    """The moves of changed spans; states and keys that are new get the next numbers."""
    state_of = _Numbers(states)
    key_of = [_Numbers(keys[name]) for name in KEY_COLUMNS]
    for span, people in changes.spans.items():
        from_day, until_day, bits = span[:_STATES_AT]
        numbers = (
            bits,
            state_of[span[_STATES_AT:_KEYS_AT]],
            *(of[value] for of, value in zip(key_of, span[_KEYS_AT:], strict=True)),
        )
        yield (day_number(from_day), *numbers, people)
        if until_day is not None:
            yield (day_number(until_day), *numbers, -people)


class _Numbers(dict[Any, int]):
    """The numbers of values, which are their places in a list; an unknown one is put behind it."""

    def __init__(self, values: list[Any]) -> None:
        super().__init__(_numbered(values))
        self.values_in_order = values

    def __missing__(self, value: Any) -> int:
        self.values_in_order.append(value)
        self[value] = len(self.values_in_order) - 1
        return self[value]


def _numbered(values: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    return ((value, place) for place, value in enumerate(values))
