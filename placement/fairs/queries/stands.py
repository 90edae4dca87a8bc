"""Reads of stands and of the postings and employers behind them."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from placement.db import db
from placement.fairs.models import Fair, Stand, StandPosting
from placement.jobs.models import Employer, Posting
from placement.jobs.queries import is_live


def stands_of(fair: Fair) -> Sequence[Stand]:
    """The stands of a fair by their numbers, with the postings that they bring."""
    return (
        db.session.execute(
            select(Stand)
            .where(Stand.fair_id == fair.id, Stand.removed_at.is_(None))
            .options(selectinload(Stand.brought).joinedload(StandPosting.posting))
            .order_by(func.length(Stand.number), Stand.number)
        )
        .scalars()
        .all()
    )


def count_stands(fair: Fair) -> int:
    """How many stands a fair has."""
    counted = select(func.count()).where(Stand.fair_id == fair.id, Stand.removed_at.is_(None))
    return int(db.session.execute(counted).scalar_one())


def stand_choices(fair: Fair) -> list[tuple[int, str]]:
    """The number of each stand's row, and its place and employer in words, in their order."""
    rows = db.session.execute(
        select(Stand.id, Stand.number, Stand.employer_name)
        .where(Stand.fair_id == fair.id, Stand.removed_at.is_(None))
        .order_by(func.length(Stand.number), Stand.number)
    )
    return [(row.id, f"{row.number} {row.employer_name}") for row in rows]


def employers_named(text: str, *, today: dt.date, limit: int = 20) -> list[tuple[Employer, int]]:
    """Employers whose name holds all the words, or whose code it is, with their live postings.

    Those who offer most come first.
    """
    words = text.split()
    if not words:
        return []
    named = [Employer.name.icontains(word, autoescape=True) for word in words]
    live = (
        select(func.count())
        .where(Posting.employer_id == Employer.id, is_live(today))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Employer, live)
        .where(or_(Employer.code == text.strip(), and_(*named)))
        .order_by(live.desc(), Employer.name, Employer.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def live_postings_of(employer_id: int | None, *, today: dt.date) -> Sequence[Posting]:
    """The postings of an employer that take people on a local day; none without an employer."""
    if employer_id is None:
        return []
    return (
        db.session.execute(
            select(Posting)
            .where(Posting.employer_id == employer_id, is_live(today))
            .options(joinedload(Posting.employer))
            .order_by(Posting.title, Posting.id)
        )
        .scalars()
        .all()
    )
