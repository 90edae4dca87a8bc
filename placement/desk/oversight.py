"""What an administrator watches: that nobody is missed, whose cases stand still."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from placement.accounts.models import University, User
from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.db import db
from placement.outcomes.models import Dispute
from placement.outcomes.queries import outcomes_to_verify
from placement.students.models import Assignment, Membership, Student
from placement.students.queries import held_on, in_scope, membership_holds, to_be_assigned


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of people of one class year within a scope."""

    registered: int
    without_case: int
    open_cases: int
    overdue: int
    silent: int
    without_step: int
    to_assign: int
    """Open cases for which the university itself is responsible until it names somebody."""
    to_verify: int
    disputed: int


def overview_of(
    viewer: Viewer, *, class_year: int, today: dt.date, silent_after: dt.timedelta
) -> Overview:
    """The counts of a class year: people in the register, and what needs a look.

    Who had no contact for longer than `silent_after` is silent.
    """
    return Overview(
        *db.session.execute(_registered(viewer, class_year, today)).one(),
        *db.session.execute(_open_cases(viewer, class_year, today, silent_after)).one(),
        to_verify=_count_of(outcomes_to_verify(viewer), class_year),
        disputed=_count_of(_disputed(viewer), class_year),
    )


def _registered(viewer: Viewer, class_year: int, today: dt.date) -> Select[int, int]:
    """Select how many are in the register, and how many of them have no case."""
    member = exists().where(Membership.student_id == Student.id, membership_holds(today))
    return (
        select(func.count(), func.count().filter(Case.id.is_(None)))
        .select_from(Student)
        .outerjoin(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .where(in_scope(viewer), Student.class_year == class_year, member)
    )


def _open_cases(
    viewer: Viewer, class_year: int, today: dt.date, silent_after: dt.timedelta
) -> Select[int, int, int, int, int]:
    """Select the open cases: all, overdue, silent, without a step, to be assigned."""
    # From the open cases on: most are closed once the year is over.
    return (
        select(
            func.count(),
            func.count().filter(Case.next_contact_on < today),
            func.count().filter(_silent(today, silent_after)),
            func.count().filter(Case.next_step.is_(None)),
            func.count().filter(to_be_assigned()),
        )
        .select_from(Case)
        .join(Student, Student.id == Case.student_id)
        .outerjoin(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
        .where(
            in_scope(viewer),
            Student.class_year == class_year,
            Case.voided_at.is_(None),
            Case.closed_on.is_(None),
        )
    )


def _disputed(viewer: Viewer) -> Select[int]:
    return (
        select(Dispute.id)
        .join(Student, Student.id == Dispute.student_id)
        .where(in_scope(viewer), Dispute.voided_at.is_(None))
    )


def _count_of(found: Select[*tuple[Any, ...]], class_year: int) -> int:
    """How many rows a select of something of a `Student` has for a class year."""
    those = found.where(Student.class_year == class_year).order_by(None).subquery()
    return int(db.session.execute(select(func.count()).select_from(those)).scalar_one())


def caseloads(
    viewer: Viewer, *, class_year: int, today: dt.date, silent_after: dt.timedelta
) -> Select[*tuple[Any, ...]]:
    """Select the counselors of a university with the state of their caseloads, by name.

    People, open cases, overdue, silent: service given, never a rate per counselor.
    """
    return (
        select(User.id, User.display_name, *_caseload_counts(today, silent_after))
        .select_from(Student)
        .join(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
        .join(User, User.id == Assignment.counselor_id)
        .outerjoin(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .where(in_scope(viewer), Student.class_year == class_year)
        .group_by(User.id, User.display_name)
        .order_by(User.display_name, User.id)
    )


def universities_at_a_glance(
    viewer: Viewer, *, class_year: int, today: dt.date, silent_after: dt.timedelta
) -> Select[*tuple[Any, ...]]:
    """Select the universities with the state of their cases, by name."""
    return (
        select(University.id, University.name, *_caseload_counts(today, silent_after))
        .select_from(Student)
        .join(University, University.id == Student.university_id)
        .join(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .where(in_scope(viewer), Student.class_year == class_year)
        .group_by(University.id, University.name, University.name_key)
        .order_by(University.name_key, University.id)
    )


def _caseload_counts(today: dt.date, silent_after: dt.timedelta) -> tuple[ColumnElement[int], ...]:
    still_open = and_(Case.id.is_not(None), Case.closed_on.is_(None))
    return (
        func.count(Student.id).label("people"),
        func.count().filter(still_open).label("open"),
        func.count().filter(still_open, Case.next_contact_on < today).label("overdue"),
        func.count().filter(still_open, _silent(today, silent_after)).label("silent"),
        func.count().filter(still_open, Case.next_step.is_(None)).label("without_step"),
    )


def _silent(today: dt.date, silent_after: dt.timedelta) -> ColumnElement[bool]:
    last = func.coalesce(Case.last_contact_on, Case.opened_on)
    return last < today - silent_after
