"""Reads of cases: every one starts from what the viewer may see."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import BigInteger, Select, and_, bindparam, select, text
from sqlalchemy.orm import contains_eager, joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import (
    Action,
    ActionAnswer,
    ApprovalState,
    Barrier,
    Case,
    Closing,
    ClosingState,
    Consent,
    Expectation,
    FollowUp,
    Goal,
    PlanApproval,
)
from placement.db import db
from placement.errors import NotVisibleError
from placement.reference import destinations
from placement.rulebook.models import Rule
from placement.rulebook.queries import of_standard
from placement.statements import SideBySide
from placement.students.models import Student
from placement.students.queries import in_scope

_PLACED = text(
    """
    SELECT EXISTS (
        SELECT FROM outcomes o
        JOIN verifications v ON v.outcome_id = o.id AND v.voided_at IS NULL
            AND v.decision = 'verified'
        WHERE o.student_id = :student AND o.voided_at IS NULL
            AND o.code = ANY (CAST(:placed AS text[]))
            AND NOT EXISTS (
                SELECT FROM disputes d WHERE d.outcome_id = o.id AND d.voided_at IS NULL))
    """
)

Part = TypeVar("Part", Barrier, Goal, Action)


def visible_cases(viewer: Viewer) -> Select[Case]:
    """Select the cases of the students that the viewer may see, each with its student."""
    return (
        select(Case)
        .join(Case.student)
        .options(contains_eager(Case.student))
        .where(in_scope(viewer), Case.voided_at.is_(None))
    )


def case_of_student(viewer: Viewer, student_id: int) -> Case | None:
    """The case of a student, if there is one that the viewer may see."""
    return db.session.execute(
        visible_cases(viewer).where(Case.student_id == student_id)
    ).scalar_one_or_none()


def parts_of(case: Case, kind: type[Part]) -> Sequence[Part]:
    """The barriers, goals or actions of a case, in the order in which they were written."""
    return (
        db.session.execute(select(kind).where(kind.case_id == case.id).order_by(kind.id))
        .scalars()
        .all()
    )


def part_of(case: Case, kind: type[Part], row_id: int) -> Part:
    """One barrier, goal or action of this case. Raises NotVisibleError for one of another."""
    part = db.session.execute(
        select(kind).where(kind.case_id == case.id, kind.id == row_id)
    ).scalar_one_or_none()
    if part is None:
        raise NotVisibleError("There is no such entry in this case.")
    return part


def follow_up_of(case: Case, follow_up_id: int) -> FollowUp:
    """One contact of this case. Raises NotVisibleError for one of another."""
    found = db.session.execute(
        select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.id == follow_up_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotVisibleError("There is no such entry in this case.")
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """All that stands in a case."""

    barriers: Sequence[Barrier] = ()
    """These, the goals and the actions in the order in which they were written."""
    goals: Sequence[Goal] = ()
    actions: Sequence[Action] = ()
    contacts: Sequence[FollowUp] = ()
    """The last first."""
    expectations: Sequence[Expectation] = ()
    """What the student hoped for, the newest first."""
    closing: Closing | None = None
    """The request to close that waits for a decision."""
    answers: Mapping[int, ActionAnswer] = field(default_factory=dict)
    """The student's word to an action, by the action's id."""
    approval: PlanApproval | None = None
    """The newest request to approve the plan, whatever became of it."""
    rules: Sequence[Rule] = ()
    """What the province says itself of the service standard, read along."""


@functools.cache
def _all_of_a_case() -> SideBySide:
    case = bindparam("case_id", type_=BigInteger)
    return SideBySide(
        {
            Barrier: Barrier.case_id == case,
            Goal: Goal.case_id == case,
            Action: Action.case_id == case,
            FollowUp: and_(FollowUp.case_id == case, FollowUp.voided_at.is_(None)),
            Expectation: Expectation.case_id == case,
            Closing: and_(Closing.case_id == case, Closing.state == ClosingState.ASKED),
            ActionAnswer: and_(ActionAnswer.case_id == case, ActionAnswer.withdrawn_at.is_(None)),
            PlanApproval: PlanApproval.case_id == case,
            Rule: of_standard(),
        },
        joinedload(FollowUp.counselor),
        joinedload(Closing.asker),
        joinedload(ActionAnswer.replier),
        joinedload(PlanApproval.asker),
        joinedload(PlanApproval.decider),
    )


def plan_of(case: Case) -> Plan:
    """All that stands in a case, in one statement."""
    rows = _all_of_a_case().read(case_id=case.id)
    return Plan(
        barriers=rows[Barrier],
        goals=rows[Goal],
        actions=rows[Action],
        contacts=sorted(rows[FollowUp], key=lambda row: (row.contacted_on, row.id), reverse=True),
        expectations=sorted(
            rows[Expectation], key=lambda row: (row.recorded_at, row.id), reverse=True
        ),
        closing=next(iter(rows[Closing]), None),
        answers={answer.action_id: answer for answer in rows[ActionAnswer]},
        approval=max(rows[PlanApproval], key=lambda row: row.id, default=None),
        rules=rows[Rule],
    )


def open_closing_of(case: Case) -> Closing | None:
    """The request to close a case that waits for a decision, with who asked."""
    return db.session.execute(
        select(Closing)
        .where(Closing.case_id == case.id, Closing.state == ClosingState.ASKED)
        .options(joinedload(Closing.asker))
    ).scalar_one_or_none()


def visible_closings(viewer: Viewer) -> Select[Closing]:
    """Select the requests to close that wait for a decision, the oldest first."""
    return (
        select(Closing)
        .join(Case, Case.id == Closing.case_id)
        .join(Student, Student.id == Closing.student_id)
        .where(in_scope(viewer), Closing.state == ClosingState.ASKED)
        .options(joinedload(Closing.asker), joinedload(Closing.case).joinedload(Case.student))
        .order_by(Closing.asked_at, Closing.id)
    )


def newest_approval(case: Case) -> PlanApproval | None:
    """The last request to approve the plan of a case, whatever became of it."""
    return db.session.execute(
        select(PlanApproval)
        .where(PlanApproval.case_id == case.id)
        .order_by(PlanApproval.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def visible_approvals(viewer: Viewer) -> Select[PlanApproval]:
    """Select the plans that wait to be approved, the longest first."""
    return (
        select(PlanApproval)
        .join(Case, Case.id == PlanApproval.case_id)
        .join(Student, Student.id == PlanApproval.student_id)
        .where(
            in_scope(viewer),
            PlanApproval.state == ApprovalState.ASKED,
            Case.voided_at.is_(None),
            Case.closed_on.is_(None),
        )
        .options(
            joinedload(PlanApproval.case).joinedload(Case.student), joinedload(PlanApproval.asker)
        )
        .order_by(PlanApproval.asked_at, PlanApproval.id)
    )


def consent_of(student_id: int) -> Consent | None:
    """The student's consent that stands, if there is one."""
    return db.session.execute(
        select(Consent)
        .where(Consent.student_id == student_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def has_verified_placement(student_id: int) -> bool:
    """Whether a placed outcome is verified and not in dispute; outcomes stand above this room."""
    placed = [code for code in destinations.codes if destinations.is_placed(code)]
    return bool(db.session.execute(_PLACED, {"student": student_id, "placed": placed}).scalar_one())


def opened_note(student: Student, barrier: Barrier) -> str:
    """The words to a barrier in clear; empty for none or for an erased person."""
    key = student.key()
    if barrier.note_sealed is None or key is None:
        return ""
    return key.open(barrier.note_sealed, "barriers.note", barrier.uid)


def opened_summary(student: Student, follow_up: FollowUp) -> str:
    """What was said in a contact, in clear; empty for none or for an erased person."""
    key = student.key()
    if follow_up.summary_sealed is None or key is None:
        return ""
    return key.open(follow_up.summary_sealed, "follow_ups.summary", follow_up.uid)


def opened_answer(student: Student, answer: ActionAnswer) -> tuple[str, str]:
    """What the student said to an action and what was replied, in clear; empty where nothing."""
    key = student.key()
    sealed = {"note": answer.note_sealed, "reply": answer.reply_sealed}
    note, reply = (
        "" if key is None or text is None else key.open(text, f"action_answers.{name}", answer.uid)
        for name, text in sealed.items()
    )
    return note, reply


def opened_answers(student: Student, plan: Plan) -> dict[int, tuple[ActionAnswer, str, str]]:
    """What the student said to each action and what was replied, by the action's id."""
    return {
        number: (answer, *opened_answer(student, answer)) for number, answer in plan.answers.items()
    }
