"""What is printed of a snapshot, count by count, and which counts tell too much of somebody.

Every row of a table falls into atoms (the parts, with the unknown apart, and those not counted);
every printed count is a sum of atoms of one row. Rates are printed only where both their counts
are, so that with their rounding they say nothing more than the counts do.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from placement.reference import destinations

SMALLEST = 5
"""Fewer people than this are not shown, and a hidden count keeps at least as many values."""

EXCLUDED, UNKNOWN, SEEKING = "excluded", "unknown", "seeking"
ATOMS = (*destinations.PARTS, UNKNOWN, EXCLUDED)
_PLACED = tuple(part for part in destinations.PARTS if destinations.is_placed_part(part))
_COUNTED = (*destinations.PARTS, UNKNOWN)
MEASURES: dict[str, tuple[str, ...]] = {
    "registered": ATOMS,
    "denominator": _COUNTED,
    "placed": _PLACED,
    "known": destinations.PARTS,
    **{part: (part,) for part in destinations.PARTS},
    SEEKING: (SEEKING, UNKNOWN),
}
"""The printed counts and the atoms that each is the sum of."""

WHOLE = ("denominator", "placed", "known")
PARTS = destinations.PARTS
TOTAL = "total"
CATEGORY = "category"

Key = frozenset[tuple[str, str]]
"""Who is counted: the dimensions that a row is narrowed by, with their keys."""

Count = tuple[Key, str]
"""One printed count: whose, and which measure."""

Atoms = Mapping[str, int]


def atoms_of(row: Mapping[str, Any]) -> dict[str, int]:
    """The people of a row by atom: each person of the register is in one."""
    unknown = row["denominator"] - row["known"]
    atoms = dict(row["parts"]) | {
        UNKNOWN: unknown,
        EXCLUDED: row["registered"] - row["denominator"],
    }
    atoms[SEEKING] -= unknown
    return atoms


def measured(atoms: Atoms, measure: str) -> int:
    """A printed count of a row."""
    return sum(atoms[atom] for atom in MEASURES[measure])


@dataclass(frozen=True)
class Release:
    """What is printed of a snapshot.

    `rows` are the atoms of every row of every table of the snapshot by table and key, printed or
    not; `printed` the measures of each table that is printed; `hidden` the counts left blank.
    `fixed` is what all its people have in common, such as the university.
    """

    fixed: Key
    rows: Mapping[str, Mapping[tuple[str, ...], Atoms]]
    printed: Mapping[str, tuple[str, ...]]
    hidden: frozenset[Count] = field(default_factory=frozenset)

    def key_of(self, table: str, keys: Sequence[str]) -> Key:
        """Who a row of a table counts."""
        return self.fixed | frozenset(zip(dimensions_of(table), keys, strict=True))

    def counts(self) -> Iterator[tuple[str, Count, Atoms]]:
        """Every printed count with its table and the atoms of its row."""
        for table, measures in self.printed.items():
            for keys, atoms in self.rows[table].items():
                key = self.key_of(table, keys)
                for measure in measures:
                    yield table, (key, measure), atoms

    def hiding(self, hidden: frozenset[Count]) -> "Release":
        """The same with other counts left blank."""
        return replace(self, hidden=hidden)


@dataclass(frozen=True, slots=True)
class Coarsening:
    """What was left out of a table because it could not be printed safely."""

    table: str
    left_out: tuple[str, ...]
    """Measures; all of them where the whole table is left out."""


def dimensions_of(table: str) -> tuple[str, ...]:
    """The dimensions that a table groups by; none for the total."""
    return () if table == TOTAL else tuple(table.split("+"))


def rows_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[Any, Atoms]]:
    """The rows of a snapshot's tables as a release keeps them.

    A table of several dimensions has a row for each pair of their keys: one that were left out
    for want of people would say that there are none, and could not be hidden.
    """
    rows: dict[str, dict[Any, Atoms]] = {
        table: {_keys(table, row["key"]): atoms_of(row) for row in found}
        for table, found in tables.items()
    }
    nobody = dict.fromkeys(ATOMS, 0)
    for table, found in rows.items():
        names = dimensions_of(table)
        if len(names) > 1:
            keys = [[key for (key,) in rows[name]] for name in names]
            rows[table] = {pair: found.get(pair, nobody) for pair in itertools.product(*keys)}
    return rows


def tell_too_much(release: Release) -> frozenset[Count]:
    """The counts that must be hidden for what they say themselves, before any subtraction.

    Fewer than five people; fewer than five who are left of the whole; all or none of a category,
    which says of each of its people how they fared; and all of a row whose people are too few.
    """
    return frozenset(count for _, count, atoms in release.counts() if _tells_too_much(count, atoms))


def _keys(table: str, text: str) -> tuple[str, ...]:
    names = dimensions_of(table)
    return tuple(text.split("+", maxsplit=len(names) - 1)) if names else ()


def _tells_too_much(count: Count, atoms: Atoms) -> bool:
    key, measure = count
    number, people = measured(atoms, measure), measured(atoms, "denominator")
    if measure == "registered":
        return _is_small(number) or _is_small(atoms[EXCLUDED])
    if _is_small(number) or (_is_small(people) and number > 0):
        return True
    if measure == "denominator":
        return False
    if _is_small(people - number):
        return True
    return _is_sensitive(key) and people > 0 and _is_all_or_none(measure, number, people)


def _is_all_or_none(measure: str, number: int, people: int) -> bool:
    if measure == "known":
        return False
    return number == people or (measure == "placed" and number == 0)


def _is_sensitive(key: Key) -> bool:
    return any(dimension == CATEGORY for dimension, _ in key)


def _is_small(number: int) -> bool:
    return 0 < number < SMALLEST
