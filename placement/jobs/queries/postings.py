"""Reads of postings: what is offered, found by words, place and state."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.jobs.models import Employer, Posting, PostingChange, PostingState
from placement.jobs.ranking.facts import city_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingFilter:
    """What a list of postings is narrowed to; empty values narrow nothing.

    `place` is a division: a province or a city; `level` a national level code that must be high
    enough; `state` is `open`, `closed` (or past its deadline), `unverified` (an employer whom
    nobody has verified) or empty for all.
    """

    text: str = ""
    place: str = ""
    level: str = ""
    reserved: str = ""
    state: str = "open"
    sort: str = "-published"


def is_live(day: dt.date | ColumnElement[dt.date]) -> ColumnElement[bool]:
    """The condition that a posting takes people on a local day: open, deadline included."""
    in_time = or_(Posting.deadline.is_(None), Posting.deadline >= day)
    return and_(Posting.state == PostingState.OPEN, in_time)


def is_verified() -> ColumnElement[bool]:
    """The condition that an employer is known: verified here, or brought by an import."""
    return or_(Employer.verified_at.is_not(None), Employer.import_id.is_not(None))


def visible_postings(viewer: Viewer) -> Select[Posting]:
    """Select the postings that the viewer may see, each with its employer.

    Staff see all: who may change one is another question. A student sees those that take people
    and come from an employer who is known.
    """
    postings = (
        select(Posting)
        .join(Employer, Employer.id == Posting.employer_id)
        .options(contains_eager(Posting.employer))
    )
    if viewer.role is Role.STUDENT:
        return postings.where(is_live(func.placement_today()), is_verified())
    return postings


def listed_postings(viewer: Viewer, wanted: PostingFilter, *, today: dt.date) -> Select[Posting]:
    """Select the visible postings that a filter leaves, in its order."""
    return (
        visible_postings(viewer)
        .where(*_conditions(wanted, today=today))
        .order_by(*_order(wanted.sort))
    )


def counted_postings(viewer: Viewer, wanted: PostingFilter, *, today: dt.date) -> Select[Any]:
    """Select the same postings to be counted, without their employers where those do not matter."""
    by_employer = wanted.text or wanted.state == "unverified" or viewer.role is Role.STUDENT
    if by_employer:
        return listed_postings(viewer, wanted, today=today).with_only_columns(Posting.id)
    return select(Posting.id).where(*_conditions(wanted, today=today))


def may_change(viewer: Viewer, posting: Posting) -> bool:
    """Whether the viewer may change a posting: the province all, others those of their university.

    Postings without a university are the whole province's.
    """
    if viewer.role is Role.PROVINCE:
        return True
    own = viewer.university_id is not None and posting.university_id == viewer.university_id
    return own and viewer.role in {Role.UNIVERSITY, Role.COUNSELOR}


def employer_known_as(name: str, code: str | None) -> Employer | None:
    """The employer of a code, or without one of exactly this name."""
    if code:
        return db.session.execute(
            select(Employer).where(Employer.code == code)
        ).scalar_one_or_none()
    return db.session.execute(
        select(Employer).where(Employer.name == name.strip()).order_by(Employer.id).limit(1)
    ).scalar_one_or_none()


def posting_numbered(employer: Employer, number: str) -> Posting | None:
    """The posting of an employer by its own number."""
    return db.session.execute(
        select(Posting).where(Posting.employer_id == employer.id, Posting.number == number)
    ).scalar_one_or_none()


def open_postings_of(employer: Employer) -> list[int]:
    """The numbers of the open postings of an employer."""
    return list(
        db.session.execute(
            select(Posting.id)
            .where(Posting.employer_id == employer.id, Posting.state == PostingState.OPEN)
            .order_by(Posting.id)
        ).scalars()
    )


def places_offered(*, today: dt.date) -> list[str]:
    """The cities in which live postings are, those with most postings first."""
    rows = db.session.execute(
        select(Posting.city, func.count())
        .where(is_live(today), Posting.city.is_not(None))
        .group_by(Posting.city)
    )
    counted: dict[str, int] = {}
    for city, count in rows:
        place = city_of(city or "")
        counted[place] = counted.get(place, 0) + count
    return sorted(counted, key=lambda place: (-counted[place], place))


def posting_changes() -> tuple[int, int]:
    """How postings and employers stand: two numbers that differ after any change of either."""
    count, last = db.session.execute(
        select(func.count(), func.coalesce(func.max(PostingChange.id), 0))
    ).one()
    return count, last


def _conditions(wanted: PostingFilter, *, today: dt.date) -> list[ColumnElement[bool]]:
    conditions = [_mentions(word) for word in wanted.text.split()]
    if wanted.place:
        conditions.append(_in_place(wanted.place))
    if wanted.level:
        conditions.append(or_(Posting.level.is_(None), Posting.level == wanted.level))
    if wanted.reserved:
        conditions.append(Posting.reserved_for.contains([wanted.reserved]))
    return conditions + _in_state(wanted.state, today)


def _mentions(word: str) -> ColumnElement[bool]:
    return or_(
        Posting.title.icontains(word, autoescape=True),
        Employer.name.icontains(word, autoescape=True),
        Posting.number == word,
        Posting.description.icontains(word, autoescape=True),
    )


def _in_place(place: str) -> ColumnElement[bool]:
    if place.endswith("0000"):
        return Posting.city.startswith(place[:2], autoescape=True)
    city = city_of(place)
    stem = city[:4] if city.endswith("00") else city
    return Posting.city.startswith(stem, autoescape=True)


def _in_state(state: str, today: dt.date) -> list[ColumnElement[bool]]:
    if state == "open":
        return [is_live(today)]
    if state == "closed":
        return [~is_live(today)]
    return [is_live(today), ~is_verified()] if state == "unverified" else []


def _order(sort: str) -> tuple[Any, ...]:
    columns: dict[str, Any] = {
        "title": Posting.title,
        "employer": Employer.name,
        "pay": func.coalesce(Posting.salary_max, Posting.salary_min),
        "openings": Posting.openings,
        "deadline": Posting.deadline,
        "published": Posting.published_at,
    }
    column = columns.get(sort.removeprefix("-"), Posting.published_at)
    order = column.desc() if sort.startswith("-") else column.asc()
    return order.nulls_last(), Posting.id.desc()
