"""The university's word on an outcome."""

from sqlalchemy import select

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.history import history_moment, recorded
from placement.outcomes.models import Decision, Outcome, Verification


def verify_outcome(outcome: Outcome, *, actor: Viewer, version: int) -> Verification:
    """Confirm an outcome, so that it counts.

    Raises NotAllowedError for who reported it and for anybody but the university, and
    EditConflictError.
    """
    return _decide(outcome, actor=actor, decision=Decision.VERIFIED, reason=None, version=version)


def reject_outcome(outcome: Outcome, *, actor: Viewer, reason: str, version: int) -> Verification:
    """Refuse an outcome with a reason that its reporter reads; it counts nowhere.

    Raises as `verify_outcome`, and InvalidValueError without a reason.
    """
    if len(reason.strip()) < 5:
        raise InvalidValueError("Say in a few words what is missing or wrong.")
    return _decide(
        outcome, actor=actor, decision=Decision.REJECTED, reason=reason.strip(), version=version
    )


def _decide(
    outcome: Outcome, *, actor: Viewer, decision: Decision, reason: str | None, version: int
) -> Verification:
    if actor.role is not Role.UNIVERSITY:
        raise NotAllowedError("Outcomes are verified by the university.")
    if outcome.reporter_id == actor.user_id:
        raise NotAllowedError("Nobody verifies what they reported themselves.")
    if outcome.voided_at is not None:
        raise InvalidValueError("This outcome was taken back.")
    claim_version(outcome, expected=version)
    moment = history_moment()
    for earlier in db.session.execute(
        select(Verification).where(
            Verification.outcome_id == outcome.id, Verification.voided_at.is_(None)
        )
    ).scalars():
        earlier.voided_at = moment
    verification = Verification(
        outcome_id=outcome.id,
        student_id=outcome.student_id,
        decision=decision,
        reason=reason,
        actor_id=actor.user_id,
        **recorded(),
    )
    db.session.add(verification)
    record_event(f"outcome.{decision.value}", actor_id=actor.user_id, subject=outcome)
    return verification
