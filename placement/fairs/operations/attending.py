"""Who comes: places and the line for them, first come first served."""

import uuid

from sqlalchemy import func, literal, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.fairs.models.sign_ups import new_code
from placement.fairs.operations.standing import end_of, fair_values, require_ahead
from placement.fairs.queries import sign_up_of
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce


def sign_up(fair: Fair, *, student_id: int, actor: Viewer) -> SignUp:
    """Take a place for a student, or one in the line when all are taken. Raises FairOverError.

    The fair's row is locked, so that two who want the last place get one and the line.
    """
    require_ahead(fair)
    db.session.refresh(fair, with_for_update=True)
    answer = sign_up_of(fair.id, student_id)
    if answer is not None and answer.state is not SignUpState.WITHDRAWN:
        return answer
    full = _free_places(fair) == 0
    state = SignUpState.WAITING if full else SignUpState.COMING
    return _answer(fair, answer, student_id=student_id, actor=actor, state=state)


def withdraw(fair: Fair, *, student_id: int, actor: Viewer, settings: Settings) -> SignUp:
    """Give a student's place back; the first in the line gets it and is told in the inbox.

    Raises FairOverError.
    """
    require_ahead(fair)
    db.session.refresh(fair, with_for_update=True)
    answer = sign_up_of(fair.id, student_id)
    if answer is not None and answer.state is SignUpState.WITHDRAWN:
        return answer
    state = SignUpState.WITHDRAWN
    answer = _answer(fair, answer, student_id=student_id, actor=actor, state=state)
    fill_places(fair, settings=settings)
    return answer


def fill_places(fair: Fair, *, settings: Settings) -> int:
    """Give the free places to those who wait longest and tell them; how many it was.

    The caller holds the lock on the fair's row.
    """
    db.session.flush()
    with use_scope(system_scope("places of a fair")):
        waiting = (
            select(SignUp)
            .where(SignUp.fair_id == fair.id, SignUp.state == SignUpState.WAITING)
            .order_by(SignUp.changed_at, SignUp.id)
        )
        free = _free_places(fair)
        first = waiting if free is None else waiting.limit(free)
        lucky = list(db.session.execute(first).scalars())
        for answer in lucky:
            answer.state, answer.changed_at = SignUpState.COMING, clock.now()
            answer.version += 1
            record_event("sign_up.promoted", actor_id=None, subject=answer)
        db.session.flush()
        for answer in lucky:
            _tell(fair, answer.student_id, settings)
    return len(lucky)


def free_code(fair: Fair) -> str:
    """A code that no ticket of the fair has; the caller holds the lock on the fair's row."""
    with use_scope(system_scope("tickets of a fair")):
        while True:
            code = new_code()
            taken = select(SignUp.id).where(SignUp.fair_id == fair.id, SignUp.code == code)
            if db.session.execute(taken).first() is None:
                return code


def _free_places(fair: Fair) -> int | None:
    """How many places are free, never below zero; none where there is no limit."""
    if fair.capacity is None:
        return None
    with use_scope(system_scope("places of a fair")):
        taken = db.session.execute(
            select(func.count()).where(
                SignUp.fair_id == fair.id, SignUp.state == SignUpState.COMING
            )
        ).scalar_one()
    return max(0, fair.capacity - int(taken))


def _answer(
    fair: Fair, answer: SignUp | None, *, student_id: int, actor: Viewer, state: SignUpState
) -> SignUp:
    if answer is None:
        answer = SignUp(fair_id=fair.id, student_id=student_id, code=free_code(fair))
        db.session.add(answer)
    else:
        answer.version += 1
    answer.state, answer.changed_at = state, clock.now()
    record_event(f"sign_up.{state.value}", actor_id=actor.user_id, subject=answer)
    return answer


def _tell(fair: Fair, student_id: int, settings: Settings) -> None:
    announcement = Announcement(
        kind=NoticeKind.PLACE,
        subject_id=fair.id,
        values={**fair_values(fair), "path": f"/fairs/{fair.id}"},
        channels=(Channel.INBOX,),
        audience={"once": uuid.uuid4().hex},
        expires_at=end_of(fair),
        university_id=fair.university_id,
    )
    announce(select(literal(student_id)), announcement, actor=None, settings=settings)
