"""The people behind a figure, and for each the reason why they count as they do."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, case, func, or_, select, true

from placement.accounts.models import University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.keys import keyring
from placement.reports.queries.changes import CLASS_CHANGED, MEMBERSHIP_ENDED, departures
from placement.reports.queries.counted import counted_people, is_left_out, matching, reason_of
from placement.reports.queries.readings import Reading, UniversityName, begin_reading
from placement.reports.queries.reports import require_register
from placement.reports.questions import Question, Status
from placement.reports.rates import part_of
from placement.students.models import Membership, MembershipState, Student


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a name and of an ID number a list shows; there is no default on purpose."""

    name: Callable[[str], str]
    id_number: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the people behind a figure, as a list shows them.

    `code` is the deciding code, `disputed` in dispute, None for who is unknown; `part` None is
    for people who are in no part. `reason` is a word of the table `report_words`, or the
    standing for which somebody is left out.
    """

    student_id: int
    student_number: str
    university: str
    university_name: str
    name: str
    id_number: str | None
    standing: str
    code: str | None
    part: str | None
    effective_on: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PeopleList:
    """Some of the people behind a figure, in the order of university and student number."""

    reading: Reading
    count: int
    """How many there are in all."""
    people: list[Person]


def people_behind(
    reading: Reading,
    status: Status | None,
    *,
    shown: Shown,
    limit: int | None = None,
    offset: int = 0,
) -> PeopleList:
    """List the people of a question that has begun, of a status or all of them.

    Raises NoRegisterError for a class year without a register.
    """
    selected = _selected(reading, status)
    rows = db.session.execute(selected.limit(limit).offset(offset)).all()
    count = rows[0].in_all if rows else _count(selected)
    if count == 0:
        require_register(reading)
    return PeopleList(reading, count, [_person(reading, row, shown) for row in rows])


def count_people(question: Question, status: Status | None, *, viewer: Viewer | None) -> int:
    """Count the people behind a figure.

    Ends the transaction under way; raises as `begin_reading` does.
    """
    return _count(_selected(begin_reading(question, viewer), status))


def _count(selected: Select[Any]) -> int:
    counted = select(func.count()).select_from(selected.order_by(None).subquery())
    return int(db.session.execute(counted).scalar_one())


def _selected(reading: Reading, status: Status | None) -> Select[Any]:
    if status is Status.LEFT:
        return _left(reading)
    people = counted_people(reading)
    left_out = is_left_out(reading, people)
    return _with_names(people, reason_of(reading, people), left_out).where(
        *matching(reading, people, status)
    )


def _left(reading: Reading) -> Select[Any]:
    gone = departures(reading)
    people = counted_people(reading, as_of=gone.since, student_ids=gone.student_ids)
    still_member = (
        select(Membership.id)
        .where(Membership.student_id == people.c.student_id, *_holds(reading))
        .exists()
    )
    reason = case((still_member, CLASS_CHANGED), else_=MEMBERSHIP_ENDED)
    return _with_names(people, reason, true()).where(people.c.student_id.in_(gone.student_ids))


def _holds(reading: Reading) -> list[ColumnElement[bool]]:
    """The conditions on a membership of somebody who left: it holds on the day all the same."""
    day, end = reading.question.as_of, Membership.holds_to
    closes = dt.date(reading.question.class_year, 12, 31)
    return [
        Membership.state == MembershipState.CONFIRMED,
        Membership.recorded_at <= reading.known_at,
        or_(Membership.voided_at.is_(None), Membership.voided_at > reading.known_at),
        Membership.holds_from <= day,
        or_(end.is_(None), end > min(day, closes)),
    ]


def _with_names(
    people: CTE, reason: ColumnElement[Any], left_out: ColumnElement[Any]
) -> Select[Any]:
    return (
        select(
            people.c.student_id,
            people.c.university_id,
            people.c.standing,
            people.c.code,
            people.c.outcome_on,
            people.c.known,
            reason.label("reason"),
            left_out.label("left_out"),
            Student.uid,
            Student.student_number,
            Student.name,
            Student.data_key,
            Student.id_number_sealed,
            func.count().over().label("in_all"),
        )
        .join(Student, Student.id == people.c.student_id)
        .join(University, University.id == people.c.university_id)
        .order_by(University.code, Student.student_number, Student.id)
    )


def _person(reading: Reading, row: Row[Any], shown: Shown) -> Person:
    university: UniversityName = reading.universities[row.university_id]
    number = id_number_of(row)
    return Person(
        student_id=row.student_id,
        student_number=row.student_number,
        university=university.code,
        university_name=university.name,
        name=shown.name(row.name),
        id_number=None if number is None else shown.id_number(number),
        standing=row.standing,
        code=row.code,
        part=None if row.left_out else part_of(row.code, reading.question.scheme),
        effective_on=row.outcome_on if row.known else None,
        reason=row.reason,
    )


def id_number_of(row: Row[Any]) -> str | None:
    """The ID number of a row with `uid`, `data_key` and `id_number_sealed`; None without one."""
    if row.data_key is None or row.id_number_sealed is None:
        return None
    key = keyring().data_key(row.uid, row.data_key)
    return key.open(row.id_number_sealed, "students.id_number", row.uid)
