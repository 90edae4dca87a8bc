"""Many students to other counselors in one act: seen before it is done, taken back as one."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text

from placement import clock
from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import EditConflictError, InvalidValueError, NotAllowedError
from placement.students.models import Assignment, Reassignment, Student
from placement.students.operations.handing_over import check_receiver
from placement.students.operations.moving import move_students
from placement.students.responsible import students_of

MOST = 2000
UNDO_WITHIN = dt.timedelta(hours=24)

_END_NEW = text(
    "UPDATE assignments SET holds_to = holds_from"
    " WHERE id = ANY (CAST(:ids AS bigint[])) RETURNING student_id"
)
_REVIVE = text(
    """
    UPDATE assignments a SET holds_to = NULL
    FROM (
        SELECT DISTINCT ON (o.student_id) o.id FROM assignments o
        JOIN assignments n ON n.id = ANY (CAST(:ids AS bigint[])) AND n.student_id = o.student_id
        WHERE o.id < n.id AND o.counselor_id IS NOT DISTINCT FROM CAST(:sender AS bigint)
        ORDER BY o.student_id, o.id DESC
    ) before
    WHERE a.id = before.id
    """
)


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would go to whom."""

    parts: tuple[tuple[User, tuple[Student, ...]], ...]

    @property
    def people(self) -> int:
        """How many students would move."""
        return sum(len(students) for _, students in self.parts)

    @property
    def digest(self) -> str:
        """The same for the same people and receivers: what was shown is what is done."""
        plain = ";".join(
            f"{user.id}:{','.join(str(student.id) for student in students)}"
            for user, students in self.parts
        )
        return hashlib.sha256(plain.encode()).hexdigest()[:32]


def preview_reassignment(
    viewer: Viewer, *, from_id: int | None, receivers: Sequence[User]
) -> Preview:
    """Share the students of a counselor (none: those to be assigned) among receivers.

    Classes stay together as far as equal shares allow. Raises InvalidValueError without
    receivers or people, for receivers who cannot take students, and for more than 2,000.
    """
    if not receivers:
        raise InvalidValueError("Nobody is chosen.", remedy="Choose who takes the students.")
    for receiver in receivers:
        check_receiver(receiver, viewer.university_id or 0)
    if any(receiver.id == from_id for receiver in receivers):
        raise InvalidValueError("Giver and receiver are the same person.")
    students = list(db.session.execute(students_of(viewer, from_id).limit(MOST + 1)).scalars())
    if not students:
        raise InvalidValueError("There is nobody to give.")
    if len(students) > MOST:
        raise InvalidValueError("These are more than 2,000 people.", remedy="Narrow the account.")
    share, more = divmod(len(students), len(receivers))
    parts, start = [], 0
    for place, receiver in enumerate(receivers):
        end = start + share + (place < more)
        parts.append((receiver, tuple(students[start:end])))
        start = end
    return Preview(tuple(parts))


def reassign(
    preview: Preview, *, actor: Viewer, from_id: int | None, reason: str, digest: str
) -> Reassignment:
    """Do what was shown, from today on.

    Raises EditConflictError if it is no longer the same people, InvalidValueError without a
    reason.
    """
    if preview.digest != digest:
        raise EditConflictError(
            "The caseload has changed since.", remedy="Look at the preview again."
        )
    if len(reason.strip()) < 2:
        raise InvalidValueError("Say in a few words why.")
    row = Reassignment(
        university_id=actor.university_id,
        from_id=from_id,
        made_by=actor.user_id,
        reason=reason.strip(),
        people=preview.people,
    )
    db.session.add(row)
    db.session.flush()
    receivers = {student.id: user.id for user, students in preview.parts for student in students}
    move_students(receivers, actor=actor, today=clock.today(), reassignment_id=row.id)
    record_event(
        "students.reassigned", actor_id=actor.user_id, subject=row, student_ids=list(receivers)
    )
    return row


def undo_reassignment(row: Reassignment, *, actor: Viewer) -> int:
    """Give the students back to whom they were taken from; how many.

    Those who moved on since stay where they are. Raises NotAllowedError after a day and when
    the counselor has left.
    """
    if row.undone_at is not None:
        return 0
    if clock.now() - row.made_at > UNDO_WITHIN:
        raise NotAllowedError("This is older than a day.", remedy="Give the students back.")
    if row.from_id is not None and db.session.get_one(User, row.from_id).disabled_at is not None:
        raise NotAllowedError("The counselor's account is closed.")
    ids = list(
        db.session.execute(
            select(Assignment.id).where(
                Assignment.reassignment_id == row.id, Assignment.holds_to.is_(None)
            )
        ).scalars()
    )
    students = list(db.session.execute(_END_NEW, {"ids": ids}).scalars())
    db.session.execute(_REVIVE, {"ids": ids, "sender": row.from_id})
    row.undone_at = clock.now()
    record_event("reassignment.undone", actor_id=actor.user_id, subject=row, student_ids=students)
    return len(students)


def may_be_undone(row: Reassignment) -> bool:
    """Whether an act on many can still be taken back."""
    return row.undone_at is None and clock.now() - row.made_at <= UNDO_WITHIN


def count_of(viewer: Viewer, from_id: int | None) -> int:
    """How many students a counselor holds within the viewer's scope."""
    query = select(func.count()).select_from(students_of(viewer, from_id).order_by(None).subquery())
    return int(db.session.execute(query).scalar_one())
