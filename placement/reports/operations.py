"""Reading people behind a figure: acts that are written down."""

from typing import Any

from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.reports.queries.changed_people import ChangedPeople, changed_people
from placement.reports.queries.histories import WhyCounted, why_counted
from placement.reports.queries.people import PeopleList, Shown, people_behind
from placement.reports.queries.readings import begin_reading
from placement.reports.queries.reconciliations import Reconciliation
from placement.reports.questions import Question, Status
from placement.reports.reconciliation.causes import Cause
from placement.students.models import Student


def list_people(
    question: Question,
    status: Status | None,
    *,
    viewer: Viewer | None,
    shown: Shown,
    reason: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> PeopleList:
    """List the people behind a figure and write down who was shown to whom.

    `viewer` None is the command line. `reason` is why names and numbers are shown in clear. Ends
    the transaction under way; the caller commits the one in which the list and its event are.
    Raises NoRegisterError, MomentNotClosedError and InvalidValueError as `begin_reading` does.
    """
    reading = begin_reading(question, viewer)
    found = people_behind(reading, status, shown=shown, limit=limit, offset=offset)
    details: dict[str, Any] = {
        "class_year": question.class_year,
        "as_of": question.as_of.isoformat(),
        "count": found.count,
    }
    if reason is not None:
        details["reason"] = reason
    record_event(
        "report.people_listed" if reason is None else "report.people_unmasked",
        actor_id=None if viewer is None else viewer.user_id,
        subject="reports",
        student_ids=[person.student_id for person in found.people],
        details=details,
    )
    return found


def list_changed_people(
    answer: Reconciliation,
    cause: Cause | None,
    *,
    viewer: Viewer | None,
    shown: Shown,
    reason: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> ChangedPeople:
    """List those whom two figures take differently and write down who was shown to whom.

    `cause` narrows the list to those who stand under it, `reason` is why names and numbers are
    shown in clear. The caller commits the transaction in which the figures were read.
    """
    found = changed_people(answer, cause, shown=shown, limit=limit, offset=offset)
    details: dict[str, Any] = {
        "class_year": answer.first.question.class_year,
        "as_of": answer.first.question.as_of.isoformat(),
        "compared_with": answer.second.question.as_of.isoformat(),
        "cause": None if cause is None else str(cause),
        "count": found.count,
    }
    if reason is not None:
        details["reason"] = reason
    record_event(
        "report.changes_listed" if reason is None else "report.changes_unmasked",
        actor_id=None if viewer is None else viewer.user_id,
        subject="reports",
        student_ids=[person.student_id for person in found.people],
        details=details,
    )
    return found


def explain_person(question: Question, student: Student, *, viewer: Viewer | None) -> WhyCounted:
    """Explain how one person counts, and write down who looked.

    `viewer` None is the command line; another's scope must hold the student. Ends the transaction
    under way; the caller commits the one in which the explanation and its event are. Raises
    MomentNotClosedError as `begin_reading` does.
    """
    student_id = student.id
    reading = begin_reading(question, viewer)
    explanation = why_counted(reading, db.session.get_one(Student, student_id))
    record_event(
        "student.read",
        actor_id=None if viewer is None else viewer.user_id,
        subject=explanation.student,
        details={"page": "figures", "as_of": question.as_of.isoformat()},
    )
    return explanation
