"""Cases without progress: nothing was done for long, or there are contacts and nothing moves.

Told so that somebody looks and helps; ordered by how long, never by a result or a rate.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Subquery, and_, cast, func, select, union_all
from sqlalchemy.orm import contains_eager

from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.cases.models import Action, ActionState, Barrier, Case, Goal, GoalState
from placement.jobs.models import Referral
from placement.students.models import Assignment, Student
from placement.students.queries import held_on, in_scope

NOTHING_DONE, NOTHING_MOVED = "done", "moved"
ZONE = "Asia/Shanghai"
SPANS = (30, 60, 90)
"""The choices of how many days are long."""


def still_cases(
    viewer: Viewer, *, class_year: int, kind: str, days: int, today: dt.date
) -> Select[*tuple[Any, ...]]:
    """Select rows of case, counselor's name, day of the last act, day of the last move, open goals.

    `kind` NOTHING_DONE gives the open cases in which for `days` days there was no contact and
    nothing was written or put forward; NOTHING_MOVED those that had contacts meanwhile, while no
    barrier, goal or action got any further. The one that stands still longest comes first.
    """
    moved = _days_moved()
    moved_on = func.greatest(Case.opened_on, moved.c.day)
    acted_on = func.greatest(moved_on, Case.last_contact_on)
    limit = today - dt.timedelta(days=days)
    long_still = acted_on < limit
    if kind == NOTHING_MOVED:
        long_still = and_(moved_on < limit, acted_on >= limit)
    since: ColumnElement[dt.date] = acted_on if kind == NOTHING_DONE else moved_on
    goals = (
        select(func.count())
        .where(Goal.case_id == Case.id, Goal.state == GoalState.OPEN)
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(Case, User.display_name, acted_on, moved_on, goals)
        .join(Case.student)
        .options(contains_eager(Case.student))
        .outerjoin(moved, moved.c.student_id == Case.student_id)
        .outerjoin(Assignment, and_(Assignment.student_id == Student.id, held_on(today)))
        .outerjoin(User, User.id == Assignment.counselor_id)
        .where(
            in_scope(viewer),
            Student.class_year == class_year,
            Case.voided_at.is_(None),
            Case.closed_on.is_(None),
            long_still,
        )
        .order_by(since, Case.id)
    )


def _days_moved() -> Subquery:
    """The last day on which anything of a student's plan got further, or a job was put forward."""
    parts = union_all(
        select(Action.student_id, Action.done_on.label("day")).where(
            Action.state == ActionState.DONE
        ),
        select(Goal.student_id, func.greatest(Goal.set_on, Goal.settled_on)),
        select(Barrier.student_id, func.greatest(Barrier.noted_on, Barrier.settled_on)),
        select(
            Referral.student_id, cast(func.timezone("Asia/Shanghai", Referral.referred_at), Date)
        ),
    ).subquery()
    return (
        select(parts.c.student_id, func.max(parts.c.day).label("day"))
        .group_by(parts.c.student_id)
        .subquery()
    )
