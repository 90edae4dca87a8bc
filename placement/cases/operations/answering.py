"""The student's word to an action of the plan, and the counselor's reply to a question."""

import uuid

from sqlalchemy import select, update

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Action, ActionAnswer, ActionState, AnswerKind, Case
from placement.cases.operations.contacts import seal_text
from placement.cases.operations.opening import require_open
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError

NOTE, REPLY = "action_answers.note", "action_answers.reply"


def answer_action(
    action: Action, *, case: Case, actor: Viewer, kind: AnswerKind, note: str = ""
) -> ActionAnswer:
    """Accept an action of the own plan or question it; the word before it gives way.

    A question stands on the counselor's list of today until it is replied to. Raises
    CaseClosedError, NotAllowedError for anybody but the student, InvalidValueError for a
    question without words and for an action that is over.
    """
    require_open(case)
    if actor.student_id != case.student_id:
        raise NotAllowedError("Only the student says what they think of an action.")
    if action.state not in {ActionState.PLANNED, ActionState.DOING}:
        raise InvalidValueError("This action is over.")
    if kind is AnswerKind.QUESTIONED and len(note.strip()) < 2:
        raise InvalidValueError("Say in a few words what you would rather do or ask.", field="note")
    _withdraw(action)
    uid = uuid.uuid4()
    answer = ActionAnswer(
        uid=uid,
        case_id=case.id,
        student_id=case.student_id,
        action_id=action.id,
        kind=kind,
        note_sealed=seal_text(case.student, note, NOTE, uid),
        answered_by=actor.user_id,
        answered_at=clock.now(),
    )
    db.session.add(answer)
    record_event(f"action.{kind.value}", actor_id=actor.user_id, subject=answer)
    return answer


def take_answer_back(action: Action, *, case: Case, actor: Viewer) -> None:
    """Take the own word to an action back. Raises NotAllowedError."""
    if actor.student_id != case.student_id:
        raise NotAllowedError("Only the student says what they think of an action.")
    if _withdraw(action):
        record_event("action.answer_taken_back", actor_id=actor.user_id, subject=action)


def reply_to_question(answer: ActionAnswer, *, case: Case, actor: Viewer, reply: str) -> None:
    """Answer the student's question; they read it beside the action.

    Raises CaseClosedError, and InvalidValueError without words or where nothing is asked.
    """
    require_open(case)
    if answer.kind is not AnswerKind.QUESTIONED or answer.withdrawn_at is not None:
        raise InvalidValueError("Nothing is asked about this action.")
    if len(reply.strip()) < 2:
        raise InvalidValueError("Say in a few words what you answer.", field="reply")
    answer.reply_sealed = seal_text(case.student, reply, REPLY, answer.uid)
    answer.replied_by, answer.replied_at = actor.user_id, clock.now()
    record_event("action.question_answered", actor_id=actor.user_id, subject=answer)


def standing_answer(action: Action) -> ActionAnswer | None:
    """The student's word to an action that stands; none where they said nothing."""
    return db.session.execute(
        select(ActionAnswer).where(
            ActionAnswer.action_id == action.id, ActionAnswer.withdrawn_at.is_(None)
        )
    ).scalar_one_or_none()


def _withdraw(action: Action) -> bool:
    taken = db.session.execute(
        update(ActionAnswer)
        .where(ActionAnswer.action_id == action.id, ActionAnswer.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
        .returning(ActionAnswer.id)
    )
    return bool(taken.all())
