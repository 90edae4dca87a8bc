"""Snapshots and publications as tables with words, for pages and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from placement import clock
from placement.reference import destinations
from placement.reports.dimensions import label, read_crossing
from placement.reports.models import Publication, Snapshot, SnapshotState
from placement.reports.rates import percent
from placement.reports.snapshots.answers import HIDDEN
from placement.reports.tables import Table, Value
from placement.reports.words import Words, column_word, crossing_word, page_locale, reason_word

STATES = {
    SnapshotState.DRAFT: (_("Draft, not signed"), "due"),
    SnapshotState.SIGNED: (_("Signed, not verified"), "act"),
    SnapshotState.VERIFIED: (_("Verified, not published"), "act"),
    SnapshotState.PUBLIC: (_("Made public"), "good"),
}
COUNTING_DAYS = {"first": _("First count"), "final": _("Year-end count")}
_COLUMNS: dict[str, Any] = {
    "version": _("Version"),
    "seal": _("Seal"),
    "note": _("Note"),
    "signed": _("Signed by"),
    "verified": _("Verified by"),
    "exclusions": _("Not counted"),
    "reasons": _("Counted so, because"),
}
_FIGURES = ("denominator", "placed", "rate", "known", "knowledge_rate", *destinations.PARTS)
_RATE_WORDS = {"rate": _("Rate"), "knowledge_rate": _("Knowledge rate")}
_RATES = {"rate": "placed", "knowledge_rate": "known"}


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as a page shows it: the first column names the row, counts and rates follow."""

    caption: str
    first: str
    columns: list[str]
    names: list[str]
    rows: list[tuple[str, list[Any]]]


def hidden_words() -> str:
    """Why a count is hidden, as it stands under every table and in every file."""
    return str(
        gettext(
            "* Hidden to protect people: fewer than 5, or it could be computed from other counts."
        )
    )


def state_words(snapshot: Snapshot) -> tuple[str, str]:
    """Where a snapshot stands, with the tone of its sign."""
    word, tone = STATES[snapshot.state]
    return str(word), str(tone)


def seal_words(snapshot: Snapshot) -> str:
    """The seal in hexadecimal, in groups of eight that a narrow page can break."""
    seal = snapshot.seal.hex()
    return " ".join(seal[start : start + 8] for start in range(0, len(seal), 8))


def day_words(snapshot: Snapshot) -> str:
    """Which counting day a snapshot is of; empty for any other day."""
    return str(COUNTING_DAYS.get(snapshot.counting_day or "", ""))


def figure_word(name: str) -> str:
    """What a count of a row is called, that of a part or a code by its table."""
    group, dot, inner = name.partition(".")
    if not dot:
        return column_word(name)
    if group == "parts":
        return column_word(inner)
    if group == "codes":
        return column_word(f"code_{inner}")
    return f"{_COLUMNS[group]}: {reason_word(inner)}"


def group_words(name: str, key: str, names: Mapping[str, str], scheme: str) -> str:
    """Who a row of a table counts; `names` are those of universities by code."""
    if name == "total":
        return column_word("total")
    crossing = read_crossing(name)
    keys = key.split("+", maxsplit=len(crossing) - 1)
    return " · ".join(
        label(dimension, own, universities=names, scheme=scheme, locale=page_locale())
        for dimension, own in zip(crossing, keys, strict=True)
    )


def caption_of(name: str) -> str:
    """What a table is called."""
    return column_word("total") if name == "total" else crossing_word(name)


def table_of_rows(name: str, figures: Mapping[str, Any], names: Mapping[str, str]) -> PageTable:
    """A frozen table, whole, for those who keep it."""
    columns = ["registered", *_FIGURES]
    return PageTable(
        caption=caption_of(name),
        first=caption_of(name),
        columns=[_page_word(column) for column in columns],
        names=columns,
        rows=[
            (
                group_words(name, row["key"], names, figures["scheme"]),
                [_frozen_value(row, column) for column in columns],
            )
            for row in figures["tables"][name]
        ],
    )


def printed_table_of(
    name: str, table: Mapping[str, Any], names: Mapping[str, str], snapshot: Snapshot
) -> PageTable:
    """A published table; a hidden count or rate is the mark."""
    scheme = destinations.scheme_for(snapshot.class_year)
    columns = [
        column
        for column in ("registered", *_FIGURES)
        if _RATES.get(column, column) in table["measures"]
    ]
    return PageTable(
        caption=caption_of(name),
        first=caption_of(name),
        columns=[_page_word(column) for column in columns],
        names=columns,
        rows=[
            (
                group_words(name, row["key"], names, scheme),
                [_printed_value(row, column) for column in columns],
            )
            for row in table["rows"]
        ],
    )


def publication_table(publication: Publication, names: Mapping[str, str]) -> Table:
    """All tables of a publication as one, for files; the note says what the mark means."""
    snapshot = publication.snapshot
    scheme = destinations.scheme_for(snapshot.class_year)
    columns = ("by", "key", "label", "registered", *_FIGURES, "note")
    rows: list[list[Value]] = []
    for name, table in tables_in_order(publication):
        for row in table["rows"]:
            values = [_printed_value(row, column) for column in ("registered", *_FIGURES)]
            note = hidden_words() if HIDDEN in values else None
            own = group_words(name, row["key"], names, scheme)
            rows.append([caption_of(name), row["key"], own, *values, note])
    source: list[tuple[str, Value]] = [
        ("class_year", snapshot.class_year),
        ("as_of", snapshot.as_of.isoformat()),
        ("known_at", snapshot.known_at.astimezone(clock.ZONE).isoformat()),
        ("university", None if snapshot.university is None else snapshot.university.name),
        ("version", snapshot.version),
        ("seal", snapshot.seal.hex()),
        ("signed", snapshot.signer),
        ("verified", snapshot.verifier),
        ("note", " ".join([hidden_words(), *coarsenings(publication)])),
    ]
    return Table(gettext("Published figures"), columns, rows, source)


def tables_in_order(publication: Publication) -> list[tuple[str, Any]]:
    """The tables of a publication as they are read: the total first, crossings last."""
    return sorted(
        publication.tables.items(),
        key=lambda pair: (pair[0] != "total", pair[0].count("+"), pair[0]),
    )


def publication_words() -> Words:
    """How the file of a publication names its columns."""
    return Words(
        lambda name: str(_COLUMNS[name]) if name in _COLUMNS else column_word(name),
        crossing_word,
    )


def coarsenings(publication: Publication) -> list[str]:
    """What was left out of the tables because it could not be printed safely, in words."""
    told = []
    for found in publication.proof["coarsened"]:
        table, left_out = caption_of(found["table"]), found["left_out"]
        if found["table"] not in publication.tables:
            told.append(
                gettext("Left out, since it could not be printed safely: %(table)s.", table=table)
            )
        else:
            told.append(
                gettext(
                    "Left out of %(table)s, since it could not be printed safely: %(columns)s.",
                    table=table,
                    columns=", ".join(column_word(name) for name in left_out),
                )
            )
    return list(dict.fromkeys(told))


def _page_word(column: str) -> str:
    """A column of a page, where the values say themselves that they are percent."""
    return str(_RATE_WORDS[column]) if column in _RATE_WORDS else column_word(column)


def _frozen_value(row: Mapping[str, Any], column: str) -> Any:
    if column in _RATES:
        return percent(row[_RATES[column]], row["denominator"])
    return row["parts"][column] if column in row["parts"] else row[column]


def _printed_value(row: Mapping[str, Any], column: str) -> Any:
    """A count, a rate, the mark, or None for what is not printed, and for a rate of nobody."""
    if column not in row:
        return None
    value = row[column]
    if column not in _RATES:
        return HIDDEN if value is None else value
    if value is not None:
        return Decimal(value)
    blank = row["denominator"] is None or row[_RATES[column]] is None
    return HIDDEN if blank else None
