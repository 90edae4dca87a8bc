"""Sums of people by cell at the end of some days, and the moves between: packed arrays.

A cell is a key of one dimension, one of the categories or all people, and a state (a standing
with how its people count under either basis). To know the people of any day, the sums of the
last kept day before it are read, and the moves since are added: two small reads, whatever the
number of people. What changes about a few people later are moves of their own, which every day is
added those of, until the sums are made anew.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.reference import categories

DIMENSIONS = (
    "total",
    "combination",
    "level",
    "sex",
    "ethnic",
    "origin",
    "university",
    "college",
    "county",
)
"""What sums are kept of; `total` has one key."""
TOTAL = DIMENSIONS[0]
CATEGORIES = len(categories.codes)
GROUPS = CATEGORIES + 1
"""All people, then each category; somebody in several is in each of them."""

_START = dt.date(2000, 1, 1)
NEVER = 2**31 - 1
"""The day of a span that has no end."""
_FEW = 2**16
"""So many states or keys have numbers of two bytes."""
_CELL = np.dtype([("place", "<u4"), ("people", "<i4")])
SPAN = np.dtype(
    [(name, ">i4") for name in ("from_day", "until_day", "bits", "state", *DIMENSIONS[1:])]
)
"""A span of a person's facts in numbers: days as of 2000, categories, state, keys."""
_WHAT = ("bits", "state", *DIMENSIONS[1:])
LATER = np.dtype([(name, "<i4") for name in ("day", *_WHAT, "people")])
"""A later move: so many people more, or less, from a day on."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many states and keys of each dimension a class has."""

    states: int
    keys: dict[str, int]

    @classmethod
    def read(cls, sizes: Mapping[str, Any]) -> "Sizes":
        """The sizes that a class's sums were made with, as they are kept."""
        return cls(sizes["states"], sizes["keys"])

    @classmethod
    def of(cls, states: Sequence[Any], keys: Mapping[str, Sequence[Any]]) -> "Sizes":
        """The sizes of what a class's states and keys are."""
        return cls(len(states), {TOTAL: 1} | {name: len(found) for name, found in keys.items()})

    def cells(self, dimension: str) -> int:
        """How many cells a dimension has."""
        return self.keys[dimension] * GROUPS * self.states

    @property
    def move(self) -> np.dtype[Any]:
        """How a move is packed: its numbers take no more bytes than they need."""
        counts = {"state": self.states} | {name: self.keys[name] for name in DIMENSIONS[1:]}
        return np.dtype(
            [("day", "<i4"), ("people", "<i1"), ("bits", "<u1")]
            + [(name, "<u2" if count <= _FEW else "<u4") for name, count in counts.items()]
        )


@dataclass(frozen=True, slots=True)
class KeptDay:
    """The sums at the end of a day by dimension, and the moves up to the next such day."""

    day: dt.date
    cells: dict[str, bytes]
    moves: bytes


def day_number(day: dt.date) -> int:
    """The number of a day."""
    return (day - _START).days


def moves_of(parts: Iterable[NDArray[Any]], sizes: Sizes) -> NDArray[Any]:
    """What spans do: one person more in a cell on their first day, one less when they end.

    `parts` are spans, some at a time, which need not be held together.
    """
    packed = [made for spans in parts for made in _moves(spans, sizes.move)]
    if not packed:
        return np.empty(0, dtype=sizes.move)
    moves = np.concatenate(packed)
    del packed
    return moves[np.argsort(moves["day"], kind="stable")]


def _moves(spans: NDArray[Any], packed: np.dtype[Any]) -> Iterator[NDArray[Any]]:
    ended = spans[spans["until_day"] != NEVER]
    for source, day, people in ((spans, "from_day", 1), (ended, "until_day", -1)):
        moves = np.empty(len(source), dtype=packed)
        moves["day"], moves["people"] = source[day], people
        for name in ("bits", "state", *DIMENSIONS[1:]):
            moves[name] = source[name]
        yield moves


def kept_days(moves: NDArray[Any], sizes: Sizes, *, at_most: int) -> Iterator[KeptDay]:
    """The days to keep of moves in the order of days: at most `at_most` moves lie between two."""
    totals = Totals.nobody(sizes)
    for begin, kept, end in _stretches(moves["day"], at_most):
        totals.add(moves[begin:kept])
        yield KeptDay(
            _START + dt.timedelta(days=int(moves["day"][kept - 1])),
            {name: _packed(total) for name, total in totals.people.items()},
            moves[kept:end].tobytes(),
        )
        totals.add(moves[kept:end])


@dataclass(frozen=True, slots=True)
class Totals:
    """The people of all cells of each dimension, as moves are added."""

    sizes: Sizes
    people: dict[str, NDArray[np.int32]]

    @classmethod
    def nobody(cls, sizes: Sizes) -> "Totals":
        """The totals before the first move."""
        return cls(
            sizes, {name: np.zeros(sizes.cells(name), dtype=np.int32) for name in DIMENSIONS}
        )

    def add(self, moves: NDArray[Any]) -> None:
        """Add moves, of whatever form."""
        for name, total in self.people.items():
            _add(total, moves, name, self.sizes)


def _stretches(days: NDArray[np.int32], at_most: int) -> Iterator[tuple[int, int, int]]:
    """Where a kept day begins and ends among the moves, and where the moves after it end."""
    if not len(days):
        return
    starts = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    kept = [0]
    for place in range(1, len(starts)):
        after = int(starts[place + 1]) if place + 1 < len(starts) else len(days)
        begin = int(starts[kept[-1] + 1])
        if after - begin > at_most:
            kept.append(place)
    begins = [int(starts[place]) for place in kept]
    ends = [int(starts[place + 1]) if place + 1 < len(starts) else len(days) for place in kept]
    yield from zip(begins, ends, [*begins[1:], len(days)], strict=True)


def _add(total: NDArray[np.int32], moves: NDArray[Any], dimension: str, sizes: Sizes) -> None:
    people, bits = moves["people"].astype(np.int32), moves["bits"]
    first = moves["state"].astype(np.int64)
    if dimension != TOTAL:
        first += moves[dimension].astype(np.int64) * (GROUPS * sizes.states)
    np.add.at(total, first, people)
    for category in range(CATEGORIES):
        inside = np.flatnonzero(bits & (1 << category))
        np.add.at(total, first[inside] + (category + 1) * sizes.states, people[inside])


def _packed(total: NDArray[np.int32]) -> bytes:
    places = np.flatnonzero(total)
    cells = np.empty(len(places), dtype=_CELL)
    cells["place"], cells["people"] = places, total[places]
    return cells.tobytes()


def people_on(
    day: dt.date, cells: bytes, moves: bytes, dimension: str, sizes: Sizes
) -> NDArray[np.int32]:
    """The people on a day of a dimension, by key, group (all, then each category) and state."""
    total = np.zeros(sizes.cells(dimension), dtype=np.int32)
    packed = np.frombuffer(cells, dtype=_CELL)
    total[packed["place"]] = packed["people"]
    _add(total, until(day, np.frombuffer(moves, dtype=sizes.move)), dimension, sizes)
    return total.reshape(sizes.keys[dimension], GROUPS, sizes.states)


def with_later(
    people: NDArray[np.int32], later: NDArray[Any], dimension: str, sizes: Sizes
) -> NDArray[np.int32]:
    """The people of a dimension with later moves, among which new states and keys may be."""
    shape = (sizes.keys[dimension], GROUPS, sizes.states)
    if not len(later) and people.shape == shape:
        return people
    total = np.zeros(shape, dtype=np.int32)
    total[: people.shape[0], :, : people.shape[2]] = people
    _add(total.reshape(-1), later, dimension, sizes)
    return total


def until(day: dt.date, moves: NDArray[Any]) -> NDArray[Any]:
    """Those of moves in the order of days that are done at the end of a day."""
    return moves[: int(np.searchsorted(moves["day"], day_number(day), side="right"))]


def netted(*lists: NDArray[Any]) -> NDArray[Any]:
    """What lists of moves do together: later moves in order, each but once and none for nothing."""
    moves = np.zeros(sum(len(one) for one in lists), dtype=LATER)
    for name in LATER.names or ():
        moves[name] = np.concatenate([one[name] for one in lists])
    if not len(moves):
        return moves
    moves = moves[np.lexsort([moves[name] for name in reversed(("day", *_WHAT))])]
    differs = np.ones(len(moves), dtype=bool)
    differs[1:] = np.any([moves[name][1:] != moves[name][:-1] for name in ("day", *_WHAT)], axis=0)
    starts = np.flatnonzero(differs)
    people = np.add.reduceat(moves["people"], starts)
    moves = moves[starts]
    moves["people"] = people
    something: NDArray[Any] = moves[people != 0]
    return something
