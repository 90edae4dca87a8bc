"""Leave cover: who looks after a counselor's students on which days."""

import datetime as dt

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.students.models import LeaveCover
from placement.students.operations.handing_over import check_receiver

LONGEST = dt.timedelta(days=365)


def set_cover(
    absent: User, cover: User, *, actor: Viewer, first_on: dt.date, last_on: dt.date
) -> LeaveCover:
    """Let a colleague see and work the caseload from one day to another, both included.

    Responsibility stays where it is. Raises NotAllowedError for another's caseload, and
    InvalidValueError for days that make no sense or a colleague who cannot.
    """
    if actor.role is Role.COUNSELOR and absent.id != actor.user_id:
        raise NotAllowedError("A counselor sets the cover for the own leave only.")
    if absent.university_id is None or absent.university_id != actor.university_id:
        raise NotAllowedError("This account belongs to another university.")
    check_receiver(cover, absent.university_id)
    if absent.id == cover.id:
        raise InvalidValueError(
            "Nobody covers for themself.", remedy="Choose a colleague.", field="cover_id"
        )
    if last_on < first_on or last_on < clock.today():
        raise InvalidValueError(
            "The last day lies before the first, or in the past.", field="last_on"
        )
    if last_on - first_on > LONGEST:
        raise InvalidValueError(
            "A cover lasts a year at most.",
            remedy="Give the students to a colleague instead.",
            field="last_on",
        )
    row = LeaveCover(
        absent_id=absent.id,
        cover_id=cover.id,
        first_on=first_on,
        last_on=last_on,
        set_by=actor.user_id,
    )
    db.session.add(row)
    record_event("cover.set", actor_id=actor.user_id, subject=row)
    return row


def end_cover(row: LeaveCover, *, actor: Viewer) -> None:
    """Call a cover off, at once. Raises NotAllowedError."""
    if actor.role is Role.COUNSELOR and actor.user_id not in {row.absent_id, row.cover_id}:
        raise NotAllowedError("Only the two colleagues and the university end a cover.")
    if row.ended_at is None:
        row.ended_at = clock.now()
        record_event("cover.ended", actor_id=actor.user_id, subject=row)
