"""The attacker: all that is published as linear constraints, and what they leave of each count.

The unknowns are the atoms of every row. An attacker knows that rows add up to those above them,
that everybody is in a category at least and in none twice, every count that is printed, and,
between two versions, which counts did not change (more than a real one would know). What the
linear program leaves of a count is its range.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from placement.reports.disclosure.releases import (
    ATOMS,
    CATEGORY,
    MEASURES,
    SMALLEST,
    Count,
    Key,
    Release,
    dimensions_of,
)

Unknown = tuple[Key, str, int]
"""An atom of a row with its true value: one that did not change between versions is the same."""

Step = Callable[[], None]
"""What to do before each linear program, such as to say that one is still at work."""

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]
NEAR = 1e-6
_ROUNDS = 16
_FEW = 40
_ROOM = 1_000.0
"""An atom may be this much larger than it is: far beyond what any range needs."""


@dataclass(frozen=True)
class System:
    """The unknowns with their true values, the relations, the counts over all releases.

    Two counts that are the same sum of the same unknowns are one, however often printed.
    """

    truth: Vector
    equal: csr_matrix
    """Rows that are 0 for every world the attacker thinks possible."""
    below: csr_matrix
    """Rows that do not exceed their limit."""
    limits: Vector
    sums: csr_matrix
    """One row a count: which unknowns it adds up."""
    labels: tuple[frozenset[Unknown], ...]
    """What each count adds up, which is the same in every system."""
    numbers: dict[Count, int]
    """The row of each count of the newest release."""
    printed_before: Mask
    """Which counts stand in an earlier release, where nothing can be hidden any more."""
    hidden_before: Mask

    @property
    def values(self) -> Vector:
        """The true value of each count."""
        values: Vector = self.sums @ self.truth
        return values


@dataclass
class Ranges:
    """The least and the greatest value that some possible world was found to give each count."""

    least: Vector
    greatest: Vector

    def learn(self, values: Vector) -> None:
        """Take in one more possible world."""
        np.minimum(self.least, values, out=self.least)
        np.maximum(self.greatest, values, out=self.greatest)

    def widths(self) -> Vector:
        """How many whole numbers each range holds."""
        low, high = np.ceil(self.least - NEAR), np.floor(self.greatest + NEAR)
        widths: Vector = high - low + 1
        return widths

    def narrow(self, targets: Mask) -> NDArray[np.intp]:
        """Which of the targets are not known to hold enough values."""
        return np.flatnonzero(targets & (self.widths() < SMALLEST))


def attack(system: System, printed: Mask, targets: Mask, ranges: Ranges, at_step: Step) -> Ranges:
    """Widen the ranges of the targets as far as needed to show that they hold enough values.

    One linear program whose objective pulls many counts at once proves many. When few are left
    they are asked for one by one, so that their ranges are exact; while many are left some may
    be wider than was found, and never narrower.
    """
    worlds = _Worlds(system, printed)
    chance = np.random.default_rng(20_160_831)
    for number in range(_ROUNDS):
        left = ranges.narrow(targets)
        if len(left) <= _FEW:
            break
        weights = np.zeros(system.sums.shape[0])
        weights[left] = (
            1 - 2 * (number % 2) if number < 2 else chance.choice((-1.0, 1.0), size=len(left))
        )
        at_step()
        ranges.learn(system.sums @ worlds.furthest(weights))
    left = ranges.narrow(targets)
    for row in left if len(left) <= _FEW else left[:0]:
        for sign in (1.0, -1.0):
            weights = np.zeros(system.sums.shape[0])
            weights[row] = sign
            at_step()
            ranges.learn(system.sums @ worlds.furthest(weights))
    return ranges


class _Worlds:
    """The worlds that fit all that is printed."""

    def __init__(self, system: System, printed: Mask) -> None:
        self.system = system
        self.equal = vstack([system.equal, system.sums[printed]], format="csr")
        self.right = np.concatenate([np.zeros(system.equal.shape[0]), system.values[printed]])
        self.bounds = np.column_stack([np.zeros(len(system.truth)), system.truth + _ROOM])

    def furthest(self, weights: Vector) -> Vector:
        """The world in which the weighted sum of the counts is the greatest."""
        found = scipy.optimize.linprog(
            -(self.system.sums.T @ weights),
            A_ub=self.system.below if self.system.below.shape[0] else None,
            b_ub=self.system.limits if self.system.below.shape[0] else None,
            A_eq=self.equal,
            b_eq=self.right,
            bounds=self.bounds,
            method="highs",
        )
        # The truth fits all that is printed, so that there is a world whatever the solver says.
        return self.system.truth if found.x is None else np.asarray(found.x, dtype=float)


class _Builder:
    """Numbers the unknowns and collects the relations between them."""

    def __init__(self) -> None:
        self.unknowns: dict[Unknown, int] = {}
        self.equal: dict[tuple[tuple[int, float], ...], None] = {}
        self.below: dict[tuple[tuple[int, float], ...], float] = {}
        self.sums: dict[tuple[int, ...], int] = {}

    def unknown(self, key: Key, atom: str, value: int) -> int:
        """The number of an atom; one that has not changed between versions is the same."""
        return self.unknowns.setdefault((key, atom, value), len(self.unknowns))

    def sum_of(self, key: Key, measure: str, atoms: dict[str, int]) -> int:
        """The number of a count."""
        parts = tuple(self.unknown(key, atom, atoms[atom]) for atom in MEASURES[measure])
        return self.sums.setdefault(parts, len(self.sums))

    def add(self, children: Iterable[int], parent: int, *, equal: bool = True) -> None:
        """The children add up to the parent, or (not `equal`) to no more than it."""
        row = tuple(sorted([(child, 1.0) for child in children] + [(parent, -1.0)]))
        if equal:
            self.equal[row] = None
        else:
            self.below[row] = 0.0

    def cover(self, categories: Sequence[int], everybody: int) -> None:
        """Nobody is twice in a category, and everybody is in one at least."""
        for category in categories:
            self.add([category], everybody, equal=False)
        row = [(category, -1.0) for category in categories] + [(everybody, 1.0)]
        self.below[tuple(sorted(row))] = 0.0

    def exist(self, key: Key, atoms: dict[str, int]) -> None:
        """A row of one dimension that is printed has somebody in it."""
        row = sorted((self.unknown(key, atom, atoms[atom]), -1.0) for atom in ATOMS)
        self.below[tuple(row)] = -1.0


def system_of(newest: Release, earlier: Sequence[Release] = ()) -> System:
    """All that `earlier` releases and the newest one make known, as one system."""
    builder = _Builder()
    for release in (*earlier, newest):
        for table in release.printed:
            _relate_table(builder, release, table)
            if len(dimensions_of(table)) <= 1:
                for keys, atoms in release.rows[table].items():
                    builder.exist(release.key_of(table, keys), dict(atoms))
    _relate_releases(builder, (*earlier, newest))
    numbers = {count: builder.sum_of(*count, dict(atoms)) for _, count, atoms in newest.counts()}
    before = [
        (builder.sum_of(*count, dict(atoms)), count in release.hidden)
        for release in earlier
        for _, count, atoms in release.counts()
    ]
    printed, hidden = (np.zeros(len(builder.sums), dtype=bool) for _ in range(2))
    for number, is_hidden in before:
        (hidden if is_hidden else printed)[number] = True
    size = len(builder.unknowns)
    names = list(builder.unknowns)
    truth = np.array([value for _, _, value in builder.unknowns], dtype=float)
    return System(
        truth=truth,
        equal=_matrix(builder.equal, size),
        below=_matrix(builder.below, size),
        limits=np.array(list(builder.below.values())),
        sums=_matrix([[(part, 1.0) for part in parts] for parts in builder.sums], size),
        labels=tuple(frozenset(names[part] for part in parts) for parts in builder.sums),
        numbers=numbers,
        printed_before=printed,
        hidden_before=hidden & ~printed,
    )


def _relate_table(builder: _Builder, release: Release, table: str) -> None:
    """Relate the rows of a table to those above them, down to the total of the release."""
    names = dimensions_of(table)
    for size in range(len(names), 0, -1):
        for chosen in itertools.combinations(names, size):
            for name in chosen:
                _relate_dimension(builder, release, chosen, name)


def _relate_dimension(
    builder: _Builder, release: Release, chosen: tuple[str, ...], name: str
) -> None:
    table = "+".join(chosen)
    rest = tuple(other for other in chosen if other != name)
    above = release.rows["+".join(rest) or "total"]
    groups: dict[tuple[str, ...], list[tuple[Key, dict[str, int]]]] = {}
    place = chosen.index(name)
    for keys, atoms in release.rows[table].items():
        group = keys[:place] + keys[place + 1 :]
        groups.setdefault(group, []).append((release.key_of(table, keys), dict(atoms)))
    for group, members in groups.items():
        key = release.key_of("+".join(rest) or "total", group)
        for atom in ATOMS:
            parent = builder.unknown(key, atom, above[group][atom])
            children = [builder.unknown(child, atom, atoms[atom]) for child, atoms in members]
            if name == CATEGORY:
                builder.cover(children, parent)
            else:
                builder.add(children, parent)


def _relate_releases(builder: _Builder, releases: Sequence[Release]) -> None:
    """Relate the rows of universities' own releases to those of the province's.

    Where the values add up the attacker is granted that they do; where they stay below, that
    they are part of it. Values of two moments that contradict each other say nothing.
    """
    values: dict[Key, dict[str, list[int]]] = {}
    for key, atom, number in builder.unknowns:
        values.setdefault(key, {}).setdefault(atom, []).append(number)
    fixed = {pair for release in releases for pair in release.fixed}
    parts: dict[Key, list[Key]] = {}
    for key in values:
        for pair in key & fixed:
            parts.setdefault(key - {pair}, []).append(key)
    for above in parts.keys() & values.keys():
        for atom, numbers in values[above].items():
            own = [(key, values[key][atom][-1]) for key in parts[above]]
            children = [builder.unknown(key, atom, number) for key, number in own]
            total = sum(number for _, number in own)
            for number in numbers:
                parent = builder.unknown(above, atom, number)
                if total <= number:
                    builder.add(children, parent, equal=total == number)


def _matrix(rows: Iterable[Iterable[tuple[int, float]]], columns: int) -> csr_matrix:
    data: list[float] = []
    places: list[int] = []
    starts = [0]
    for row in rows:
        for place, value in row:
            places.append(place)
            data.append(value)
        starts.append(len(places))
    return csr_matrix((data, places, starts), shape=(len(starts) - 1, columns))
