"""The door: who came, by the list, by a ticket or by its code."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db, system_scope, use_scope
from placement.errors import NotVisibleError
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.fairs.operations.attending import free_code
from placement.fairs.operations.standing import require_begun
from placement.fairs.queries import sign_up_of
from placement.students.models import Student
from placement.students.queries import visible_students

_DOOR = "door of a fair"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a ticket, as the viewer may know them.

    `is_mine` says that the viewer looks after the student; otherwise they came to the viewer's
    own fair with a ticket, and only so much is shown as can be held against a student card.
    """

    sign_up: SignUp
    student: Student
    is_mine: bool

    @property
    def was_here(self) -> bool:
        """Whether they were checked in before."""
        return self.sign_up.came_at is not None


def check_in(fair: Fair, *, student_id: int, actor: Viewer) -> SignUp:
    """Note that a student is at the fair, signed up or not; a second time changes nothing.

    Raises FairOverError for a cancelled fair and FairNotOpenError before its day.
    """
    require_begun(fair)
    answer = sign_up_of(fair.id, student_id)
    if answer is None:
        db.session.refresh(fair, with_for_update=True)
        code = free_code(fair)
        answer = SignUp(fair_id=fair.id, student_id=student_id, state=SignUpState.COMING, code=code)
        db.session.add(answer)
    _came(answer, actor)
    return answer


def check_in_holder(fair: Fair, holder: Holder, *, actor: Viewer) -> None:
    """Note that who holds a ticket is at the fair. Raises the same as `check_in`."""
    require_begun(fair)
    with use_scope(system_scope(_DOOR)):
        _came(holder.sign_up, actor)
        db.session.flush()


def take_back_check_in(fair: Fair, *, student_id: int, actor: Viewer) -> None:
    """Say that a check-in was a mistake."""
    answer = sign_up_of(fair.id, student_id)
    if answer is not None:
        _came_not(answer, actor)


def take_back_holder(holder: Holder, *, actor: Viewer) -> None:
    """Say that the check-in of who holds a ticket was a mistake."""
    with use_scope(system_scope(_DOOR)):
        _came_not(holder.sign_up, actor)
        db.session.flush()


def holder_of(
    viewer: Viewer,
    fair: Fair,
    *,
    uid: uuid.UUID | None = None,
    code: str | None = None,
    sign_up_id: int | None = None,
) -> Holder:
    """Who holds the ticket of a fair with this name, code or number.

    Raises NotVisibleError where there is none, or none that concerns the viewer: a student of
    theirs, or anybody at a fair that their own institution holds.
    """
    asked = {"uid": uid, "code": code, "id": sign_up_id}
    given = {name: value for name, value in asked.items() if value is not None}
    with use_scope(system_scope(_DOOR)):
        answer = db.session.execute(
            select(SignUp)
            .filter_by(fair_id=fair.id, **given)
            .options(joinedload(SignUp.student).joinedload(Student.university))
        ).scalar_one_or_none()
    if answer is not None:
        mine = visible_students(viewer).where(Student.id == answer.student_id)
        is_mine = db.session.execute(mine).first() is not None
        if is_mine or keeps_door(fair, viewer):
            return Holder(answer, answer.student, is_mine and viewer.role is not Role.PROVINCE)
    raise NotVisibleError(
        "No ticket of this fair fits.",
        remedy="Look at the code again; for students of others, ask the desk of the host.",
    )


def keeps_door(fair: Fair, viewer: Viewer) -> bool:
    """Whether the viewer's institution holds the fair, so that they may let anybody in."""
    if viewer.role is Role.PROVINCE:
        return True
    own = fair.university_id is not None and fair.university_id == viewer.university_id
    return own and viewer.is_staff


def _came(answer: SignUp, actor: Viewer) -> None:
    if answer.came_at is None:
        answer.came_at = clock.now()
        record_event("sign_up.came", actor_id=actor.user_id, subject=answer)


def _came_not(answer: SignUp, actor: Viewer) -> None:
    if answer.came_at is not None:
        answer.came_at = None
        record_event("sign_up.came_not", actor_id=actor.user_id, subject=answer)
