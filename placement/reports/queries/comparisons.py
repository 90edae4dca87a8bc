"""All graduates, against whom the register is compared: only what was counted alike."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from placement.db import db
from placement.reference import destinations
from placement.reports.dimensions import Dimension
from placement.reports.models import Baseline
from placement.reports.queries.readings import Reading
from placement.reports.rates import percent

OTHER_SCHEME = "other_scheme"
NO_BASELINE = "no_baseline"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All graduates of a day and how many of them were placed."""

    graduates: int
    placed: int
    as_of: dt.date

    @property
    def rate(self) -> Decimal | None:
        """Placed of all graduates in percent."""
        return percent(self.placed, self.graduates)


def all_graduates(reading: Reading) -> tuple[Comparison | None, str | None]:
    """All graduates on the newest day that is known, up to the day asked; or None and the reason.

    Of the university and the level that the question is narrowed to, and of the viewer's own
    university; every other condition leaves them all in, since the register's groups are
    compared with everybody. The counts that came in follow the scheme of the class year, so
    that under another one nothing is comparable.
    """
    question = reading.question
    if question.scheme != destinations.scheme_for(question.class_year):
        return None, OTHER_SCHEME
    known = _known(reading)
    newest = select(func.max(Baseline.as_of)).where(*known).scalar_subquery()
    row = db.session.execute(
        select(
            func.sum(Baseline.graduates).label("graduates"),
            func.sum(Baseline.placed).label("placed"),
            func.max(Baseline.as_of).label("as_of"),
        ).where(*known, Baseline.as_of == newest)
    ).one()
    if row.as_of is None:
        return None, NO_BASELINE
    return Comparison(int(row.graduates), int(row.placed), row.as_of), None


def counts_of_graduates(reading: Reading) -> list[Comparison]:
    """All graduates of each day that is known, up to the day asked, oldest first.

    As `all_graduates` gives them for one day; none where nothing is comparable.
    """
    question = reading.question
    if question.scheme != destinations.scheme_for(question.class_year):
        return []
    rows = db.session.execute(
        select(func.sum(Baseline.graduates), func.sum(Baseline.placed), Baseline.as_of)
        .where(*_known(reading))
        .group_by(Baseline.as_of)
        .order_by(Baseline.as_of)
    )
    return [Comparison(int(graduates), int(placed), day) for graduates, placed, day in rows]


def _known(reading: Reading) -> list[ColumnElement[Any]]:
    question = reading.question
    conditions: list[ColumnElement[Any]] = [
        Baseline.class_year == question.class_year,
        Baseline.as_of <= question.as_of,
        Baseline.recorded_at <= reading.known_at,
        or_(Baseline.voided_at.is_(None), Baseline.voided_at > reading.known_at),
    ]
    if reading.graduates_of is not None:
        conditions.append(Baseline.university_id == reading.graduates_of)
    conditions += [Baseline.level == key for key in question.keys_of(Dimension.LEVEL)]
    return conditions
