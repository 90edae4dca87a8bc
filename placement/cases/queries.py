"""Reads of cases: every one starts from what the viewer may see."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import Action, Barrier, Case, Expectation, FollowUp, Goal
from placement.db import db
from placement.errors import NotVisibleError
from placement.students.models import Student
from placement.students.queries import in_scope

Part = TypeVar("Part", Barrier, Goal, Action)


def visible_cases(viewer: Viewer) -> Select[Case]:
    """Select the cases of the students that the viewer may see, each with its student."""
    return (
        select(Case)
        .join(Case.student)
        .options(contains_eager(Case.student))
        .where(in_scope(viewer), Case.voided_at.is_(None))
    )


def due_cases(viewer: Viewer, *, today: dt.date) -> Select[Case]:
    """Select the visible open cases to act on: a contact due by `today`, or none planned.

    The longest overdue first, then those without any date.
    """
    due = Case.next_contact_on.is_(None) | (Case.next_contact_on <= today)
    return (
        visible_cases(viewer)
        .where(Case.closed_on.is_(None), due)
        .order_by(Case.next_contact_on.nulls_last(), Case.id)
    )


def case_of_student(viewer: Viewer, student_id: int) -> Case | None:
    """The case of a student, if there is one that the viewer may see."""
    return db.session.execute(
        visible_cases(viewer).where(Case.student_id == student_id)
    ).scalar_one_or_none()


def parts_of(case: Case, kind: type[Part]) -> Sequence[Part]:
    """The barriers, goals or actions of a case, in the order in which they were written."""
    return (
        db.session.execute(select(kind).where(kind.case_id == case.id).order_by(kind.id))
        .scalars()
        .all()
    )


def part_of(case: Case, kind: type[Part], row_id: int) -> Part:
    """One barrier, goal or action of this case. Raises NotVisibleError for one of another."""
    part = db.session.execute(
        select(kind).where(kind.case_id == case.id, kind.id == row_id)
    ).scalar_one_or_none()
    if part is None:
        raise NotVisibleError("There is no such entry in this case.")
    return part


def follow_up_of(case: Case, follow_up_id: int) -> FollowUp:
    """One contact of this case. Raises NotVisibleError for one of another."""
    found = db.session.execute(
        select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.id == follow_up_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotVisibleError("There is no such entry in this case.")
    return found


def follow_ups_of(case: Case) -> Sequence[FollowUp]:
    """The contacts of a case, the last first."""
    return (
        db.session.execute(
            select(FollowUp)
            .where(FollowUp.case_id == case.id, FollowUp.voided_at.is_(None))
            .options(joinedload(FollowUp.counselor))
            .order_by(FollowUp.contacted_on.desc(), FollowUp.id.desc())
        )
        .scalars()
        .all()
    )


def expectations_of(case: Case) -> Sequence[Expectation]:
    """What the student hoped for, the newest first."""
    return (
        db.session.execute(
            select(Expectation)
            .where(Expectation.case_id == case.id)
            .order_by(Expectation.recorded_at.desc(), Expectation.id.desc())
        )
        .scalars()
        .all()
    )


def opened_note(student: Student, barrier: Barrier) -> str:
    """The words to a barrier in clear; empty for none or for an erased person."""
    key = student.key()
    if barrier.note_sealed is None or key is None:
        return ""
    return key.open(barrier.note_sealed, "barriers.note", barrier.uid)


def opened_summary(student: Student, follow_up: FollowUp) -> str:
    """What was said in a contact, in clear; empty for none or for an erased person."""
    key = student.key()
    if follow_up.summary_sealed is None or key is None:
        return ""
    return key.open(follow_up.summary_sealed, "follow_ups.summary", follow_up.uid)
