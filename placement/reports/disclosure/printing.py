"""A protected release as tables of plain data: the form that is published and kept."""

from collections.abc import Mapping
from typing import Any

from placement.reports.disclosure.releases import (
    TOTAL,
    Atoms,
    Count,
    Release,
    measured,
)
from placement.reports.rates import percent

RATES = {"rate": "placed", "knowledge_rate": "known"}
"""Printed rates in percent of the denominator; blank where one of their counts is."""


def printed_tables(release: Release) -> dict[str, Any]:
    """The tables as they are published: a hidden count is None, and so is a rate made of one."""
    return {
        table: {
            "measures": list(measures),
            "rows": [
                _row(release, table, keys, atoms) for keys, atoms in release.rows[table].items()
            ],
        }
        for table, measures in release.printed.items()
    }


def printed_before(tables: Mapping[str, Any], rows: Mapping[str, Any], fixed: Any) -> Release:
    """The release that was published as `tables`; `rows` are those of its snapshot."""
    release = Release(
        fixed, rows, {name: tuple(table["measures"]) for name, table in tables.items()}
    )
    blank = {
        (name, row["key"], measure)
        for name, table in tables.items()
        for row in table["rows"]
        for measure in table["measures"]
        if row[measure] is None
    }
    hidden = {
        (release.key_of(name, keys), measure)
        for name, measures in release.printed.items()
        for keys in rows[name]
        for measure in measures
        if (name, _text(keys), measure) in blank
    }
    return release.hiding(frozenset(hidden))


def _row(release: Release, table: str, keys: tuple[str, ...], atoms: Atoms) -> dict[str, Any]:
    key = release.key_of(table, keys)
    row: dict[str, Any] = {"key": _text(keys)}
    for measure in release.printed[table]:
        count: Count = (key, measure)
        row[measure] = None if count in release.hidden else measured(atoms, measure)
    for rate, measure in RATES.items():
        if measure in row and "denominator" in row:
            row[rate] = _rate(row[measure], row["denominator"])
    return row


def _rate(share: int | None, whole: int | None) -> str | None:
    if share is None or whole is None:
        return None
    found = percent(share, whole)
    return None if found is None else f"{found:.2f}"


def _text(keys: tuple[str, ...]) -> str:
    return "+".join(keys) or TOTAL
