"""Draws for whole columns at once, and shares of people that add up to the last person."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Texts = NDArray[np.object_]


def texts(values: Sequence[str]) -> Texts:
    """Return strings as a column of Python strings, which may be indexed by a column of numbers."""
    column = np.empty(len(values), dtype=np.object_)
    column[:] = values
    return column


def digits(numbers: Ints) -> Texts:
    """Return whole numbers as texts."""
    return texts([str(number) for number in numbers.tolist()])


def iso(days: Days) -> Texts:
    """Return days as 'YYYY-MM-DD', an empty text for none (NaT)."""
    known, inverse = np.unique(days.astype("datetime64[D]"), return_inverse=True)
    return texts(["" if np.isnat(day) else str(day) for day in known])[inverse]


def share_out(total: int, weights: Sequence[float] | Reals | Ints) -> Ints:
    """Share `total` people out by weight, whole people each, to the last one.

    The largest remainders get the people that are left over; the earlier of equals first.
    """
    exact = np.asarray(weights, dtype=np.float64)
    if total == 0:
        return np.zeros(len(exact), dtype=np.int64)
    exact = exact * (total / exact.sum())
    counts: Ints = np.floor(exact + 1e-9).astype(np.int64)
    left = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:left]] += 1
    return counts


def draw(rng: np.random.Generator, weights: Sequence[float] | Reals, size: int) -> Ints:
    """Draw `size` indices, each with the chance that its weight gives."""
    sums = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(sums / sums[-1], rng.random(size), side="right")
    return found.clip(max=len(sums) - 1).astype(np.int64)


def choose(rng: np.random.Generator, pool: Ints, count: int, weights: Reals | None = None) -> Ints:
    """Choose `count` different members of `pool`; all of it where it is smaller."""
    count = min(count, len(pool))
    if count <= 0:
        return pool[:0]
    chances = None if weights is None else weights / weights.sum()
    found: Ints = rng.choice(pool, size=count, replace=False, p=chances)
    return found


def rank_within(keys: NDArray[np.int64]) -> Ints:
    """Return for each element how many equal ones stand before it."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else order
    lengths = np.diff(np.r_[starts, len(keys)])
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return ranks
