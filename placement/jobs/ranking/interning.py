"""Small codes for repeated values: each distinct value once, and where it is used."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=Hashable)
Codes = NDArray[np.int32]
NONE = -1


@dataclass(frozen=True, slots=True)
class Interned(Generic[Value]):
    """The distinct `values`, and for each row the position of its value in them."""

    values: tuple[Value, ...]
    codes: Codes


def intern(rows: Iterable[Value]) -> Interned[Value]:
    """Give numbers to the distinct values of a column in the order in which they first occur."""
    numbers: dict[Value, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in rows]
    return Interned(tuple(numbers), np.asarray(codes, dtype=np.int32))


@dataclass(frozen=True, slots=True)
class Lists(Generic[Value]):
    """A short list in each row: `codes` is rows × longest list, filled up with NONE."""

    values: tuple[Value, ...]
    codes: Codes


def intern_lists(rows: Sequence[Sequence[Value]]) -> Lists[Value]:
    """Give numbers to the distinct values of a column of short lists, keeping each list's order."""
    longest = max((len(row) for row in rows), default=0)
    numbers: dict[Value, int] = {}
    codes = np.full((len(rows), max(longest, 1)), NONE, dtype=np.int32)
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            codes[at, place] = numbers.setdefault(value, len(numbers))
    return Lists(tuple(numbers), codes)


@dataclass(frozen=True, slots=True)
class Ragged:
    """A list of numbers in each row: those of row i are `items[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.int64]
    items: Codes


def ragged(rows: Sequence[Sequence[int]]) -> Ragged:
    """Lay lists of numbers end to end."""
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Ragged(starts, np.asarray([item for row in rows for item in row], dtype=np.int32))
