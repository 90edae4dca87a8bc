"""One person's history as an answer reads it, and how that answer counts them."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select

from placement.db import db
from placement.outcomes.models import Dispute, Outcome, Verification
from placement.reference import destinations
from placement.reports.queries.counted import (
    counted_people,
    is_left_out,
    reason_of,
)
from placement.reports.queries.facts import CATEGORY_BITS
from placement.reports.queries.readings import Reading
from placement.reports.questions import Basis
from placement.reports.rates import part_of
from placement.reports.verdicts import (
    MEMBERSHIP,
    NO_MEMBERSHIP,
    OTHER_CLASS,
    OUTCOME,
    STANDING,
    UNDONE,
    VERSION,
    HistoryRow,
    judge_memberships,
    judge_outcomes,
    judge_standings,
    judge_versions,
)
from placement.students.models import Membership, Standing, Student, StudentVersion

_ATTRIBUTES = ("level", "sex", "ethnic_group", "origin", "origin_division", "college")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyCounted:
    """How one person is counted in the answer to a question, and all that decides it.

    Who is not in the register has `absent` UNDONE, OTHER_CLASS or NO_MEMBERSHIP and no place in
    any figure. `part` is None for who is not in the denominator; `reason` is as lists of people
    give it.
    """

    reading: Reading
    student: Student
    absent: str | None
    counted: bool
    placed: bool
    standing: str
    categories: tuple[str, ...]
    code: str | None
    part: str | None
    reason: str
    versions: list[HistoryRow]
    memberships: list[HistoryRow]
    standings: list[HistoryRow]
    outcomes: list[HistoryRow]

    @property
    def history(self) -> list[HistoryRow]:
        """All rows, in the order in which they are explained."""
        return [*self.versions, *self.memberships, *self.standings, *self.outcomes]


def why_counted(reading: Reading, student: Student) -> WhyCounted:
    """Explain one person under the question of a reading that has begun, whatever its `where`.

    How the person is counted comes from the query behind all figures; the verdicts on the rows
    say in words what that query did with them.
    """
    reading = replace(reading, question=replace(reading.question, where=()))
    question = reading.question
    verdict = _verdict(reading, student.id)
    versions = judge_versions(_versions(reading, student.id), question.as_of)
    memberships = judge_memberships(
        _memberships(reading, student.id),
        question.as_of,
        dt.date(question.class_year, 12, 31),
    )
    outcomes = judge_outcomes(
        _outcomes(reading, student.id),
        question.as_of,
        verified_only=question.basis is Basis.VERIFIED,
        placed=[code for code in destinations.codes if destinations.is_placed(code)],
    )
    absent = None if verdict is not None else _absent(reading, student, versions)
    return WhyCounted(
        reading=reading,
        student=student,
        absent=absent,
        counted=verdict is not None and not verdict.left_out,
        placed=verdict is not None and not verdict.left_out and _is_placed(verdict.reason),
        standing="" if verdict is None else verdict.standing,
        categories=() if verdict is None else _categories(verdict.category_bits),
        code=None if verdict is None else verdict.code,
        part=None
        if verdict is None or verdict.left_out
        else part_of(verdict.code, question.scheme),
        reason=absent or verdict.reason,
        versions=versions,
        memberships=memberships,
        standings=judge_standings(_standings(reading, student.id), question.as_of),
        outcomes=outcomes,
    )


def _verdict(reading: Reading, student_id: int) -> Any:
    people = counted_people(reading, student_ids=[student_id])
    return db.session.execute(
        select(
            people.c.standing,
            people.c.category_bits,
            people.c.code,
            reason_of(reading, people).label("reason"),
            is_left_out(reading, people).label("left_out"),
        )
    ).one_or_none()


def _absent(reading: Reading, student: Student, versions: list[HistoryRow]) -> str:
    if student.voided_at is not None and student.voided_at <= reading.known_at:
        return UNDONE
    used = next((row for row in versions if row.used), None)
    if used is None or used.key != str(reading.question.class_year):
        return OTHER_CLASS
    return NO_MEMBERSHIP


def _is_placed(reason: str) -> bool:
    return reason in {"verified", "reported"}


def _categories(bits: int) -> tuple[str, ...]:
    return tuple(category for category, bit in CATEGORY_BITS.items() if bits & bit)


def _known(model: Any, reading: Reading, student_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions on what had been recorded about a person by the moment, taken back or not."""
    return model.student_id == student_id, model.recorded_at <= reading.known_at


def _withdrawn(row: Any, reading: Reading) -> dt.datetime | None:
    voided: dt.datetime | None = row.voided_at
    return voided if voided is not None and voided <= reading.known_at else None


def _versions(reading: Reading, student_id: int) -> list[HistoryRow]:
    rows = db.session.execute(
        select(StudentVersion).where(*_known(StudentVersion, reading, student_id))
    ).scalars()
    return [
        HistoryRow(
            kind=VERSION,
            number=row.id,
            key=str(row.class_year),
            holds_from=row.effective_on,
            recorded_at=row.recorded_at,
            withdrawn_at=_withdrawn(row, reading),
            values={
                "university": reading.universities[row.university_id].code,
                **{name: getattr(row, name) for name in _ATTRIBUTES},
            },
        )
        for row in rows
    ]


def _memberships(reading: Reading, student_id: int) -> list[HistoryRow]:
    rows = db.session.execute(
        select(Membership).where(*_known(Membership, reading, student_id))
    ).scalars()
    return [
        HistoryRow(
            kind=MEMBERSHIP,
            number=row.id,
            key=row.category.value,
            holds_from=row.holds_from,
            holds_to=row.holds_to,
            recorded_at=row.recorded_at,
            withdrawn_at=_withdrawn(row, reading),
            state=row.state.value,
        )
        for row in rows
    ]


def _standings(reading: Reading, student_id: int) -> list[HistoryRow]:
    rows = db.session.execute(
        select(Standing).where(*_known(Standing, reading, student_id))
    ).scalars()
    return [
        HistoryRow(
            kind=STANDING,
            number=row.id,
            key=row.standing.value,
            holds_from=row.holds_from,
            recorded_at=row.recorded_at,
            withdrawn_at=_withdrawn(row, reading),
        )
        for row in rows
    ]


def _outcomes(reading: Reading, student_id: int) -> list[HistoryRow]:
    decisions: dict[int, str] = {}
    for row in db.session.execute(
        select(Verification)
        .where(*_known(Verification, reading, student_id))
        .order_by(Verification.recorded_at, Verification.id)
    ).scalars():
        if _withdrawn(row, reading) is None:
            decisions[row.outcome_id] = row.decision.value
    disputed = {
        row.outcome_id
        for row in db.session.execute(
            select(Dispute).where(*_known(Dispute, reading, student_id))
        ).scalars()
        if _withdrawn(row, reading) is None
    }
    rows = db.session.execute(select(Outcome).where(*_known(Outcome, reading, student_id)))
    return [
        HistoryRow(
            kind=OUTCOME,
            number=row.id,
            key=row.code,
            holds_from=row.effective_on,
            recorded_at=row.recorded_at,
            withdrawn_at=_withdrawn(row, reading),
            state=decisions.get(row.id, ""),
            disputed=row.id in disputed,
        )
        for row in rows.scalars()
    ]
