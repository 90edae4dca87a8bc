"""Who comes: places and the line for them, first come first served, and the door."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import func, literal, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import PlacementError
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.fairs.queries import sign_up_of
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce


class FairOverError(PlacementError):
    """The fair is over or cancelled."""

    code = "fair_over"


class FairNotOpenError(PlacementError):
    """Nobody can be at the fair yet."""

    code = "fair_not_open"


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
            record_event("sign_up.promoted", actor_id=None, subject=answer)
        db.session.flush()
        for answer in lucky:
            _tell(fair, answer.student_id, settings)
    return len(lucky)


def check_in(fair: Fair, *, student_id: int, actor: Viewer) -> SignUp:
    """Note that a student is at the fair, signed up or not; a second time changes nothing.

    Raises FairOverError for a cancelled fair and FairNotOpenError before its day.
    """
    if fair.cancelled_at is not None:
        raise FairOverError("This fair was cancelled.")
    if fair.on > clock.today():
        raise FairNotOpenError("This fair has not begun.", remedy="Check in on its day.")
    answer = sign_up_of(fair.id, student_id)
    if answer is None:
        answer = SignUp(fair_id=fair.id, student_id=student_id, state=SignUpState.COMING)
        db.session.add(answer)
    if answer.came_at is None:
        answer.came_at = clock.now()
        record_event("sign_up.came", actor_id=actor.user_id, subject=answer)
    return answer


def take_back_check_in(fair: Fair, *, student_id: int, actor: Viewer) -> None:
    """Say that a check-in was a mistake."""
    answer = sign_up_of(fair.id, student_id)
    if answer is not None and answer.came_at is not None:
        answer.came_at = None
        record_event("sign_up.came_not", actor_id=actor.user_id, subject=answer)


def fair_values(fair: Fair) -> dict[str, Any]:
    """What the texts of notices say of a fair, but for its address."""
    hours = [f"{moment:%H:%M}" for moment in (fair.starts_at, fair.ends_at) if moment]
    return {
        "title": fair.title,
        "on": fair.on.isoformat(),
        "time": "–".join(hours),
        "place": fair.place,
        "description": fair.description,
    }


def end_of(fair: Fair) -> dt.datetime:
    """When a fair is over; without a closing hour with its day."""
    return dt.datetime.combine(fair.on, fair.ends_at or dt.time(23, 59, 59), tzinfo=clock.ZONE)


def require_ahead(fair: Fair) -> None:
    """Raise FairOverError for a fair that is over or cancelled."""
    if fair.cancelled_at is not None:
        raise FairOverError("This fair was cancelled.")
    if fair.on < clock.today():
        raise FairOverError("This fair is over.")


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
        answer = SignUp(fair_id=fair.id, student_id=student_id)
        db.session.add(answer)
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
