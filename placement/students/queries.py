"""Reads of students: every one starts from what the viewer may see."""

import datetime as dt
import functools

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
    true,
    union_all,
)

from placement.accounts.models import Role, University, User
from placement.accounts.viewer import Viewer
from placement.clock import today as local_today
from placement.db import db
from placement.errors import NotVisibleError
from placement.students.models import (
    Assignment,
    LeaveCover,
    Membership,
    MembershipState,
    Student,
)


def in_scope(viewer: Viewer, *, with_voided: bool = False) -> ColumnElement[bool]:
    """The condition on `Student` that keeps to what the viewer may see.

    A student sees themself, a counselor the caseload of today, a university its own students
    (or those of the account's colleges), the province all. `with_voided` keeps those whom an
    undone import took out again, for reports of what was known before.
    """
    return _in_scope(viewer, local_today(), with_voided)


@functools.lru_cache(maxsize=1024)
def _in_scope(viewer: Viewer, day: dt.date, with_voided: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a key
    # A page asks for it in each of its statements, and making it takes longer than the database.
    own = _own_students(viewer, day)
    return own if with_voided else and_(own, Student.voided_at.is_(None))


def _own_students(viewer: Viewer, day: dt.date) -> ColumnElement[bool]:
    if viewer.role is Role.PROVINCE:
        return true()
    if viewer.role is Role.UNIVERSITY:
        own = Student.university_id == viewer.university_id
        return and_(own, Student.college.in_(viewer.colleges)) if viewer.colleges else own
    if viewer.role is Role.COUNSELOR:
        return Student.id.in_(_cared_for(viewer.user_id, day))
    if viewer.role is Role.STUDENT:
        return Student.id == viewer.student_id
    return false()


def _cared_for(counselor_id: int, day: dt.date) -> CompoundSelect[int]:
    """The caseload of a day, and those of the colleagues who are away on it."""
    mine = select(Assignment.student_id).where(
        Assignment.counselor_id == counselor_id, held_on(day)
    )
    covered = (
        select(Assignment.student_id)
        .join(LeaveCover, LeaveCover.absent_id == Assignment.counselor_id)
        .where(LeaveCover.cover_id == counselor_id, covers_on(day), held_on(day))
    )
    return union_all(mine, covered)


def covers_on(day: dt.date) -> ColumnElement[bool]:
    """The condition that a leave cover holds on `day`."""
    return and_(
        LeaveCover.ended_at.is_(None), LeaveCover.first_on <= day, LeaveCover.last_on >= day
    )


def visible_students(viewer: Viewer) -> Select[Student]:
    """Select the students that the viewer may see."""
    return select(Student).where(in_scope(viewer))


def student_by_number(number: str, university: University) -> Student:
    """The student of a university with this number. Raises NotVisibleError if there is none."""
    student = db.session.execute(
        select(Student).where(
            Student.student_number == number.strip(),
            Student.university_id == university.id,
            Student.voided_at.is_(None),
        )
    ).scalar_one_or_none()
    if student is None:
        raise NotVisibleError(
            "There is no student %(number)s at the university %(university)s.",
            remedy="Check the number and the university.",
            number=number,
            university=university.code,
        )
    return student


def held_on(day: dt.date) -> ColumnElement[bool]:
    """The condition that an assignment holds on `day`."""
    return and_(
        Assignment.holds_from <= day,
        or_(Assignment.holds_to.is_(None), Assignment.holds_to > day),
    )


def to_be_assigned() -> ColumnElement[bool]:
    """The condition on `Assignment` of a `Student` that the university is still to name somebody.

    Nobody is named, or somebody of a university that the student has left.
    """
    elsewhere = exists().where(
        User.id == Assignment.counselor_id, User.university_id != Student.university_id
    )
    return or_(Assignment.counselor_id.is_(None), elsewhere)


def counselor_of(student_id: int, *, today: dt.date) -> User | None:
    """Who is responsible for a student today."""
    return db.session.execute(
        select(User)
        .join(Assignment, Assignment.counselor_id == User.id)
        .where(Assignment.student_id == student_id, held_on(today))
        .order_by(Assignment.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def memberships_on(student_id: int, *, day: dt.date) -> Select[Membership]:
    """Select the confirmed memberships of a student that hold on `day`, as known now."""
    return (
        select(Membership)
        .where(Membership.student_id == student_id, membership_holds(day))
        .order_by(Membership.category, Membership.holds_from, Membership.id)
    )


def membership_holds(day: dt.date) -> ColumnElement[bool]:
    """The condition that a membership is confirmed and holds on `day`, as known now."""
    return and_(
        Membership.state == MembershipState.CONFIRMED,
        Membership.voided_at.is_(None),
        Membership.holds_from <= day,
        or_(Membership.holds_to.is_(None), Membership.holds_to > day),
    )
