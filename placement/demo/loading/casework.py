"""The work in the cases of the class under way, through the operations of the cases."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from placement.accounts.models import University, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.cases.models import (
    ActionKind,
    ActionState,
    BarrierKind,
    BarrierState,
    Case,
    CloseReason,
    FollowUpMethod,
    FollowUpResult,
    GoalState,
)
from placement.cases.operations import (
    add_action,
    add_barrier,
    adjust_expectations,
    change_action,
    change_barrier,
    change_goal,
    close_case,
    close_cases,
    record_follow_up,
    set_goal,
    set_next_step,
)
from placement.db import db
from placement.demo.province.casework import BarrierPlan, CaseWork
from placement.demo.province.closures import CLOSED_ON
from placement.demo.province.plan import Plan
from placement.students.models import Student

Key = tuple[str, str]
"""University code and student number."""


def close_last_class(plan: Plan) -> int:
    """Close the cases of the class of 2016 with the year, each for its reason."""
    closures = plan.closures
    ids = _student_ids(plan.history.class_year)
    reasons = {
        ids[str(university), str(number)]: CloseReason(str(reason))
        for university, number, reason in zip(
            closures.university, closures.student_number, closures.reason, strict=True
        )
    }
    return close_cases(reasons, closed_on=CLOSED_ON, actor_id=None)


def record_work(works: Iterable[CaseWork], class_year: int) -> int:
    """Record what happened in some cases; how many. A case with entries stays as it is."""
    chosen = list(works)
    cases = cases_of(chosen, class_year)
    actors = actors_of(chosen)
    done = 0
    for work in chosen:
        case = cases.get((work.university, work.student_number))
        if case is None or _is_worked_on(case):
            continue
        _record(work, case, actors[work.counselor])
        done += 1
    return done


def _is_worked_on(case: Case) -> bool:
    return (
        case.next_step is not None or case.last_contact_on is not None or case.closed_on is not None
    )


def _record(work: CaseWork, case: Case, actor: Viewer) -> None:
    barriers = [_barrier(plan, case, actor) for plan in work.barriers]
    goals = []
    for place, plan in enumerate(work.goals):
        goal = set_goal(
            case,
            actor=actor,
            title=plan.title,
            target_on=plan.target_on,
            barrier_id=barriers[place] if place < len(barriers) else None,
            set_on=plan.set_on,
        )
        db.session.flush()
        goals.append(goal.id)
        if plan.state != GoalState.OPEN:
            change_goal(
                goal,
                case=case,
                actor=actor,
                title=plan.title,
                target_on=plan.target_on,
                state=GoalState(plan.state),
                version=goal.version,
                on=plan.settled_on,
            )
    _act(work, case, actor, goals)
    for hope in work.hopes:
        adjust_expectations(
            case,
            actor=actor,
            places=hope.places,
            salary_min=hope.salary_min,
            occupation=hope.occupation,
            note=hope.note,
            on=hope.recorded_on,
        )
    for contact in work.contacts:
        record_follow_up(
            case,
            counselor=actor,
            contacted_on=contact.contacted_on,
            method=FollowUpMethod(contact.method),
            result=FollowUpResult(contact.result),
            version=case.version,
            summary=contact.summary,
            duration_minutes=contact.duration_minutes,
            next_contact_on=contact.next_contact_on,
        )
    if work.next_step:
        set_next_step(
            case,
            actor=actor,
            next_step=work.next_step,
            next_contact_on=work.next_contact_on,
            version=case.version,
        )
    if work.closed_on is not None and work.close_reason is not None:
        close_case(
            case,
            actor=actor,
            reason=CloseReason(work.close_reason),
            closed_on=work.closed_on,
            version=case.version,
        )


def _barrier(plan: BarrierPlan, case: Case, actor: Viewer) -> int:
    barrier = add_barrier(
        case, actor=actor, kind=BarrierKind(plan.kind), note=plan.note, noted_on=plan.noted_on
    )
    if plan.state != BarrierState.OPEN:
        change_barrier(
            barrier,
            case=case,
            actor=actor,
            state=BarrierState(plan.state),
            note=plan.note,
            version=barrier.version,
            on=plan.settled_on,
        )
    return barrier.id


def _act(work: CaseWork, case: Case, actor: Viewer, goals: list[int]) -> None:
    for plan in work.actions:
        state = ActionState(plan.state)
        action = add_action(
            case,
            actor=actor,
            kind=ActionKind(plan.kind),
            title=plan.title,
            goal_id=goals[plan.goal] if plan.goal < len(goals) else None,
            due_on=plan.due_on,
            by_student=plan.by_student,
            done_on=plan.done_on if state is ActionState.DONE else None,
        )
        if state in {ActionState.DOING, ActionState.DROPPED}:
            db.session.flush()
            change_action(
                action,
                case=case,
                actor=actor,
                title=plan.title,
                due_on=plan.due_on,
                state=state,
                version=action.version,
            )


def _student_ids(class_year: int) -> Mapping[Key, int]:
    rows = db.session.execute(
        select(University.code, Student.student_number, Student.id)
        .join(University, University.id == Student.university_id)
        .where(Student.class_year == class_year, Student.voided_at.is_(None))
    )
    return {(code, number): student_id for code, number, student_id in rows}


def cases_of(works: list[CaseWork], class_year: int) -> dict[Key, Case]:
    """The cases of some works, by university code and student number."""
    numbers = [work.student_number for work in works]
    cases = db.session.execute(
        select(Case)
        .join(Case.student)
        .options(contains_eager(Case.student).joinedload(Student.university))
        .where(Student.student_number.in_(numbers), Student.class_year == class_year)
    ).scalars()
    return {(case.student.university.code, case.student.student_number): case for case in cases}


def actors_of(works: list[CaseWork]) -> dict[str, Viewer]:
    """The counselors of some works, by user name."""
    names = {work.counselor for work in works}
    users = db.session.execute(
        select(User).where(User.username.in_(names)).options(joinedload(User.university))
    ).scalars()
    return {user.username: viewer_of(user) for user in users}
