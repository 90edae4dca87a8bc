"""The university's word on an outcome."""

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.history import history_moment, recorded
from placement.outcomes.models import Decision, Outcome, Verification
from placement.outcomes.operations.conditions import rule_of, unmet_of
from placement.outcomes.operations.reopening import reopen_if_no_longer_placed
from placement.outcomes.rules import HARD, REMARKS


class RuleNotMetError(InvalidValueError):
    """The rule of the code asks for something that is not there."""

    code = "rule_not_met"


def endorse_outcome(outcome: Outcome, *, actor: Viewer, version: int) -> None:
    """Check an outcome for the college, where the rule of its code asks for two persons.

    Raises NotAllowedError for who reported it and for anybody but the university, RuleNotMetError
    for pay below the minimum wage, and EditConflictError.
    """
    _check_actor(outcome, actor)
    if HARD & set(unmet_of(outcome)):
        raise RuleNotMetError("The pay is below the minimum wage of the place.")
    claim_version(outcome, expected=version)
    outcome.endorsed_by, outcome.endorsed_at = actor.user_id, clock.now()
    record_event("outcome.endorsed", actor_id=actor.user_id, subject=outcome)


def verify_outcome(
    outcome: Outcome, *, actor: Viewer, version: int, seen: str = ""
) -> Verification:
    """Confirm an outcome, so that it counts.

    `seen` says what was seen instead of a paper that is not kept here. Raises NotAllowedError
    for who reported it and for anybody but the university, RuleNotMetError where the rule of the
    code is not met, and EditConflictError.
    """
    _check_actor(outcome, actor)
    _check_rule(outcome, actor, seen.strip())
    return _decide(
        outcome,
        actor=actor,
        decision=Decision.VERIFIED,
        reason=seen.strip() or None,
        version=version,
    )


def _check_rule(outcome: Outcome, actor: Viewer, seen: str) -> None:
    missing = set(unmet_of(outcome)) - REMARKS
    if missing & HARD:
        raise RuleNotMetError("The pay is below the minimum wage of the place.")
    if missing and len(seen) < 5:
        raise RuleNotMetError(
            "The rule of this outcome asks for a paper or a sum that is not here.",
            remedy="Add it, or say what you have seen instead.",
        )
    if not rule_of(outcome).both:
        return
    if actor.colleges:
        raise NotAllowedError("This outcome is verified by the university, after the college.")
    if outcome.endorsed_by in {None, actor.user_id}:
        raise RuleNotMetError(
            "The rule of this outcome asks for two persons.",
            remedy="Somebody else checks it for the college first.",
        )


def _check_actor(outcome: Outcome, actor: Viewer) -> None:
    if actor.role is not Role.UNIVERSITY:
        raise NotAllowedError("Outcomes are verified by the university.")
    if outcome.reporter_id == actor.user_id:
        raise NotAllowedError("Nobody verifies what they reported themselves.")
    if outcome.voided_at is not None:
        raise InvalidValueError("This outcome was taken back.")


def reject_outcome(outcome: Outcome, *, actor: Viewer, reason: str, version: int) -> Verification:
    """Refuse an outcome with a reason that its reporter reads; it counts nowhere.

    Raises as `verify_outcome`, and InvalidValueError without a reason.
    """
    if len(reason.strip()) < 5:
        raise InvalidValueError("Say in a few words what is missing or wrong.")
    _check_actor(outcome, actor)
    verification = _decide(
        outcome, actor=actor, decision=Decision.REJECTED, reason=reason.strip(), version=version
    )
    reopen_if_no_longer_placed(outcome.student_id, actor=actor)
    return verification


def _decide(
    outcome: Outcome, *, actor: Viewer, decision: Decision, reason: str | None, version: int
) -> Verification:
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
