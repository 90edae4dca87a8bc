"""Reads of who comes to a fair, who came, and what came of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from placement.accounts.viewer import Viewer
from placement.db import db
from placement.fairs.models import Fair, FairResult, ResultKind, SignUp, SignUpState
from placement.students.models import Student
from placement.students.queries import in_scope


def counts_coming(viewer: Viewer, fair_ids: list[int]) -> dict[int, int]:
    """How many of the visible students said that they come, by fair."""
    rows = db.session.execute(
        select(SignUp.fair_id, func.count())
        .join(Student, Student.id == SignUp.student_id)
        .where(in_scope(viewer), SignUp.fair_id.in_(fair_ids), SignUp.state == SignUpState.COMING)
        .group_by(SignUp.fair_id)
    )
    return {row[0]: row[1] for row in rows}


def attendance(
    viewer: Viewer, fair: Fair, *, state: SignUpState | None = None, came: bool = False
) -> Select[*tuple[Any, ...]]:
    """Select the visible students with their sign-ups: all, of one state, or who came.

    Those who wait stand in the order of their line, the others by name.
    """
    found = (
        select(Student, SignUp)
        .join(SignUp, SignUp.student_id == Student.id)
        .where(in_scope(viewer), SignUp.fair_id == fair.id)
    )
    if came:
        found = found.where(SignUp.came_at.is_not(None))
    elif state is not None:
        found = found.where(SignUp.state == state)
    if state is SignUpState.WAITING:
        return found.order_by(SignUp.changed_at, SignUp.id)
    return found.order_by(Student.name_key, Student.id)


def count_attendance(viewer: Viewer, fair: Fair) -> dict[str, int]:
    """How many of the visible students are coming, waiting, withdrawn, and how many came."""
    rows = db.session.execute(
        select(SignUp.state, func.count(), func.count(SignUp.came_at))
        .join(Student, Student.id == SignUp.student_id)
        .where(in_scope(viewer), SignUp.fair_id == fair.id)
        .group_by(SignUp.state)
    ).all()
    counts = {str(state.value): 0 for state in SignUpState} | {"came": 0}
    for state, people, came in rows:
        counts[state.value] = people
        counts["came"] += came
    return counts


def sign_up_of(fair_id: int, student_id: int) -> SignUp | None:
    """A student's answer to a fair, if there is one."""
    return db.session.execute(
        select(SignUp)
        .where(SignUp.fair_id == fair_id, SignUp.student_id == student_id)
        .options(joinedload(SignUp.fair))
    ).scalar_one_or_none()


def last_through_the_door(viewer: Viewer, fair: Fair, *, limit: int = 10) -> Sequence[SignUp]:
    """Who of the visible students came last, the last first."""
    return (
        db.session.execute(
            select(SignUp)
            .join(Student, Student.id == SignUp.student_id)
            .where(in_scope(viewer), SignUp.fair_id == fair.id, SignUp.came_at.is_not(None))
            .options(joinedload(SignUp.student))
            .order_by(SignUp.came_at.desc(), SignUp.id.desc())
            .limit(limit)
        )
        .scalars()
        .all()
    )


def visible_results(viewer: Viewer) -> Select[FairResult]:
    """Select the results of the students whom the viewer may see; those taken back are gone."""
    return (
        select(FairResult)
        .join(Student, Student.id == FairResult.student_id)
        .where(in_scope(viewer), FairResult.voided_at.is_(None))
        .options(joinedload(FairResult.stand))
    )


def results_by_student(
    viewer: Viewer, fair: Fair, student_ids: Sequence[int]
) -> dict[int, list[FairResult]]:
    """What came of a fair for some of the visible students, by student, the first first."""
    found: dict[int, list[FairResult]] = {}
    rows = db.session.execute(
        visible_results(viewer)
        .where(FairResult.fair_id == fair.id, FairResult.student_id.in_(student_ids))
        .order_by(FairResult.noted_at, FairResult.id)
    ).scalars()
    for result in rows:
        found.setdefault(result.student_id, []).append(result)
    return found


def count_results(viewer: Viewer, fair: Fair) -> dict[ResultKind, int]:
    """For how many of the visible students each kind of result was noted at a fair."""
    rows = db.session.execute(
        select(FairResult.kind, func.count(FairResult.student_id.distinct()))
        .join(Student, Student.id == FairResult.student_id)
        .where(in_scope(viewer), FairResult.fair_id == fair.id, FairResult.voided_at.is_(None))
        .group_by(FairResult.kind)
    )
    counts = {row[0]: row[1] for row in rows}
    return {kind: counts.get(kind, 0) for kind in reversed(ResultKind)}


def opened_note(student: Student, result: FairResult) -> str:
    """The words of a result, readable; empty where there are none or the person was erased."""
    key = student.key()
    if result.note_sealed is None or key is None:
        return ""
    return key.open(result.note_sealed, "fair_results.note", result.uid)
