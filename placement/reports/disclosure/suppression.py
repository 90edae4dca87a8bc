"""Which counts to leave blank, so that an attacker is left with five values of each at least.

First the counts that tell too much themselves; then, as long as the attacker narrows one of the
hidden ones down, the cheapest others, found by a linear program that moves the exposed counts
away from the truth and pays for every printed count that has to move with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, eye_array, hstack, vstack

from placement.reports.disclosure.attack import (
    Mask,
    Ranges,
    Step,
    System,
    Unknown,
    Vector,
    attack,
    system_of,
)
from placement.reports.disclosure.joins import without_circles
from placement.reports.disclosure.releases import (
    PARTS,
    SMALLEST,
    TOTAL,
    Coarsening,
    Release,
    dimensions_of,
    tell_too_much,
)

_AWAY = float(SMALLEST - 1)
_FARTHEST = 1_000.0
_THINNINGS = 2
_AT_ONCE = 30
_MOVED = 1e-4
_MEASURE_COST = {"registered": 8.0, "denominator": 5.0, "placed": 2.0, "known": 1.5}


@dataclass(frozen=True, slots=True)
class Protected:
    """A release that holds against the attacker, and what it took."""

    release: Release
    small: int
    """Counts hidden for what they say themselves."""
    complementary: int
    """Counts hidden so that the others cannot be computed."""
    narrowest: int | None
    """The fewest values that a hidden count was shown to hold; None where nothing is hidden."""
    coarsened: tuple[Coarsening, ...]


def _at_no_step() -> None:
    """Do nothing between the steps."""


def protect(
    newest: Release, earlier: Sequence[Release] = (), *, at_step: Step = _at_no_step
) -> Protected:
    """Hide what must be hidden in `newest`, given everything published before.

    `at_step` is called before each linear program; the size of the demo takes about a hundred.
    Where that is impossible the table in question loses its parts, then its rates, then itself.
    """
    coarsened: list[Coarsening] = []
    lost = _lost(newest, earlier, at_step)
    newest = without_circles(newest, earlier, coarsened)
    while True:
        try:
            return _protect(newest, earlier, lost, tuple(coarsened), at_step)
        except _ExposedError as error:
            newest = _coarser(newest, error.system, error.row, coarsened)


class _ExposedError(Exception):
    """Whatever is hidden, a count can be narrowed down."""

    def __init__(self, system: System, row: int) -> None:
        super().__init__("a count is exposed whatever is hidden")
        self.system = system
        self.row = row


def _lost(
    newest: Release, earlier: Sequence[Release], at_step: Step
) -> frozenset[frozenset[Unknown]]:
    """The counts hidden in earlier releases that those releases themselves give away."""
    lost: frozenset[frozenset[Unknown]] = frozenset()
    nothing = Release(newest.fixed, newest.rows, {})
    while True:
        try:
            _protect(nothing, earlier, lost, (), at_step)
        except _ExposedError as error:
            lost |= {error.system.labels[error.row]}
        else:
            return lost


def _protect(
    newest: Release,
    earlier: Sequence[Release],
    lost: frozenset[frozenset[Unknown]],
    coarsened: tuple[Coarsening, ...],
    at_step: Step,
) -> Protected:
    small = tell_too_much(newest)
    system = system_of(newest, earlier)
    costs = _costs(system, newest)
    held = np.array([label not in lost for label in system.labels], dtype=bool)
    hidden = system.hidden_before.copy()
    for count in small:
        hidden[system.numbers[count]] = True
    hidden &= ~system.printed_before
    ranges = Ranges(system.values.copy(), system.values.copy())
    while True:
        attack(system, ~hidden, hidden & held, ranges, at_step)
        if not len(ranges.narrow(hidden & held)):
            break
        hidden = _with_complements(system, hidden, held, ranges, costs, at_step)
    names = frozenset(count for count, number in system.numbers.items() if hidden[number])
    widths = ranges.widths()[hidden & held]
    return Protected(
        release=newest.hiding(names),
        small=len(small & names),
        complementary=len(names - small),
        narrowest=int(widths.min()) if len(widths) else None,
        coarsened=coarsened,
    )


def _costs(system: System, newest: Release) -> Vector:
    """What hiding each count costs the reader; without bound for what is printed already."""
    costs = np.full(system.sums.shape[0], np.inf)
    values = system.values
    for (key, measure), number in system.numbers.items():
        if system.printed_before[number]:
            continue
        depth = len(key) - len(newest.fixed)
        weight = {0: 60.0, 1: 6.0}.get(depth, 1.0) * _MEASURE_COST.get(measure, 1.0)
        costs[number] = min(costs[number], weight * (1 + 0.1 * np.log1p(values[number])))
    return costs


def _with_complements(
    system: System, hidden: Mask, held: Mask, ranges: Ranges, costs: Vector, at_step: Step
) -> Mask:
    """Hide more until each narrow count can be moved. Raises _ExposedError."""
    hidden = hidden.copy()
    at_once = _AT_ONCE
    while len(narrow := ranges.narrow(hidden & held)):
        at_step()
        worlds = _moves(system, hidden, narrow[:at_once], costs)
        for world in worlds:
            values = system.sums @ world
            hidden |= np.abs(values - system.values) > _MOVED
            ranges.learn(values)
        if worlds:
            at_once = min(2 * at_once, _AT_ONCE)
        elif at_once == 1:
            raise _ExposedError(system, int(narrow[0]))
        else:
            at_once = max(1, min(at_once, len(narrow)) // 4)
    return hidden


def _moves(
    system: System, hidden: Mask, narrow: NDArray[np.intp], costs: Vector
) -> tuple[Vector, ...]:
    """Worlds in which the narrow counts are far enough from the truth and few printed ones move.

    None if there are none. Small counts move up, for nobody knows that there are not more, and
    large ones down; else the other way; one that can do neither moves a little both ways.
    """
    first = np.where(system.values[narrow] >= 2 * SMALLEST, -_AWAY, _AWAY)
    for aims in (first, -first):
        world = _cheapest_move(system, hidden, narrow, aims, costs)
        if world is not None:
            return (world,)
    if len(narrow) > 1:
        return ()
    for up in (1.0, 2.0, 3.0):
        above = _cheapest_move(system, hidden, narrow, np.array([up]), costs)
        below = _cheapest_move(system, hidden, narrow, np.array([up - _AWAY]), costs)
        if above is not None and below is not None:
            return (above, below)
    return ()


def _cheapest_move(
    system: System, hidden: Mask, narrow: NDArray[np.intp], aims: Vector, costs: Vector
) -> Vector | None:
    """A world in which each narrow count is its aim away from the truth; None if there is none."""
    prices = np.where(hidden, 0.0, costs)
    payable = np.flatnonzero(~hidden & np.isfinite(prices))
    program = _Program(system, narrow, aims, payable, np.isinf(prices) & ~hidden)
    found = program.cheapest(prices[payable])
    if found is None:
        return None
    for _ in range(_THINNINGS):
        # Counts that barely move become dear: few move far instead of many a little.
        steps = np.abs(system.sums[payable] @ found)
        thinner = program.cheapest(prices[payable] / (steps + 0.1))
        found = found if thinner is None else thinner
    world: Vector = system.truth + found
    return world


class _Program:
    """The linear program of `_moved`: steps away from the truth, and their sizes on counts."""

    def __init__(
        self,
        system: System,
        narrow: NDArray[np.intp],
        aims: Vector,
        payable: NDArray[np.intp],
        still: Mask,
    ) -> None:
        unknowns, sizes = len(system.truth), len(payable)
        kept = vstack([system.equal, system.sums[still]])
        self.equal = hstack([kept, csr_matrix((kept.shape[0], sizes))], format="csr")
        paid = system.sums[payable]
        one = eye_array(sizes, format="csr")
        nothing = csr_matrix((len(narrow), sizes))
        self.below = vstack(
            [
                hstack([paid, -one]),
                hstack([-paid, -one]),
                hstack([system.below, csr_matrix((system.below.shape[0], sizes))]),
                hstack([diags_array(-np.sign(aims)) @ system.sums[narrow], nothing]),
            ],
            format="csr",
        )
        self.right = np.concatenate(
            [
                np.zeros(2 * sizes),
                system.limits - system.below @ system.truth,
                -np.abs(aims),
            ]
        )
        low = np.concatenate([-system.truth, np.zeros(sizes)])
        high = np.full(unknowns + sizes, _FARTHEST)
        self.bounds = np.column_stack([low, high])
        self.unknowns = unknowns

    def cheapest(self, weights: Vector) -> Vector | None:
        """The steps of the unknowns in the cheapest way; None if there is none."""
        found = scipy.optimize.linprog(
            np.concatenate([np.zeros(self.unknowns), weights]),
            A_ub=self.below,
            b_ub=self.right,
            A_eq=self.equal,
            b_eq=np.zeros(self.equal.shape[0]),
            bounds=self.bounds,
            method="highs",
        )
        return None if found.x is None else np.asarray(found.x[: self.unknowns], dtype=float)


def _coarser(newest: Release, system: System, row: int, coarsened: list[Coarsening]) -> Release:
    """The release with a table less or a shorter one: the most detailed that is exposed."""
    exposed = {count for count, number in system.numbers.items() if number == row}
    tables = {table for table, count, _ in newest.counts() if count in exposed}
    table = max(tables or newest.printed, key=lambda name: (len(dimensions_of(name)), name))
    printed = dict(newest.printed)
    own = printed.pop(table)
    kept = next(
        (
            shorter
            for fine in (PARTS, ("placed", "known"))
            if (shorter := tuple(m for m in own if m not in fine)) and shorter != own
        ),
        (),
    )
    if kept:
        printed[table] = kept
    coarsened.append(Coarsening(table, tuple(m for m in own if m not in kept)))
    return Release(newest.fixed, newest.rows, printed)


def measures_by_table(tables: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """What is printed of each table before anything is coarsened."""
    plain = ("denominator", "placed", "known", *PARTS)
    return {table: ("registered", *plain) if table == TOTAL else plain for table in tables}
