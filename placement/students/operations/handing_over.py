"""Hand-overs: offered by who is responsible, accepted or refused by who is asked."""

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.students.models import HandOver, HandOverState, Student
from placement.students.operations.moving import move_students
from placement.students.responsible import open_offer_of, responsible_id


def offer_hand_over(student: Student, *, actor: Viewer, receiver: User, reason: str) -> HandOver:
    """Offer a student to a colleague of the same university; nothing moves until it is accepted.

    Raises NotAllowedError for who is not responsible, InvalidValueError for a receiver who
    cannot take anybody, without a reason, and while another offer is open.
    """
    if responsible_id(student.id) != actor.user_id:
        raise NotAllowedError("Only who is responsible can hand a student over.")
    check_receiver(receiver, student.university_id)
    if receiver.id == actor.user_id:
        raise InvalidValueError("The student is yours already.")
    if len(reason.strip()) < 2:
        raise InvalidValueError(
            "Say in a few words what your colleague should know.", field="reason"
        )
    if open_offer_of(student.id) is not None:
        raise InvalidValueError(
            "This student is offered to somebody already.", remedy="Withdraw that offer first."
        )
    offer = HandOver(
        student_id=student.id,
        from_id=actor.user_id,
        to_id=receiver.id,
        reason=reason.strip(),
        state=HandOverState.OFFERED,
    )
    db.session.add(offer)
    record_event("hand_over.offered", actor_id=actor.user_id, subject=offer)
    return offer


def accept_hand_over(offer: HandOver, *, actor: Viewer) -> None:
    """Take a student over, from today on.

    Raises NotAllowedError for anybody but the receiver, InvalidValueError when it was answered
    already or when the sender is no longer responsible.
    """
    _require_open(offer)
    if offer.to_id != actor.user_id:
        raise NotAllowedError("Only who was asked can answer.")
    if responsible_id(offer.student_id) != offer.from_id:
        raise InvalidValueError("Somebody else is responsible for this student by now.")
    offer.state, offer.answered_at = HandOverState.ACCEPTED, clock.now()
    db.session.flush()
    move_students({offer.student_id: offer.to_id}, actor=actor, today=clock.today())
    record_event("hand_over.accepted", actor_id=actor.user_id, subject=offer)


def refuse_hand_over(offer: HandOver, *, actor: Viewer, answer: str) -> None:
    """Leave a student with the sender, who reads why. Raises as `accept_hand_over`."""
    _require_open(offer)
    if offer.to_id != actor.user_id:
        raise NotAllowedError("Only who was asked can answer.")
    if len(answer.strip()) < 2:
        raise InvalidValueError("Say in a few words why not.", field="answer")
    offer.state, offer.answered_at = HandOverState.REFUSED, clock.now()
    offer.answer = answer.strip()
    record_event("hand_over.refused", actor_id=actor.user_id, subject=offer)


def withdraw_hand_over(offer: HandOver, *, actor: Viewer) -> None:
    """Take an offer back, by the sender or the university. Raises as `accept_hand_over`."""
    _require_open(offer)
    if actor.role is Role.COUNSELOR and offer.from_id != actor.user_id:
        raise NotAllowedError("Only who offered a student can take the offer back.")
    offer.state, offer.answered_at = HandOverState.WITHDRAWN, clock.now()
    record_event("hand_over.withdrawn", actor_id=actor.user_id, subject=offer)


def check_receiver(receiver: User, university_id: int) -> None:
    """Raise InvalidValueError unless this account can be given students of the university."""
    if (
        receiver.role is not Role.COUNSELOR
        or receiver.disabled_at is not None
        or receiver.university_id != university_id
    ):
        raise InvalidValueError(
            "This account cannot take students.",
            remedy="Choose a counselor of the same university.",
        )


def _require_open(offer: HandOver) -> None:
    if offer.state is not HandOverState.OFFERED:
        raise InvalidValueError("This offer was answered or withdrawn already.")
