"""The people whom two figures take differently, with what they were in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from placement.accounts.models import University
from placement.db import db
from placement.reports.queries.people import Shown, id_number_of
from placement.reports.queries.reconciliations import Reconciliation
from placement.reports.reconciliation.causes import Cause
from placement.reports.reconciliation.differences import Change
from placement.students.models import Student


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    """One of those whom two figures take differently, as a list shows them."""

    change: Change
    student_number: str
    university: str
    university_name: str
    name: str
    id_number: str | None

    @property
    def student_id(self) -> int:
        """The number of the student."""
        return self.change.student_id


@dataclass(frozen=True, slots=True)
class ChangedPeople:
    """Some of them, in the order of university and student number; `count` is how many in all."""

    count: int
    people: list[ChangedPerson]


def changed_people(
    answer: Reconciliation,
    cause: Cause | None,
    *,
    shown: Shown,
    limit: int | None = None,
    offset: int = 0,
) -> ChangedPeople:
    """List those who stand under a cause, or all who differ."""
    changes = {change.student_id: change for change in answer.people_of(cause)}
    return ChangedPeople(len(changes), _named(changes, _page(list(changes), limit, offset), shown))


def _page(student_ids: Sequence[int], limit: int | None, offset: int) -> list[int]:
    ordered = (
        select(Student.id)
        .join(University, University.id == Student.university_id)
        .where(Student.id.in_(student_ids))
        .order_by(University.code, Student.student_number, Student.id)
    )
    return list(db.session.execute(ordered.limit(limit).offset(offset)).scalars())


def _named(
    changes: dict[int, Change], student_ids: Sequence[int], shown: Shown
) -> list[ChangedPerson]:
    columns: tuple[Any, ...] = (
        Student.id,
        Student.uid,
        Student.student_number,
        Student.name,
        Student.data_key,
        Student.id_number_sealed,
        University.code.label("university"),
        University.name.label("university_name"),
    )
    named: Select[Any] = (
        select(*columns)
        .join(University, University.id == Student.university_id)
        .where(Student.id.in_(student_ids))
    )
    found = {}
    for row in db.session.execute(named):
        number = id_number_of(row)
        found[row.id] = ChangedPerson(
            change=changes[row.id],
            student_number=row.student_number,
            university=row.university,
            university_name=row.university_name,
            name=shown.name(row.name),
            id_number=None if number is None else shown.id_number(number),
        )
    return [found[student_id] for student_id in student_ids]
