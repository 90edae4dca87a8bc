"""Default counselors: who takes the students for whom nobody is named."""

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.students.models import DefaultCounselor
from placement.students.operations.handing_over import check_receiver


def set_default(
    university_id: int, college: str, counselor: User | None, *, actor: Viewer
) -> DefaultCounselor:
    """Say who takes the students of a college, or of the whole university ("") without anybody.

    `counselor` None says that nobody does again. Raises NotAllowedError for another university or
    college than the actor's, InvalidValueError for an account that cannot or nothing to change.
    """
    if actor.role is not Role.UNIVERSITY or actor.university_id != university_id:
        raise NotAllowedError("The university itself names its default counselors.")
    if actor.colleges and college not in actor.colleges:
        raise NotAllowedError("This college belongs to somebody else.")
    if counselor is not None:
        check_receiver(counselor, university_id)
    held = _open_row(university_id, college)
    if (held.counselor_id if held else None) == (counselor.id if counselor else None):
        raise InvalidValueError("It is so already.")
    if held is not None:
        held.ended_at = clock.now()
        db.session.flush()
    row = DefaultCounselor(
        university_id=university_id,
        college=college,
        counselor_id=None if counselor is None else counselor.id,
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    db.session.add(row)
    record_event("default_counselor.set", actor_id=actor.user_id, subject=row)
    return row


def take_back_default(row: DefaultCounselor, *, actor: Viewer) -> DefaultCounselor:
    """Let hold again what held before; whom it was given meanwhile it keeps.

    Raises NotAllowedError, and InvalidValueError where another has followed.
    """
    if row.ended_at is not None:
        raise InvalidValueError("Another one has followed.")
    before = db.session.execute(
        select(DefaultCounselor)
        .where(
            DefaultCounselor.university_id == row.university_id,
            DefaultCounselor.college == row.college,
            DefaultCounselor.id < row.id,
        )
        .order_by(DefaultCounselor.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    counselor = None if before is None else before.counselor
    return set_default(row.university_id, row.college, counselor, actor=actor)


def _open_row(university_id: int, college: str) -> DefaultCounselor | None:
    return db.session.execute(
        select(DefaultCounselor).where(
            DefaultCounselor.university_id == university_id,
            DefaultCounselor.college == college,
            DefaultCounselor.ended_at.is_(None),
        )
    ).scalar_one_or_none()
