"""Figures as the API gives them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from placement import clock
from placement.reports.api.schemas import FigureRow, PageInfo, PublicationSummary
from placement.reports.models import Publication
from placement.reports.rates import Row, percent

Item = TypeVar("Item")
MEASURES = ("denominator", "placed", "known")
"""The counts of a live answer."""
RATES = {"rate": "placed", "knowledge_rate": "known"}


def page_of(number: int, size: int, rows: int) -> PageInfo:
    """Where a page stands."""
    return PageInfo(page=number, page_size=size, pages=max(1, -(-rows // size)), rows=rows)


def part_of_list(items: Sequence[Item], page: PageInfo) -> Sequence[Item]:
    """The items of a page; none past the last."""
    start = (page.page - 1) * page.page_size
    return items[start : start + page.page_size]


def live_row(row: Row, key: str | None = None) -> FigureRow:
    """A row of a live report with its rates; `key` where it has none of its own."""
    return FigureRow(
        key=key or row.key,
        label=row.label,
        counts={measure: getattr(row, measure) for measure in MEASURES},
        rates={
            rate: _rate(getattr(row, measure), row.denominator) for rate, measure in RATES.items()
        },
    )


def published_row(row: dict[str, Any], measures: Sequence[str], label: str) -> FigureRow:
    """A row of a publication as it was published."""
    return FigureRow(
        key=row["key"],
        label=label,
        counts={measure: row[measure] for measure in measures},
        rates={rate: row[rate] for rate in RATES if rate in row},
    )


def summary_of(publication: Publication) -> PublicationSummary:
    """What a publication says of itself."""
    snapshot = publication.snapshot
    return PublicationSummary(
        publication_id=publication.id,
        class_year=snapshot.class_year,
        as_of=snapshot.as_of,
        known_at=snapshot.known_at.astimezone(clock.ZONE),
        university=None if snapshot.university is None else snapshot.university.code,
        version=snapshot.version,
        seal=snapshot.seal.hex(),
        published_at=publication.published_at.astimezone(clock.ZONE),
        tables=list(publication.tables),
    )


def _rate(share: int, whole: int) -> str | None:
    found = percent(share, whole)
    return None if found is None else f"{found:.2f}"
