"""Saying where a student is, and taking it back."""

import datetime as dt
import uuid

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.history import history_moment, recorded
from placement.outcomes.models import Outcome, Reporter
from placement.outcomes.operations.reopening import reopen_if_no_longer_placed
from placement.reference import destinations
from placement.students.models import Student

DETAILS = (
    "employer",
    "employer_code",
    "industry",
    "employer_nature",
    "employer_division",
    "position",
)


def report_outcome(
    student: Student,
    *,
    actor: Viewer,
    code: str,
    effective_on: dt.date,
    submission_id: uuid.UUID | None = None,
    monthly_pay: int | None = None,
    **details: str | None,
) -> Outcome:
    """Record where a student is from a day on; it counts once somebody else has verified it.

    `code` is a national destination code (BYQXDM); `monthly_pay` is in yuan; `details` are columns
    of DETAILS. A case that was closed as placed opens again when this says otherwise. A second
    submit of the same form returns the first outcome. Raises InvalidValueError for an unknown
    code, a day in the future, or a code by unit without its employer.
    """
    known = _reported(submission_id)
    if known is not None:
        return known
    if code not in destinations.codes:
        raise InvalidValueError(
            "There is no destination code %(code)s.", remedy="Choose one of the list.", code=code
        )
    if effective_on > clock.today():
        raise InvalidValueError(
            "The day lies in the future.",
            remedy="Report it when it is there.",
            field="effective_on",
        )
    outcome = Outcome(
        student_id=student.id,
        code=code,
        effective_on=effective_on,
        reported_by=Reporter.STUDENT if actor.role is Role.STUDENT else Reporter.COUNSELOR,
        reporter_id=actor.user_id,
        submission_id=submission_id,
        monthly_pay=monthly_pay,
        **{name: (details.get(name) or "").strip() or None for name in DETAILS},
        **recorded(),
    )
    db.session.add(outcome)
    record_event("outcome.reported", actor_id=actor.user_id, subject=outcome)
    reopen_if_no_longer_placed(student.id, actor=actor)
    return outcome


def void_outcome(outcome: Outcome, *, actor: Viewer, reason: str, version: int) -> None:
    """Take back an outcome that was never so; what was known before stays known.

    Raises NotAllowedError for who did not report it and does not verify, InvalidValueError
    without a reason, EditConflictError.
    """
    if actor.role is not Role.UNIVERSITY and outcome.reporter_id != actor.user_id:
        raise NotAllowedError("Only who reported an outcome, or the university, can take it back.")
    if len(reason.strip()) < 5:
        raise InvalidValueError("Say in a few words why it was wrong.")
    claim_version(outcome, expected=version)
    if outcome.voided_at is None:
        outcome.voided_at = history_moment()
        outcome.void_reason = reason.strip()
        record_event("outcome.voided", actor_id=actor.user_id, subject=outcome)
        reopen_if_no_longer_placed(outcome.student_id, actor=actor)


def confirm_outcome(outcome: Outcome, *, actor: Viewer) -> None:
    """Note that the student says that an outcome is right.

    Raises NotAllowedError for anybody else, and InvalidValueError for one taken back.
    """
    if actor.role is not Role.STUDENT or actor.student_id != outcome.student_id:
        raise NotAllowedError("Only the student says whether it is right.")
    if outcome.voided_at is not None:
        raise InvalidValueError("This outcome was taken back.")
    if outcome.student_confirmed_at is None:
        outcome.student_confirmed_at = clock.now()
        record_event("outcome.confirmed", actor_id=actor.user_id, subject=outcome)


def _reported(submission_id: uuid.UUID | None) -> Outcome | None:
    if submission_id is None:
        return None
    return db.session.execute(
        select(Outcome).where(Outcome.submission_id == submission_id)
    ).scalar_one_or_none()
