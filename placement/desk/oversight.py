"""What an administrator watches: that nobody is missed, whose cases stand still."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, cast, func, select

from placement.accounts.models import University, User
from placement.accounts.viewer import Viewer
from placement.cases.models import Case
from placement.db import db
from placement.desk.register import SILENT
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


def overview_of(viewer: Viewer, *, class_year: int, today: dt.date) -> Overview:
    """The counts of a class year: people in the register, and what needs a look."""
    members = _members(today)
    member = members.c.student_id.is_not(None)
    still_open = and_(Case.id.is_not(None), Case.closed_on.is_(None))
    row = db.session.execute(
        select(
            _count(member),
            _count(and_(member, Case.id.is_(None))),
            _count(still_open),
            _count(and_(still_open, Case.next_contact_on < today)),
            _count(and_(still_open, _silent(today))),
            _count(and_(still_open, Case.next_step.is_(None))),
            _count(and_(still_open, to_be_assigned())),
        )
        .select_from(Student)
        .outerjoin(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .outerjoin(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
        .outerjoin(members, members.c.student_id == Student.id)
        .where(in_scope(viewer), Student.class_year == class_year)
    ).one()
    disputed = select(func.count()).select_from(
        select(Dispute.id)
        .join(Student, Student.id == Dispute.student_id)
        .where(in_scope(viewer), Student.class_year == class_year, Dispute.voided_at.is_(None))
        .subquery()
    )
    waiting = outcomes_to_verify(viewer).where(Student.class_year == class_year).order_by(None)
    return Overview(
        *row,
        to_verify=db.session.execute(
            select(func.count()).select_from(waiting.subquery())
        ).scalar_one(),
        disputed=db.session.execute(disputed).scalar_one(),
    )


def caseloads(viewer: Viewer, *, class_year: int, today: dt.date) -> Select[*tuple[Any, ...]]:
    """Select the counselors of a university with the state of their caseloads, by name.

    People, open cases, overdue, silent: service given, never a rate per counselor.
    """
    return (
        select(User.id, User.display_name, *_caseload_counts(today))
        .select_from(Student)
        .join(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
        .join(User, User.id == Assignment.counselor_id)
        .outerjoin(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .where(in_scope(viewer), Student.class_year == class_year)
        .group_by(User.id, User.display_name)
        .order_by(User.display_name, User.id)
    )


def universities_at_a_glance(
    viewer: Viewer, *, class_year: int, today: dt.date
) -> Select[*tuple[Any, ...]]:
    """Select the universities with the state of their cases, by name."""
    return (
        select(University.id, University.name, *_caseload_counts(today))
        .select_from(Student)
        .join(University, University.id == Student.university_id)
        .join(Case, and_(Case.student_id == Student.id, Case.voided_at.is_(None)))
        .where(in_scope(viewer), Student.class_year == class_year)
        .group_by(University.id, University.name, University.name_key)
        .order_by(University.name_key, University.id)
    )


def _caseload_counts(today: dt.date) -> tuple[ColumnElement[int], ...]:
    still_open = and_(Case.id.is_not(None), Case.closed_on.is_(None))
    return (
        func.count(Student.id).label("people"),
        _count(still_open).label("open"),
        _count(and_(still_open, Case.next_contact_on < today)).label("overdue"),
        _count(and_(still_open, _silent(today))).label("silent"),
        _count(and_(still_open, Case.next_step.is_(None))).label("without_step"),
    )


def _members(today: dt.date) -> Subquery:
    """Who is in a category: all of them at once, for counts of a whole class."""
    return select(Membership.student_id).where(membership_holds(today)).distinct().subquery()


def _silent(today: dt.date) -> ColumnElement[bool]:
    last = func.coalesce(Case.last_contact_on, Case.opened_on)
    return last < today - SILENT


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)
