"""What came of a fair for a student: noted at the stand or afterwards, carried on in the case."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import set_next_step
from placement.cases.operations.contacts import seal_text
from placement.cases.queries import case_of_student
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.fairs.models import Fair, FairResult, ResultKind, Stand
from placement.fairs.operations.standing import require_begun
from placement.fairs.queries import sign_up_of
from placement.students.models import Student


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPlan:
    """What came of it: at which stand, on which day it goes on, in which words.

    `next_step` and `step_on` say what the student's counselor does next; empty leaves the case
    as it is, and the case stands on the list of today until somebody talks with the student.
    """

    kind: ResultKind
    stand_id: int | None = None
    next_on: dt.date | None = None
    note: str = ""
    next_step: str = ""
    step_on: dt.date | None = None

    def check(self, fair: Fair) -> None:
        """Raise InvalidValueError for a day that does not fit."""
        if self.next_on is None:
            return
        if self.kind is ResultKind.NO_INTEREST:
            raise InvalidValueError(
                "Without interest on both sides it goes on on no day.", field="next_on"
            )
        if self.next_on < fair.on:
            raise InvalidValueError("It goes on after the fair, not before.", field="next_on")


def note_result(fair: Fair, student: Student, plan: ResultPlan, *, actor: Viewer) -> FairResult:
    """Note what came of a fair for a student at one stand; a new word replaces the old one.

    A student notes their own, and only if they signed up or were there; staff note those of
    their students. Raises FairNotOpenError, FairOverError, InvalidValueError, NotAllowedError.
    """
    require_begun(fair)
    plan.check(fair)
    own = actor.role is Role.STUDENT
    if own and sign_up_of(fair.id, student.id) is None:
        raise NotAllowedError("You did not sign up for this fair.")
    _require_stand(fair, plan.stand_id)
    earlier = _result_at(fair, student.id, plan.stand_id)
    if earlier is not None:
        earlier.voided_at = clock.now()
        db.session.flush()
    uid = uuid.uuid4()
    result = FairResult(
        uid=uid,
        fair_id=fair.id,
        student_id=student.id,
        stand_id=plan.stand_id,
        kind=plan.kind,
        next_on=plan.next_on,
        note_sealed=seal_text(student, plan.note, "fair_results.note", uid),
        noted_by=actor.user_id,
        by_student=own,
    )
    db.session.add(result)
    record_event("fair_result.noted", actor_id=actor.user_id, subject=result)
    if not own and plan.next_step.strip():
        _go_on(student, plan, actor)
    return result


def take_back_result(result: FairResult, *, actor: Viewer) -> None:
    """Say that a result was noted by mistake; students take back only what they noted.

    Raises NotAllowedError.
    """
    if actor.role is Role.STUDENT and result.noted_by != actor.user_id:
        raise NotAllowedError("Your counselor noted this.", remedy="Tell them what is wrong.")
    if result.voided_at is None:
        result.voided_at = clock.now()
        record_event("fair_result.taken_back", actor_id=actor.user_id, subject=result)


def _require_stand(fair: Fair, stand_id: int | None) -> None:
    if stand_id is not None:
        stand = db.session.get(Stand, stand_id)
        if stand is None or stand.fair_id != fair.id:
            raise InvalidValueError("There is no such stand at this fair.")


def _result_at(fair: Fair, student_id: int, stand_id: int | None) -> FairResult | None:
    return db.session.execute(
        select(FairResult).where(
            FairResult.fair_id == fair.id,
            FairResult.student_id == student_id,
            FairResult.stand_id.is_not_distinct_from(stand_id),
            FairResult.voided_at.is_(None),
        )
    ).scalar_one_or_none()


def _go_on(student: Student, plan: ResultPlan, actor: Viewer) -> None:
    """Make what comes next the next step of the case, if it is open."""
    case = case_of_student(actor, student.id)
    if case is not None and case.closed_on is None:
        set_next_step(
            case,
            actor=actor,
            next_step=plan.next_step,
            next_contact_on=plan.step_on or plan.next_on,
            version=case.version,
        )
