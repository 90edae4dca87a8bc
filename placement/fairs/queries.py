"""Reads of fairs, their stands and who comes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.fairs.models import Fair, SignUp, SignUpState, Stand
from placement.notices.models import Notice, NoticeKind
from placement.students.models import Student
from placement.students.queries import in_scope


def visible_fairs(viewer: Viewer) -> Select[Fair]:
    """Select the fairs that concern a viewer: the province's and the own university's.

    A student sees those that are open to all or to their class.
    """
    return select(Fair).where(_concerns(viewer))


def _concerns(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is Role.PROVINCE:
        return true()
    own = or_(Fair.university_id.is_(None), Fair.university_id == viewer.university_id)
    if viewer.role is not Role.STUDENT:
        return own
    class_year = select(Student.class_year).where(Student.id == viewer.student_id).scalar_subquery()
    return and_(own, or_(Fair.class_year.is_(None), Fair.class_year == class_year))


def coming_fairs(viewer: Viewer, *, today: dt.date) -> Select[Fair]:
    """Select the visible fairs from today on that were not cancelled, the next first."""
    return (
        visible_fairs(viewer)
        .where(Fair.on >= today, Fair.cancelled_at.is_(None))
        .order_by(Fair.on, Fair.id)
    )


def past_fairs(viewer: Viewer, *, today: dt.date) -> Select[Fair]:
    """Select the visible fairs before today and the cancelled ones, the last first."""
    return (
        visible_fairs(viewer)
        .where(or_(Fair.on < today, Fair.cancelled_at.is_not(None)))
        .order_by(Fair.on.desc(), Fair.id.desc())
    )


def stands_of(fair: Fair) -> Sequence[Stand]:
    """The stands of a fair by their numbers."""
    return (
        db.session.execute(
            select(Stand)
            .where(Stand.fair_id == fair.id)
            .order_by(func.length(Stand.number), Stand.number)
        )
        .scalars()
        .all()
    )


def counts_coming(viewer: Viewer, fair_ids: list[int]) -> dict[int, int]:
    """How many of the visible students said that they come, by fair."""
    rows = db.session.execute(
        select(SignUp.fair_id, func.count())
        .join(Student, Student.id == SignUp.student_id)
        .where(in_scope(viewer), SignUp.fair_id.in_(fair_ids), SignUp.state == SignUpState.COMING)
        .group_by(SignUp.fair_id)
    )
    return {row[0]: row[1] for row in rows}


def attendance(
    viewer: Viewer, fair: Fair, *, state: SignUpState | None = None, came: bool = False
) -> Select[*tuple[Any, ...]]:
    """Select the visible students with their sign-ups: all, of one state, or who came.

    Those who wait stand in the order of their line, the others by name.
    """
    found = (
        select(Student, SignUp)
        .join(SignUp, SignUp.student_id == Student.id)
        .where(in_scope(viewer), SignUp.fair_id == fair.id)
    )
    if came:
        found = found.where(SignUp.came_at.is_not(None))
    elif state is not None:
        found = found.where(SignUp.state == state)
    if state is SignUpState.WAITING:
        return found.order_by(SignUp.changed_at, SignUp.id)
    return found.order_by(Student.name_key, Student.id)


def count_attendance(viewer: Viewer, fair: Fair) -> dict[str, int]:
    """How many of the visible students are coming, waiting, withdrawn, and how many came."""
    rows = db.session.execute(
        select(SignUp.state, func.count(), func.count(SignUp.came_at))
        .join(Student, Student.id == SignUp.student_id)
        .where(in_scope(viewer), SignUp.fair_id == fair.id)
        .group_by(SignUp.state)
    ).all()
    counts = {str(state.value): 0 for state in SignUpState} | {"came": 0}
    for state, people, came in rows:
        counts[state.value] = people
        counts["came"] += came
    return counts


def sign_up_of(fair_id: int, student_id: int) -> SignUp | None:
    """A student's answer to a fair, if there is one."""
    return db.session.execute(
        select(SignUp)
        .where(SignUp.fair_id == fair_id, SignUp.student_id == student_id)
        .options(joinedload(SignUp.fair))
    ).scalar_one_or_none()


def notices_of(fair: Fair) -> Sequence[Notice]:
    """The notices that announced a fair, the newest first."""
    return (
        db.session.execute(
            select(Notice)
            .where(Notice.kind == NoticeKind.FAIR, Notice.subject_id == fair.id)
            .order_by(Notice.id.desc())
        )
        .scalars()
        .all()
    )
