"""Approval of plans by somebody else, in the universities that want it."""

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import (
    Action,
    ActionState,
    ApprovalState,
    Case,
    Goal,
    GoalState,
    PlanApproval,
)
from placement.cases.operations.opening import claim_version, require_open
from placement.cases.queries import newest_approval
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError


def want_approval(university: University, *, actor: Viewer, wanted: bool) -> None:
    """Say whether plans of a university count as ready only once somebody has approved them.

    What was asked or decided before stays as it is. Raises NotAllowedError for anybody but an
    account of the whole university.
    """
    if actor.role is not Role.UNIVERSITY or actor.colleges or actor.university_id != university.id:
        raise NotAllowedError("An account of the whole university decides this.")
    if university.approves_plans is not wanted:
        university.approves_plans = wanted
        record_event(
            "university.approval_set",
            actor_id=actor.user_id,
            subject=university,
            details={"wanted": wanted},
        )


def ask_for_approval(case: Case, *, actor: Viewer, note: str = "") -> PlanApproval:
    """Put a plan that is ready before somebody else of the university.

    Raises CaseClosedError, and InvalidValueError where the university wants no approval, where
    the plan has neither goal nor action under way, and where it was asked for already.
    """
    require_open(case)
    if not case.student.university.approves_plans:
        raise InvalidValueError("This university approves no plans.")
    newest = newest_approval(case)
    if newest is not None and newest.state is ApprovalState.ASKED:
        raise InvalidValueError("Somebody has put this plan forward already.")
    if not _has_plan(case):
        raise InvalidValueError(
            "The plan is empty.", remedy="Set a goal or plan an action before you ask."
        )
    return _ask(case, actor, note=note.strip(), again=False)


def approve_plan(approval: PlanApproval, *, actor: Viewer, version: int) -> None:
    """Approve a plan as it was shown, by somebody of the university who did not ask.

    Raises NotAllowedError, InvalidValueError when it was decided, and EditConflictError when the
    plan was changed since it was shown.
    """
    _require_decider(approval, actor)
    claim_version(approval, expected=version)
    _decide(approval, ApprovalState.APPROVED, actor)


def return_plan(approval: PlanApproval, *, actor: Viewer, answer: str, version: int) -> None:
    """Send a plan back with what is still missing. Raises as `approve_plan`."""
    _require_decider(approval, actor)
    if len(answer.strip()) < 2:
        raise InvalidValueError("Say in a few words what is still to be done.", field="answer")
    claim_version(approval, expected=version)
    approval.answer = answer.strip()
    _decide(approval, ApprovalState.RETURNED, actor)


def withdraw_approval(approval: PlanApproval, *, actor: Viewer) -> None:
    """Take the request back. Raises InvalidValueError when it was decided."""
    _require_asked(approval)
    _decide(approval, ApprovalState.WITHDRAWN, actor)


def plan_changed(case: Case, *, actor: Viewer) -> None:
    """Ask again where an approved plan was changed; whoever is looking at it is told.

    Called by every act that changes what is aimed at or done, not by progress within it.
    """
    newest = newest_approval(case)
    if newest is None:
        return
    if newest.state is ApprovalState.ASKED:
        newest.version += 1
    elif newest.state is ApprovalState.APPROVED and case.student.university.approves_plans:
        _ask(case, actor, note="", again=True)


def _has_plan(case: Case) -> bool:
    under_way = (ActionState.PLANNED, ActionState.DOING)
    goals = select(Goal.id).where(Goal.case_id == case.id, Goal.state == GoalState.OPEN)
    actions = select(Action.id).where(Action.case_id == case.id, Action.state.in_(under_way))
    return db.session.execute(goals.union_all(actions).limit(1)).first() is not None


def _ask(case: Case, actor: Viewer, *, note: str, again: bool) -> PlanApproval:
    approval = PlanApproval(
        case_id=case.id,
        student_id=case.student_id,
        state=ApprovalState.ASKED,
        again=again,
        note=note,
        asked_by=actor.user_id,
    )
    db.session.add(approval)
    record_event("plan.approval_asked", actor_id=actor.user_id, subject=approval)
    return approval


def _require_asked(approval: PlanApproval) -> None:
    if approval.state is not ApprovalState.ASKED:
        raise InvalidValueError("This was decided already.")


def _require_decider(approval: PlanApproval, actor: Viewer) -> None:
    _require_asked(approval)
    if actor.role is not Role.UNIVERSITY or approval.asked_by == actor.user_id:
        raise NotAllowedError("Somebody of the university who did not ask decides.")


def _decide(approval: PlanApproval, state: ApprovalState, actor: Viewer) -> None:
    approval.state, approval.decided_by = state, actor.user_id
    approval.decided_at = clock.now()
    record_event(f"plan.{state.value}", actor_id=actor.user_id, subject=approval)
