"""Hiding what tells too much in figures that are asked for live, as publications do."""

from collections.abc import Mapping, Sequence
from typing import Any

from placement.reports.disclosure.releases import TOTAL, Release, atoms_of, measured, tell_too_much
from placement.reports.disclosure.suppression import protect
from placement.reports.rates import Row

MEASURES = ("denominator", "placed", "known")
"""The counts of a live answer."""
PROTECTED = frozenset({"category", "level", "sex", "ethnic", "origin", "university", "college"})
"""What rows may be grouped by where small counts are hidden: more rows take too long to protect."""

Counts = dict[str, int | None]


def plain_counts(total: Row, rows: Sequence[Row]) -> tuple[Counts, list[Counts]]:
    """The counts as they are, of the total and of each row."""
    return _counts(total), [_counts(row) for row in rows]


def protected_counts(total: Row, name: str, rows: Sequence[Row]) -> tuple[Counts, list[Counts]]:
    """The same with those hidden (None) that tell too much, and others against subtraction.

    `name` is what the rows are grouped by. A row whose table could not be protected is hidden.
    """
    atoms: Mapping[str, Any] = {
        TOTAL: {(): atoms_of(_plain(total))},
        name: {row.keys: atoms_of(_plain(row)) for row in rows},
    }
    release = Release(frozenset(), atoms, {TOTAL: MEASURES, name: MEASURES})
    if tell_too_much(release):
        release = protect(release).release
    return (
        _shown(release, TOTAL, ()),
        [_shown(release, name, row.keys) for row in rows],
    )


def _shown(release: Release, table: str, keys: tuple[str, ...]) -> Counts:
    printed = release.printed.get(table, ())
    return {
        measure: None
        if measure not in printed or (release.key_of(table, keys), measure) in release.hidden
        else measured(release.rows[table][keys], measure)
        for measure in MEASURES
    }


def _counts(row: Row) -> Counts:
    return {measure: getattr(row, measure) for measure in MEASURES}


def _plain(row: Row) -> dict[str, Any]:
    return {
        "registered": row.registered,
        "denominator": row.denominator,
        "placed": row.placed,
        "known": row.known,
        "parts": row.parts,
    }
