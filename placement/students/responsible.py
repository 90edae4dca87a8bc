"""Reads of who is responsible for whom, who offers whom to whom, who is away."""

import datetime as dt
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.students.models import (
    Assignment,
    DefaultCounselor,
    HandOver,
    HandOverState,
    LeaveCover,
    Reassignment,
    Student,
)
from placement.students.queries import covers_on, in_scope, to_be_assigned


def responsible_id(student_id: int) -> int | None:
    """The user who is responsible for a student from now on; none where there is nobody."""
    return db.session.execute(
        select(Assignment.counselor_id).where(
            Assignment.student_id == student_id, Assignment.holds_to.is_(None)
        )
    ).scalar_one_or_none()


def students_of(viewer: Viewer, counselor_id: int | None) -> Select[Student]:
    """Select the students within the scope whom a counselor holds, class by class.

    Without a counselor, those to whom the university is still to give one.
    """
    held = exists().where(
        Assignment.student_id == Student.id,
        Assignment.holds_to.is_(None),
        to_be_assigned() if counselor_id is None else Assignment.counselor_id == counselor_id,
    )
    return (
        select(Student)
        .where(in_scope(viewer), held)
        .order_by(Student.college, Student.class_name, Student.name_key, Student.id)
    )


def counselors_of(university_id: int | None) -> Select[User]:
    """Select the counselors of a university whose accounts are open, by name."""
    return (
        select(User)
        .where(
            User.university_id == university_id,
            User.role == Role.COUNSELOR,
            User.disabled_at.is_(None),
        )
        .order_by(User.display_name, User.id)
    )


def counselors_with_counts(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """Select the counselors of the viewer's university with how many students they hold."""
    held = (
        select(Assignment.counselor_id, func.count().label("people"))
        .join(Student, Student.id == Assignment.student_id)
        .where(in_scope(viewer), Assignment.holds_to.is_(None))
        .group_by(Assignment.counselor_id)
        .subquery()
    )
    return (
        counselors_of(viewer.university_id)
        .with_only_columns(
            User.id, User.display_name, User.staff_number, func.coalesce(held.c.people, 0)
        )
        .outerjoin(held, held.c.counselor_id == User.id)
    )


def open_offer_of(student_id: int) -> HandOver | None:
    """The offer of a student that waits for an answer."""
    return db.session.execute(
        select(HandOver)
        .where(HandOver.student_id == student_id, HandOver.state == HandOverState.OFFERED)
        .options(joinedload(HandOver.receiver))
    ).scalar_one_or_none()


def offers_to(user_id: int) -> Select[*tuple[Any, ...]]:
    """Select the offers that wait for this user's answer; read it under the program's scope.

    The receiver does not see the student yet: the name, the class and what the sender wrote.
    """
    return (
        select(
            HandOver.id,
            HandOver.student_id,
            HandOver.offered_at,
            HandOver.reason,
            Student.name,
            Student.college,
            Student.class_name,
            User.display_name.label("sender"),
        )
        .join(Student, Student.id == HandOver.student_id)
        .join(User, User.id == HandOver.from_id)
        .where(HandOver.to_id == user_id, HandOver.state == HandOverState.OFFERED)
        .order_by(HandOver.offered_at, HandOver.id)
    )


def count_offers_to(user_id: int) -> int:
    """How many offers wait for this user's answer."""
    query = select(func.count()).where(
        HandOver.to_id == user_id, HandOver.state == HandOverState.OFFERED
    )
    return int(db.session.execute(query).scalar_one())


def visible_offers(viewer: Viewer) -> Select[HandOver]:
    """Select the offers that the viewer has a part in; a university those of its students."""
    own = or_(HandOver.to_id == viewer.user_id, HandOver.from_id == viewer.user_id)
    theirs = HandOver.student_id.in_(select(Student.id).where(in_scope(viewer)))
    return (
        select(HandOver)
        .where(theirs if viewer.role is Role.UNIVERSITY else own)
        .options(joinedload(HandOver.receiver), joinedload(HandOver.sender))
        .order_by(HandOver.offered_at.desc(), HandOver.id.desc())
    )


def offers_from(viewer: Viewer) -> Select[HandOver]:
    """Select what a counselor offered, with its student; the newest first."""
    return (
        visible_offers(viewer)
        .where(HandOver.from_id == viewer.user_id)
        .options(joinedload(HandOver.student))
    )


def visible_covers(viewer: Viewer, *, today: dt.date) -> Select[LeaveCover]:
    """Select the covers that hold or are to come, of the viewer or of the viewer's university."""
    covers = select(LeaveCover).options(joinedload(LeaveCover.absent), joinedload(LeaveCover.cover))
    if viewer.role is Role.UNIVERSITY:
        absent = select(User.id).where(User.university_id == viewer.university_id)
        covers = covers.where(LeaveCover.absent_id.in_(absent))
    else:
        covers = covers.where(
            or_(LeaveCover.absent_id == viewer.user_id, LeaveCover.cover_id == viewer.user_id)
        )
    return covers.where(LeaveCover.ended_at.is_(None), LeaveCover.last_on >= today).order_by(
        LeaveCover.first_on, LeaveCover.id
    )


def cover_of(counselor_id: int, *, today: dt.date) -> User | None:
    """Who looks after a counselor's students today, if the counselor is away."""
    return db.session.execute(
        select(User)
        .join(LeaveCover, LeaveCover.cover_id == User.id)
        .where(LeaveCover.absent_id == counselor_id, covers_on(today))
        .order_by(LeaveCover.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def visible_reassignments(viewer: Viewer) -> Select[Reassignment]:
    """Select the acts on many of the viewer's university, the newest first."""
    return (
        select(Reassignment)
        .where(Reassignment.university_id == viewer.university_id)
        .options(joinedload(Reassignment.maker), joinedload(Reassignment.sender))
        .order_by(Reassignment.made_at.desc(), Reassignment.id.desc())
    )


def visible_defaults(viewer: Viewer) -> Select[DefaultCounselor]:
    """Select who takes whom by default at the viewer's university, the whole of it first."""
    defaults = (
        select(DefaultCounselor)
        .where(DefaultCounselor.university_id == viewer.university_id)
        .options(joinedload(DefaultCounselor.counselor))
        .order_by(DefaultCounselor.college, DefaultCounselor.id)
    )
    if viewer.colleges:
        defaults = defaults.where(DefaultCounselor.college.in_(viewer.colleges))
    return defaults


def defaults_in_force(viewer: Viewer) -> Select[DefaultCounselor]:
    """Select those of `visible_defaults` that hold and name somebody."""
    return visible_defaults(viewer).where(
        DefaultCounselor.ended_at.is_(None), DefaultCounselor.counselor_id.is_not(None)
    )


def colleges_of(viewer: Viewer) -> list[str]:
    """The colleges that the viewer's students are of, by name."""
    found = select(Student.college).where(in_scope(viewer), Student.college.is_not(None))
    return sorted(filter(None, db.session.execute(found.distinct()).scalars()))
