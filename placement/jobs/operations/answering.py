"""What students answer to postings, and what counselors put forward."""

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.cases.operations import CaseClosedError, claim_version
from placement.db import db
from placement.errors import InvalidValueError, NotVisibleError
from placement.jobs.models import (
    DeclineReason,
    Posting,
    PostingResponse,
    PostingState,
    Referral,
    ReferralState,
    ResponseKind,
)
from placement.jobs.operations.refreshing import lock_lists
from placement.jobs.queries import answer_of, referral_of

_ANSWERED = {
    ResponseKind.APPLIED: ReferralState.APPLIED,
    ResponseKind.DECLINED: ReferralState.DECLINED,
}
SETTLEMENTS = (ReferralState.HIRED, ReferralState.REFUSED, ReferralState.WITHDRAWN)
"""What a counselor may say of a referral; the rest the student says."""


def answer_posting(
    student_id: int,
    posting: Posting,
    *,
    actor: Viewer,
    kind: ResponseKind,
    reason: DeclineReason | None = None,
) -> PostingResponse:
    """Record that a student applied, or that a posting is not for them and why.

    An answer given before is taken back by another one; the same one again changes nothing. An
    open referral to the posting is answered with it. The posting is never proposed to the
    student again. Raises InvalidValueError for an application to one that takes nobody any more,
    and for a decline without its reason.
    """
    if kind is ResponseKind.APPLIED:
        _require_live(posting)
    if (kind is ResponseKind.DECLINED) != (reason is not None):
        raise InvalidValueError("Say why it is not for you.")
    lock_lists([student_id])
    known = answer_of(student_id, posting.id)
    if known is not None and (known.kind, known.reason) == (kind, reason):
        return known
    if known is not None:
        known.withdrawn_at = clock.now()
        db.session.flush()
    answer = PostingResponse(student_id=student_id, posting_id=posting.id, kind=kind, reason=reason)
    db.session.add(answer)
    referral = referral_of(student_id, posting.id)
    if referral is not None and referral.state in {ReferralState.OPEN, *_ANSWERED.values()}:
        referral.state, referral.answered_at = _ANSWERED[kind], clock.now()
        referral.version += 1
    record_event(f"posting.{kind.value}", actor_id=actor.user_id, subject=answer)
    return answer


def take_back_answer(answer: PostingResponse, *, actor: Viewer) -> None:
    """Take an answer back, with what it changed; the posting may be proposed again."""
    if answer.withdrawn_at is not None:
        return
    lock_lists([answer.student_id])
    answer.withdrawn_at = clock.now()
    referral = referral_of(answer.student_id, answer.posting_id)
    if referral is not None and referral.state in _ANSWERED.values():
        referral.state, referral.answered_at = ReferralState.OPEN, None
        referral.version += 1
    record_event("posting.answer_taken_back", actor_id=actor.user_id, subject=answer)


def refer(case: Case, posting: Posting, *, actor: Viewer, note: str = "") -> Referral:
    """Put a posting forward for a student, on the list or not; the student reads the note.

    One that was put forward before is given back, one that was withdrawn is opened again.
    Raises CaseClosedError, and InvalidValueError for a posting that takes nobody any more or that
    the student has answered.
    """
    if case.closed_on is not None:
        raise CaseClosedError("This case is closed.", remedy="Open it again first.")
    _require_live(posting)
    lock_lists([case.student_id])
    if answer_of(case.student_id, posting.id) is not None:
        raise InvalidValueError(
            "The student has answered this posting already.",
            remedy="Talk about it; only the student can take the answer back.",
        )
    referral = referral_of(case.student_id, posting.id)
    if referral is not None and referral.state is not ReferralState.WITHDRAWN:
        return referral
    if referral is None:
        referral = Referral(student_id=case.student_id, posting_id=posting.id)
        db.session.add(referral)
    else:
        referral.version += 1
    referral.counselor_id, referral.note = actor.user_id, note.strip()
    referral.state, referral.referred_at = ReferralState.OPEN, clock.now()
    record_event("referral.made", actor_id=actor.user_id, subject=referral)
    return referral


def settle_referral(
    referral: Referral, *, actor: Viewer, state: ReferralState, version: int
) -> None:
    """Say what became of a referral: hired, refused by the employer, or withdrawn.

    Raises InvalidValueError for another state, and EditConflictError.
    """
    if state not in SETTLEMENTS:
        raise InvalidValueError("Only the student can say this of a referral.")
    claim_version(referral, expected=version)
    referral.state, referral.answered_at = state, clock.now()
    record_event(
        "referral.settled",
        actor_id=actor.user_id,
        subject=referral,
        details={"state": state.value},
    )


def _require_live(posting: Posting) -> None:
    late = posting.deadline is not None and posting.deadline < clock.today()
    if posting.state is not PostingState.OPEN or late:
        raise InvalidValueError(
            "This posting takes nobody any more.", remedy="Look at the others on the list."
        )


def answer_to_take_back(student_id: int, posting_id: int) -> PostingResponse:
    """The answer in force of a student to a posting. Raises NotVisibleError for none."""
    answer = answer_of(student_id, posting_id)
    if answer is None:
        raise NotVisibleError("There is no answer to take back.")
    return answer
