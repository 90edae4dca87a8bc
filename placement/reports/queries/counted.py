"""The people of a register, one row each: the one query behind figures, exports and lists."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    case,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from placement.accounts.models import Role
from placement.reference import categories, destinations, standings
from placement.reports.dimensions import UNKNOWN, Dimension
from placement.reports.queries.facts import CATEGORY_BITS, placed_codes
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import read_sql
from placement.reports.questions import Base, Basis, Condition, Status
from placement.reports.rates import SEEKING
from placement.students.models import Student
from placement.students.queries import in_scope

_SQL = read_sql("counted_people")
_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "student_id": BigInteger,
    "university_id": BigInteger,
    "college": Text,
    "level": Text,
    "sex": Text,
    "ethnic_group": Text,
    "origin": Text,
    "origin_division": Text,
    "category_bits": Integer,
    "standing": Text,
    "known": Boolean,
    "outcome_id": BigInteger,
    "outcome_on": Date,
    "stored_code": Text,
    "code": Text,
    "reason": Text,
}
HEADLINE_BITS = {code: CATEGORY_BITS[code] for code in categories.headline}
COLUMN_OF = {
    Dimension.CATEGORY: "category_bits",
    Dimension.COMBINATION: "category_bits",
    Dimension.LEVEL: "level",
    Dimension.SEX: "sex",
    Dimension.ETHNIC: "ethnic_group",
    Dimension.ORIGIN: "origin",
    Dimension.UNIVERSITY: "university_id",
    Dimension.COLLEGE: "college",
    Dimension.COUNTY: "origin_division",
    Dimension.CODE: "code",
    Dimension.PART: "code",
    Dimension.STANDING: "standing",
    Dimension.REASON: "reason",
}
"""The column of the people that holds what a dimension groups by."""


def counted_people(
    reading: Reading, *, as_of: dt.date | None = None, student_ids: Sequence[int] | None = None
) -> CTE:
    """The people of the register on the day, that the viewer may see, before any condition.

    `as_of` asks for another day than the question's, `student_ids` for these people alone.
    The columns are those of sql/counted_people.sql.
    """
    question = reading.question
    return (
        text(_SQL)
        .bindparams(
            class_year=question.class_year,
            as_of=as_of or question.as_of,
            known_at=reading.known_at,
            verified_only=question.basis is Basis.VERIFIED,
            placed=placed_codes(question.scheme),
            categories=list(CATEGORY_BITS),
            bits=list(CATEGORY_BITS.values()),
            university_id=reading.university_id,
            student_ids=None if student_ids is None else list(student_ids),
        )
        .columns(**_TYPES)
        .cte("people")
    )


def matching(
    reading: Reading, people: CTE, status: Status | None = None
) -> list[ColumnElement[bool]]:
    """The conditions on the people: the viewer's scope, the question's `where`, a status."""
    conditions = [_condition(reading, people, item) for item in reading.question.where]
    viewer = reading.viewer
    if viewer is not None and viewer.role is not Role.PROVINCE:
        own = select(Student.id).where(in_scope(viewer, with_voided=True))
        conditions.append(people.c.student_id.in_(own))
    if status is not None:
        conditions.append(_status(reading, people, status))
    return conditions


def is_left_out(reading: Reading, people: CTE) -> ColumnElement[bool]:
    """The condition that somebody is in the register and not in the denominator."""
    if reading.question.base is Base.REGISTERED:
        return false()
    return people.c.standing.in_(standings.left_out)


def reason_of(reading: Reading, people: CTE) -> ColumnElement[str]:
    """Why somebody counts as they do; for who is left out it is their standing."""
    return case((is_left_out(reading, people), people.c.standing), else_=people.c.reason)


def _condition(reading: Reading, people: CTE, item: Condition) -> ColumnElement[bool]:
    own: ColumnElement[str] = people.c[COLUMN_OF[item.dimension]]
    if item.dimension is Dimension.REASON:
        return reason_of(reading, people) == item.key
    if item.dimension is Dimension.CATEGORY:
        return own.op("&", return_type=Integer())(CATEGORY_BITS[item.key]) != 0
    if item.dimension is Dimension.COMBINATION:
        held = sum(bit for code, bit in HEADLINE_BITS.items() if code in item.key.split("."))
        headline = own.op("&", return_type=Integer())(sum(HEADLINE_BITS.values()))
        return headline == held
    if item.dimension is Dimension.UNIVERSITY:
        return own == reading.number_of(item.key)
    if item.dimension is Dimension.PART:
        return _part(people, item.key, reading.question.scheme)
    return own.is_(None) if item.key == UNKNOWN else own == item.key


def _part(people: CTE, part: str, scheme: str) -> ColumnElement[bool]:
    codes = destinations.parts_by_code(scheme)
    if part != SEEKING:
        return people.c.code.in_([code for code, own in codes.items() if own == part])
    elsewhere = [code for code, own in codes.items() if own != SEEKING]
    return or_(people.c.code.is_(None), people.c.code.not_in(elsewhere))


def _status(reading: Reading, people: CTE, status: Status) -> ColumnElement[bool]:
    left_out = is_left_out(reading, people)
    placed = people.c.reason.in_(("verified", "reported"))
    return {
        Status.COUNTED: ~left_out,
        Status.PLACED: and_(~left_out, placed),
        Status.NOT_PLACED: and_(~left_out, ~placed),
        Status.UNKNOWN: and_(~left_out, people.c.code.is_(None)),
        Status.EXCLUDED: left_out,
    }[status]
