"""The plan: barriers, goals, actions and expectations."""

import datetime as dt
import uuid

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import (
    Action,
    ActionKind,
    ActionState,
    Barrier,
    BarrierKind,
    BarrierState,
    Case,
    Expectation,
    Goal,
    GoalState,
)
from placement.cases.operations.approving import plan_changed
from placement.cases.operations.contacts import seal_text
from placement.cases.operations.opening import claim_version, require_open
from placement.db import db
from placement.errors import InvalidValueError


def add_barrier(
    case: Case,
    *,
    actor: Viewer,
    kind: BarrierKind,
    note: str = "",
    noted_on: dt.date | None = None,
    term_id: int | None = None,
) -> Barrier:
    """Note what stands in the way; `term_id` is the province's word for it, if it has one.

    Raises CaseClosedError.
    """
    require_open(case)
    uid = uuid.uuid4()
    barrier = Barrier(
        uid=uid,
        case_id=case.id,
        student_id=case.student_id,
        kind=kind,
        term_id=term_id,
        note_sealed=seal_text(case.student, note, "barriers.note", uid),
        noted_on=noted_on or clock.today(),
    )
    db.session.add(barrier)
    record_event("barrier.added", actor_id=actor.user_id, subject=barrier)
    plan_changed(case, actor=actor)
    return barrier


def change_barrier(
    barrier: Barrier,
    *,
    case: Case,
    actor: Viewer,
    state: BarrierState,
    note: str,
    version: int,
    on: dt.date | None = None,
) -> None:
    """Say whether a barrier still stands, from `on` (default today).

    Raises EditConflictError and CaseClosedError.
    """
    require_open(case)
    claim_version(barrier, expected=version)
    barrier.state = state
    barrier.note_sealed = seal_text(case.student, note, "barriers.note", barrier.uid)
    barrier.settled_on = None if state is BarrierState.OPEN else on or clock.today()
    record_event("barrier.changed", actor_id=actor.user_id, subject=barrier)


def set_goal(
    case: Case,
    *,
    actor: Viewer,
    title: str,
    target_on: dt.date | None = None,
    barrier_id: int | None = None,
    set_on: dt.date | None = None,
) -> Goal:
    """Set what is aimed at; `barrier_id` is the barrier of the same case that it answers.

    Raises CaseClosedError and InvalidValueError.
    """
    require_open(case)
    _belongs(Barrier, barrier_id, case)
    goal = Goal(
        case_id=case.id,
        student_id=case.student_id,
        barrier_id=barrier_id,
        title=_titled(title),
        target_on=target_on,
        set_on=set_on or clock.today(),
    )
    db.session.add(goal)
    record_event("goal.set", actor_id=actor.user_id, subject=goal)
    plan_changed(case, actor=actor)
    return goal


def change_goal(
    goal: Goal,
    *,
    case: Case,
    actor: Viewer,
    title: str,
    target_on: dt.date | None,
    state: GoalState,
    version: int,
    on: dt.date | None = None,
) -> None:
    """Change a goal or say that it is reached on a day (default today).

    Raises EditConflictError and CaseClosedError.
    """
    require_open(case)
    claim_version(goal, expected=version)
    said = _titled(title), target_on, state is GoalState.DROPPED
    if said != (goal.title, goal.target_on, goal.state is GoalState.DROPPED):
        plan_changed(case, actor=actor)
    goal.title, goal.target_on, goal.state = _titled(title), target_on, state
    goal.settled_on = None if state is GoalState.OPEN else on or clock.today()
    record_event("goal.changed", actor_id=actor.user_id, subject=goal)


def add_action(  # noqa: PLR0913 - what an action is made of, each by its name
    case: Case,
    *,
    actor: Viewer,
    kind: ActionKind,
    title: str,
    goal_id: int | None = None,
    due_on: dt.date | None = None,
    by_student: bool = False,
    done_on: dt.date | None = None,
    term_id: int | None = None,
) -> Action:
    """Plan what is done about it, or record what is done already.

    `term_id` is the province's word for the kind, if it has one.

    Raises CaseClosedError and InvalidValueError.
    """
    require_open(case)
    _belongs(Goal, goal_id, case)
    action = Action(
        case_id=case.id,
        student_id=case.student_id,
        goal_id=goal_id,
        kind=kind,
        term_id=term_id,
        title=_titled(title),
        by_student=by_student,
        due_on=due_on,
        state=ActionState.PLANNED if done_on is None else ActionState.DONE,
        done_on=done_on,
    )
    db.session.add(action)
    record_event("action.added", actor_id=actor.user_id, subject=action)
    if done_on is None:
        plan_changed(case, actor=actor)
    return action


def change_action(
    action: Action,
    *,
    case: Case,
    actor: Viewer,
    title: str,
    due_on: dt.date | None,
    state: ActionState,
    version: int,
) -> None:
    """Change an action or say how far it is. Raises EditConflictError and CaseClosedError."""
    require_open(case)
    claim_version(action, expected=version)
    said = _titled(title), due_on, state is ActionState.DROPPED
    if said != (action.title, action.due_on, action.state is ActionState.DROPPED):
        plan_changed(case, actor=actor)
    action.title, action.due_on, action.state = _titled(title), due_on, state
    if state is not ActionState.DONE:
        action.done_on = None
    elif action.done_on is None:
        action.done_on = clock.today()
    record_event("action.changed", actor_id=actor.user_id, subject=action)


def adjust_expectations(
    case: Case,
    *,
    actor: Viewer,
    places: str,
    salary_min: int | None,
    occupation: str,
    note: str = "",
    on: dt.date | None = None,
) -> Expectation:
    """Record what the student hopes for from `on` (default now); what was hoped before stays.

    `salary_min` is in yuan a month. Raises CaseClosedError.
    """
    require_open(case)
    expectation = Expectation(
        case_id=case.id,
        student_id=case.student_id,
        recorded_by=actor.user_id,
        places=places.strip(),
        salary_min=salary_min,
        occupation=occupation.strip(),
        note=note.strip(),
        recorded_at=clock.now() if on is None else _noon(on),
    )
    db.session.add(expectation)
    record_event("expectation.adjusted", actor_id=actor.user_id, subject=expectation)
    return expectation


def _noon(on: dt.date) -> dt.datetime:
    """Noon of a day that is over, now on the day itself."""
    return min(clock.now(), dt.datetime.combine(on, dt.time(12), clock.ZONE))


def _titled(title: str) -> str:
    if not title.strip():
        raise InvalidValueError("Say in a few words what it is.", field="title")
    return title.strip()


def _belongs(model: type[Barrier] | type[Goal], row_id: int | None, case: Case) -> None:
    if row_id is None:
        return
    found = db.session.query(model.id).filter_by(id=row_id, case_id=case.id).first()
    if found is None:
        raise InvalidValueError("That belongs to another case.")
