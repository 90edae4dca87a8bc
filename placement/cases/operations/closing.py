"""Closing with two persons: one asks with a reason, another approves. And the student's consent."""

import datetime as dt

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case, CloseReason, Closing, ClosingState, Consent
from placement.cases.operations.opening import claim_version, close_case, require_open
from placement.cases.queries import consent_of, has_verified_placement, open_closing_of
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError


def ask_to_close(
    case: Case,
    *,
    actor: Viewer,
    reason: CloseReason,
    closed_on: dt.date,
    version: int,
    note: str = "",
) -> Closing:
    """Ask that a case be closed; it stays open until somebody else approves.

    Raises CaseClosedError, EditConflictError, and InvalidValueError for a placement that nobody
    verified, a hand-over without consent, a day before the opening, or a second request.
    """
    require_open(case)
    _check_reason(case, reason)
    if closed_on < case.opened_on:
        raise InvalidValueError("The case was opened later than that day.", field="closed_on")
    if open_closing_of(case) is not None:
        raise InvalidValueError("Somebody has asked for this already.")
    claim_version(case, expected=version)
    closing = Closing(
        case_id=case.id,
        student_id=case.student_id,
        reason=reason,
        closed_on=closed_on,
        note=note.strip(),
        state=ClosingState.ASKED,
        asked_by=actor.user_id,
    )
    db.session.add(closing)
    record_event("closing.asked", actor_id=actor.user_id, subject=closing)
    return closing


def approve_closing(closing: Closing, *, case: Case, actor: Viewer) -> None:
    """Close the case as it was asked for, by somebody of the university who did not ask.

    Raises NotAllowedError, and InvalidValueError when it was decided or no longer holds.
    """
    _require_asked(closing)
    if actor.role is not Role.UNIVERSITY or closing.asked_by == actor.user_id:
        raise NotAllowedError("Somebody of the university who did not ask decides.")
    _check_reason(case, closing.reason)
    _decide(closing, ClosingState.APPROVED, actor)
    close_case(
        case,
        actor=actor,
        reason=closing.reason,
        closed_on=closing.closed_on,
        version=case.version,
    )


def refuse_closing(closing: Closing, *, actor: Viewer, answer: str) -> None:
    """Leave the case open and say what is still to be done. Raises as `approve_closing`."""
    _require_asked(closing)
    if actor.role is not Role.UNIVERSITY or closing.asked_by == actor.user_id:
        raise NotAllowedError("Somebody of the university who did not ask decides.")
    if len(answer.strip()) < 2:
        raise InvalidValueError("Say in a few words what is still to be done.", field="answer")
    closing.answer = answer.strip()
    _decide(closing, ClosingState.REFUSED, actor)


def withdraw_closing(closing: Closing, *, actor: Viewer) -> None:
    """Take the request back. Raises InvalidValueError when it was decided."""
    _require_asked(closing)
    _decide(closing, ClosingState.WITHDRAWN, actor)


def give_consent(student_id: int, *, actor: Viewer, recipient: str) -> Consent:
    """Note that the student agrees that the file goes to `recipient`.

    Raises NotAllowedError for anybody but the student, InvalidValueError without a recipient.
    """
    if actor.student_id != student_id:
        raise NotAllowedError("Only the student gives or takes back this consent.")
    if len(recipient.strip()) < 2:
        raise InvalidValueError("Say who may get the file.", field="recipient")
    known = consent_of(student_id)
    if known is not None and known.recipient == recipient.strip():
        return known
    if known is not None:
        known.withdrawn_at = clock.now()
    consent = Consent(student_id=student_id, recipient=recipient.strip(), given_by=actor.user_id)
    db.session.add(consent)
    record_event("consent.given", actor_id=actor.user_id, subject=consent)
    return consent


def take_consent_back(student_id: int, *, actor: Viewer) -> None:
    """End the consent; what was handed over before stays where it is. Raises NotAllowedError."""
    if actor.student_id != student_id:
        raise NotAllowedError("Only the student gives or takes back this consent.")
    known = consent_of(student_id)
    if known is not None:
        known.withdrawn_at = clock.now()
        record_event("consent.withdrawn", actor_id=actor.user_id, subject=known)


def _check_reason(case: Case, reason: CloseReason) -> None:
    if reason is CloseReason.PLACED and not has_verified_placement(case.student_id):
        raise InvalidValueError(
            "No outcome is verified yet.",
            remedy="Have it verified first, or give another reason.",
            field="reason",
        )
    if reason is CloseReason.HANDED_OVER and consent_of(case.student_id) is None:
        raise InvalidValueError(
            "The student has not agreed to a hand-over.",
            remedy="They do so on their own page, under My plan.",
            field="reason",
        )


def _require_asked(closing: Closing) -> None:
    if closing.state is not ClosingState.ASKED:
        raise InvalidValueError("This was decided already.")


def _decide(closing: Closing, state: ClosingState, actor: Viewer) -> None:
    closing.state, closing.decided_by = state, actor.user_id
    closing.decided_at = clock.now()
    record_event(f"closing.{state.value}", actor_id=actor.user_id, subject=closing)
