"""Reads of outcomes: where students are, what waits to be verified, what is in dispute."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from placement.accounts.viewer import Viewer
from placement.cases.models import Case, CloseReason
from placement.db import Model, db
from placement.outcomes.models import Decision, Dispute, Evidence, Outcome, Verification
from placement.reference import destinations
from placement.statements import SideBySide
from placement.students.models import Assignment, Student
from placement.students.queries import in_scope


def visible_outcomes(viewer: Viewer) -> Select[Outcome]:
    """Select the outcomes of the students that the viewer may see, void ones too."""
    return (
        select(Outcome)
        .join(Student, Student.id == Outcome.student_id)
        .where(in_scope(viewer))
        .options(joinedload(Outcome.student))
    )


def decided(decision: Decision) -> ColumnElement[bool]:
    """The condition that an outcome has this decision in force."""
    return exists().where(
        Verification.outcome_id == Outcome.id,
        Verification.voided_at.is_(None),
        Verification.decision == decision,
    )


def in_dispute() -> ColumnElement[bool]:
    """The condition that an outcome is in dispute now."""
    return exists().where(Dispute.outcome_id == Outcome.id, Dispute.voided_at.is_(None))


def awaits_verification() -> ColumnElement[bool]:
    """The condition that an outcome is placed, in force and without a decision.

    A claim is checked, a need is believed: codes that are not placed need no verification.
    """
    return and_(
        Outcome.voided_at.is_(None),
        Outcome.code.in_(_placed_codes()),
        ~exists().where(Verification.outcome_id == Outcome.id, Verification.voided_at.is_(None)),
    )


def outcomes_to_verify(viewer: Viewer) -> Select[Outcome]:
    """Select what the university has still to verify, oldest first."""
    return (
        visible_outcomes(viewer)
        .where(awaits_verification())
        .order_by(Outcome.recorded_at, Outcome.id)
    )


def outcomes_in_dispute(viewer: Viewer) -> Select[Outcome]:
    """Select what students dispute, oldest first."""
    return (
        visible_outcomes(viewer)
        .where(Outcome.voided_at.is_(None), in_dispute())
        .order_by(Outcome.recorded_at, Outcome.id)
    )


def all_outcomes(viewer: Viewer) -> Select[Outcome]:
    """Select every outcome in force, newest first."""
    return (
        visible_outcomes(viewer)
        .where(Outcome.voided_at.is_(None))
        .order_by(Outcome.effective_on.desc(), Outcome.recorded_at.desc(), Outcome.id.desc())
    )


def last_outcome_id(*, day: dt.date) -> ColumnElement[int]:
    """The id of the outcome that holds on `day` of each `Student` of the statement around it.

    Rejected and void ones are left out.
    """
    return last_outcome(day=day).with_only_columns(Outcome.id).scalar_subquery()


def last_outcome(*, day: dt.date) -> Select[Outcome]:
    """Select that outcome itself, to be joined beside each `Student` of the statement around it."""
    return (
        select(Outcome)
        .where(
            Outcome.student_id == Student.id,
            Outcome.effective_on <= day,
            Outcome.voided_at.is_(None),
            ~decided(Decision.REJECTED),
        )
        .order_by(Outcome.effective_on.desc(), Outcome.recorded_at.desc(), Outcome.id.desc())
        .limit(1)
        .correlate_except(Outcome, Verification)
    )


def deciding_outcome(student_id: int, *, day: dt.date) -> Outcome | None:
    """The outcome that counts for a student on `day`: the last verified or believed one.

    Where there is none, the last that is only reported. Those in dispute take part, rejected
    and void ones do not.
    """
    return db.session.execute(_deciding(literal(student_id), day)).scalar_one_or_none()


def closed_but_not_placed(student_ids: Sequence[int], *, day: dt.date) -> Select[Case]:
    """Select the cases of these students that are closed as placed and on `day` are not.

    A student whose counselor left while the case was closed stays out: the database opens no
    case that would be in nobody's hands.
    """
    deciding = (
        _deciding(Case.student_id, day)
        .with_only_columns(Outcome.code)
        .correlate_except(Outcome, Verification)
        .scalar_subquery()
    )
    held = exists().where(Assignment.student_id == Case.student_id)
    return select(Case).where(
        Case.student_id == any_(cast(list(student_ids), ARRAY(BigInteger))),
        Case.voided_at.is_(None),
        Case.close_reason == CloseReason.PLACED,
        func.coalesce(deciding.not_in(_placed_codes()), True),
        or_(~held, held.where(Assignment.holds_to.is_(None))),
    )


def _deciding(student: ColumnElement[int] | InstrumentedAttribute[int], day: dt.date) -> Any:
    counts = or_(decided(Decision.VERIFIED), Outcome.code.not_in(_placed_codes()))
    return (
        select(Outcome)
        .where(
            Outcome.student_id == student,
            Outcome.effective_on <= day,
            Outcome.voided_at.is_(None),
            ~decided(Decision.REJECTED),
        )
        .order_by(
            counts.desc(),
            Outcome.effective_on.desc(),
            Outcome.recorded_at.desc(),
            Outcome.id.desc(),
        )
        .limit(1)
    )


def _placed_codes() -> list[str]:
    return [code for code in destinations.codes if destinations.is_placed(code)]


@dataclass(frozen=True, slots=True)
class OutcomeStory:
    """An outcome with all that was said about it."""

    outcome: Outcome
    verification: Verification | None
    dispute: Dispute | None
    evidence: tuple[Evidence, ...]

    @property
    def state(self) -> str:
        """One word: void, disputed, verified, rejected, reported or believed."""
        if self.outcome.voided_at is not None:
            return "void"
        if self.dispute is not None:
            return "disputed"
        if self.verification is not None:
            return self.verification.decision.value
        return "reported" if destinations.is_placed(self.outcome.code) else "believed"


def stories(outcomes: list[Outcome]) -> list[OutcomeStory]:
    """What was said about each of these outcomes, in one statement for all."""
    if not outcomes:
        return []
    ids = [outcome.id for outcome in outcomes]
    return _stories(outcomes, _all_said().read(outcome_ids=ids))


def outcomes_of(student_id: int) -> list[OutcomeStory]:
    """Every outcome of a student with its story, the one that holds longest last first."""
    rows = _all_outcomes().read(student_id=student_id)
    outcomes = sorted(
        rows[Outcome], key=lambda row: (row.effective_on, row.recorded_at, row.id), reverse=True
    )
    return _stories(outcomes, rows)


@functools.cache
def _all_said() -> SideBySide:
    ids: BindParameter[Any] = bindparam("outcome_ids", expanding=True)
    return SideBySide(_said(ids), joinedload(Evidence.file))


@functools.cache
def _all_outcomes() -> SideBySide:
    own = Outcome.student_id == bindparam("student_id", type_=BigInteger)
    said = _said(select(Outcome.id).where(own))
    return SideBySide({Outcome: own, **said}, joinedload(Evidence.file))


def _said(ids: BindParameter[Any] | Select[int]) -> dict[type[Model], ColumnElement[bool]]:
    """The conditions of what is said about some outcomes and stands."""
    return {
        Verification: and_(Verification.outcome_id.in_(ids), Verification.voided_at.is_(None)),
        Dispute: and_(Dispute.outcome_id.in_(ids), Dispute.voided_at.is_(None)),
        Evidence: and_(Evidence.outcome_id.in_(ids), Evidence.removed_at.is_(None)),
    }


def _stories(outcomes: list[Outcome], rows: dict[type[Model], list[Any]]) -> list[OutcomeStory]:
    verifications = {row.outcome_id: row for row in rows[Verification]}
    disputes = {row.outcome_id: row for row in rows[Dispute]}
    papers: dict[int, list[Evidence]] = {}
    for paper in rows[Evidence]:
        papers.setdefault(paper.outcome_id, []).append(paper)
    return [
        OutcomeStory(
            outcome=outcome,
            verification=verifications.get(outcome.id),
            dispute=disputes.get(outcome.id),
            evidence=tuple(papers.get(outcome.id, ())),
        )
        for outcome in outcomes
    ]


def visible_evidence(viewer: Viewer) -> Select[Evidence]:
    """Select the papers of the students that the viewer may see."""
    return (
        select(Evidence)
        .join(Student, Student.id == Evidence.student_id)
        .where(in_scope(viewer), Evidence.removed_at.is_(None))
        .options(joinedload(Evidence.file))
    )


def visible_disputes(viewer: Viewer) -> Select[Dispute]:
    """Select the open disputes of the students that the viewer may see."""
    return (
        select(Dispute)
        .join(Student, Student.id == Dispute.student_id)
        .where(in_scope(viewer), Dispute.voided_at.is_(None))
    )
