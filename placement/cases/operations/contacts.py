"""Contacts with the student, as they happened."""

import datetime as dt
import uuid

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case, FollowUp, FollowUpMethod, FollowUpResult
from placement.cases.operations.opening import claim_version, require_open
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.students.models import Student

UNDO_WITHIN = dt.timedelta(minutes=30)


def record_follow_up(  # noqa: PLR0913 - what a contact is made of, each by its name
    case: Case,
    *,
    counselor: Viewer,
    contacted_on: dt.date,
    method: FollowUpMethod,
    result: FollowUpResult,
    version: int,
    summary: str | None = None,
    duration_minutes: int | None = None,
    next_contact_on: dt.date | None = None,
    submission_id: uuid.UUID | None = None,
    group_id: uuid.UUID | None = None,
) -> FollowUp:
    """Record one contact with the student and set when the next is due.

    Dates are days in Asia/Shanghai; `duration_minutes` is in whole minutes. Without
    `next_contact_on` no next contact is due. `version` is the one that the form showed; a
    second submit of the same form (`submission_id`) returns the first follow-up.

    Raises CaseClosedError, EditConflictError, and InvalidValueError for a contact in the future
    or a next one that lies before it.
    """
    known = _recorded(submission_id)
    if known is not None:
        return known
    require_open(case)
    _check_days(case, contacted_on, next_contact_on)
    claim_version(case, expected=version)
    follow_up = FollowUp(
        uid=uuid.uuid4(),
        case_id=case.id,
        student_id=case.student_id,
        counselor_id=counselor.user_id,
        contacted_on=contacted_on,
        method=method,
        result=result,
        duration_minutes=duration_minutes,
        next_contact_on=next_contact_on,
        was_due_on=case.next_contact_on,
        submission_id=submission_id,
        group_id=group_id,
    )
    follow_up.summary_sealed = seal_text(case.student, summary, "follow_ups.summary", follow_up.uid)
    db.session.add(follow_up)
    case.next_contact_on = next_contact_on
    case.later_until, case.later_since = next_contact_on, clock.now()
    case.last_contact_on = max(contacted_on, case.last_contact_on or contacted_on)
    record_event("follow_up.recorded", actor_id=counselor.user_id, subject=follow_up)
    return follow_up


def undo_follow_up(follow_up: FollowUp, *, case: Case, actor: Viewer) -> None:
    """Take back a contact that was noted by mistake, within half an hour and by who noted it.

    Raises NotAllowedError.
    """
    if follow_up.counselor_id != actor.user_id:
        raise NotAllowedError("Only the counselor who recorded a contact can take it back.")
    if clock.now() - follow_up.recorded_at > UNDO_WITHIN:
        raise NotAllowedError(
            "This contact is older than half an hour and stays.",
            remedy="Record a further contact that corrects it.",
        )
    if follow_up.voided_at is not None:
        return
    follow_up.voided_at = clock.now()
    before = db.session.execute(
        select(FollowUp)
        .where(
            FollowUp.case_id == case.id, FollowUp.id != follow_up.id, FollowUp.voided_at.is_(None)
        )
        .order_by(FollowUp.contacted_on.desc(), FollowUp.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    case.last_contact_on = None if before is None else before.contacted_on
    if before is None or before.id < follow_up.id:
        case.next_contact_on = follow_up.was_due_on
        case.later_until, case.later_since = None, None
    case.version += 1
    record_event("follow_up.undone", actor_id=actor.user_id, subject=follow_up)


def seal_text(student: Student, text: str | None, place: str, uid: uuid.UUID) -> bytes | None:
    """Encrypt free text under the student's key; nothing for nothing."""
    text = (text or "").strip()
    if not text:
        return None
    key = student.key()
    if key is None:
        raise InvalidValueError("This person's data were erased; nothing can be added.")
    return key.seal(text, place, uid)


def _recorded(submission_id: uuid.UUID | None) -> FollowUp | None:
    if submission_id is None:
        return None
    return db.session.execute(
        select(FollowUp).where(FollowUp.submission_id == submission_id)
    ).scalar_one_or_none()


def _check_days(case: Case, contacted_on: dt.date, next_contact_on: dt.date | None) -> None:
    if contacted_on > clock.today():
        raise InvalidValueError(
            "The contact lies in the future.",
            remedy="Enter the day on which it took place.",
            field="contacted_on",
        )
    if contacted_on < case.opened_on:
        raise InvalidValueError("The case was opened later than that day.", field="contacted_on")
    if next_contact_on is not None and next_contact_on < contacted_on:
        raise InvalidValueError("The next contact lies before this one.", field="next_contact_on")
