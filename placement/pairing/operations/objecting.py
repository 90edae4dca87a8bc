"""The student's objection to a helper: it stops the helper's link until it is settled."""

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations.contacts import seal_text
from placement.errors import InvalidValueError, NotAllowedError
from placement.pairing.models import Pairing


def object_to_pairing(pairing: Pairing, *, actor: Viewer, reason: str) -> None:
    """Say that I do not want this helper; from this moment their link opens nothing.

    Raises NotAllowedError for anybody but the student, and InvalidValueError without a reason or
    where the help has ended.
    """
    _require_own(pairing, actor)
    if pairing.ended_at is not None:
        raise InvalidValueError("This paired help has ended.")
    if len(reason.strip()) < 2:
        raise InvalidValueError("Say in a few words what you would like otherwise.", field="reason")
    pairing.objection_sealed = seal_text(pairing.student, reason, "pairings.objection", pairing.uid)
    pairing.objected_at = clock.now()
    pairing.objection_settled_at, pairing.objection_settled_by = None, None
    pairing.objection_answer_sealed = None
    pairing.version += 1
    record_event("helper.objected", actor_id=actor.user_id, subject=pairing)


def take_objection_back(pairing: Pairing, *, actor: Viewer) -> None:
    """Take the own objection back: the helper may go on. Raises NotAllowedError."""
    _require_own(pairing, actor)
    if pairing.objected:
        pairing.objected_at, pairing.objection_sealed = None, None
        pairing.version += 1
        record_event("helper.objection_taken_back", actor_id=actor.user_id, subject=pairing)


def settle_objection(pairing: Pairing, *, actor: Viewer, answer: str) -> None:
    """Say what was agreed with the student, so that the helper may go on.

    Whoever agreed on the contrary ends the pairing. Raises InvalidValueError without words or
    where nothing is objected to, NotAllowedError for the student.
    """
    if not actor.is_staff:
        raise NotAllowedError("A counselor settles this with the student.")
    if not pairing.objected:
        raise InvalidValueError("Nobody objects to this helper.")
    if len(answer.strip()) < 2:
        raise InvalidValueError(
            "Say in a few words what was agreed with the student.", field="answer"
        )
    pairing.objection_answer_sealed = seal_text(
        pairing.student, answer, "pairings.objection_answer", pairing.uid
    )
    pairing.objection_settled_at = clock.now()
    pairing.objection_settled_by = actor.user_id
    pairing.version += 1
    record_event("helper.objection_settled", actor_id=actor.user_id, subject=pairing)


def _require_own(pairing: Pairing, actor: Viewer) -> None:
    if actor.student_id != pairing.student_id:
        raise NotAllowedError("Only the student objects to a helper.")
