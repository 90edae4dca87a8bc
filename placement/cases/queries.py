"""Reads of cases: every one starts from what the viewer may see."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import Action, Barrier, Case, Expectation, FollowUp, Goal
from placement.db import db, read_side_by_side
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


@dataclass(frozen=True, slots=True)
class Plan:
    """All that stands in a case."""

    barriers: Sequence[Barrier] = ()
    """These, the goals and the actions in the order in which they were written."""
    goals: Sequence[Goal] = ()
    actions: Sequence[Action] = ()
    contacts: Sequence[FollowUp] = ()
    """The last first."""
    expectations: Sequence[Expectation] = ()
    """What the student hoped for, the newest first."""


def plan_of(case: Case) -> Plan:
    """All that stands in a case, in one statement."""
    rows = read_side_by_side(
        {
            Barrier: Barrier.case_id == case.id,
            Goal: Goal.case_id == case.id,
            Action: Action.case_id == case.id,
            FollowUp: and_(FollowUp.case_id == case.id, FollowUp.voided_at.is_(None)),
            Expectation: Expectation.case_id == case.id,
        },
        joinedload(FollowUp.counselor),
    )
    return Plan(
        barriers=rows[Barrier],
        goals=rows[Goal],
        actions=rows[Action],
        contacts=sorted(rows[FollowUp], key=lambda row: (row.contacted_on, row.id), reverse=True),
        expectations=sorted(
            rows[Expectation], key=lambda row: (row.recorded_at, row.id), reverse=True
        ),
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
