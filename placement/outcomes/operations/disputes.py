"""The student's word against an outcome."""

import datetime as dt
import uuid

from sqlalchemy import select, text

from placement import clock
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.history import history_moment, recorded
from placement.outcomes.models import Dispute, Outcome

UNDO_WITHIN = dt.timedelta(minutes=30)


def open_dispute(outcome: Outcome, *, actor_id: int | None, reason: str) -> Dispute:
    """Say that an outcome is wrong; it stops counting at once.

    `actor_id` is the student's user, or whoever opens it on the student's behalf; none for a
    command. A dispute that is open already is returned. Raises InvalidValueError without a
    reason.
    """
    if len(reason.strip()) < 2:
        raise InvalidValueError("Say in a few words what is wrong.")
    known = db.session.execute(
        select(Dispute).where(Dispute.outcome_id == outcome.id, Dispute.voided_at.is_(None))
    ).scalar_one_or_none()
    if known is not None:
        return known
    uid = uuid.uuid4()
    key = outcome.student.key()
    dispute = Dispute(
        uid=uid,
        outcome_id=outcome.id,
        student_id=outcome.student_id,
        reason_sealed=None if key is None else key.seal(reason.strip(), "disputes.reason", uid),
        opened_by=actor_id,
        **recorded(),
    )
    db.session.add(dispute)
    record_event("dispute.opened", actor_id=actor_id, subject=dispute)
    return dispute


def take_dispute_back(dispute: Dispute, *, actor_id: int) -> None:
    """Take a dispute back that was a mistake; what counted before counts again.

    Raises NotAllowedError for anybody but who opened it, and after half an hour: later somebody
    may be looking into it.
    """
    if dispute.opened_by != actor_id or clock.now() - dispute.recorded_at > UNDO_WITHIN:
        raise NotAllowedError(
            "Only who opened the dispute can take it back, within half an hour.",
            remedy="Tell your counselor that it was a mistake.",
        )
    if dispute.voided_at is None:
        dispute.voided_at = history_moment()
        record_event("dispute.taken_back", actor_id=actor_id, subject=dispute)


def may_settle(dispute: Dispute, outcome: Outcome, user_id: int) -> bool:
    """Whether somebody took no part: neither recorded the outcome nor opened the dispute.

    Who sent the file that an outcome came in recorded it.
    """
    if user_id in {outcome.reporter_id, dispute.opened_by}:
        return False
    sent = text("SELECT EXISTS (SELECT FROM imports WHERE id = :id AND actor_id = :user)")
    return outcome.import_id is None or not (
        db.session.execute(sent, {"id": outcome.import_id, "user": user_id}).scalar_one()
    )


def settle_dispute(dispute: Dispute, *, outcome: Outcome, actor_id: int, settlement: str) -> None:
    """End a dispute with what was found, by somebody who took no part in it (see `may_settle`).

    Raises NotAllowedError and InvalidValueError.
    """
    if not may_settle(dispute, outcome, actor_id):
        raise NotAllowedError("A dispute is settled by somebody who took no part in it.")
    if len(settlement.strip()) < 5:
        raise InvalidValueError("Say in a few words what was found.")
    if dispute.voided_at is None:
        dispute.voided_at = history_moment()
        dispute.settled_by, dispute.settlement = actor_id, settlement.strip()
        record_event("dispute.settled", actor_id=actor_id, subject=dispute)
