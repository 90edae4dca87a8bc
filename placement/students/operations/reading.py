"""Readings of a person's data; each leaves its trace."""

from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event, record_look
from placement.errors import InvalidValueError
from placement.students.models import Student

HIDDEN = ("id_number", "mobile", "email", "name")


def reveal(student: Student, column: str, *, actor: Viewer, reason: str) -> str:
    """The clear value of a hidden column of one student, with the reason on record.

    `column` is one of HIDDEN. Raises InvalidValueError without a reason.
    """
    if column not in HIDDEN:
        raise InvalidValueError("There is no such value.")
    if len(reason.strip()) < 4:
        raise InvalidValueError("Say why you need to see it.")
    record_event(
        "student.revealed",
        actor_id=actor.user_id,
        subject=student,
        details={"column": column, "reason": reason.strip()},
    )
    value: str | None = getattr(student, column)
    return value or ""


def record_reading(student: Student, *, actor: Viewer, page: str) -> None:
    """Write that somebody opened a page about a student."""
    record_event("student.read", actor_id=actor.user_id, subject=student, details={"page": page})


def record_listing(student_ids: list[int], *, actor: Viewer, page: str) -> None:
    """Write that somebody was shown a list with these students."""
    if student_ids:
        record_look(
            "students.listed",
            actor_id=actor.user_id,
            kind="students",
            student_ids=student_ids,
            details={"page": page},
        )
