"""What is to be written for a batch of rows, as rows for the database."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from placement.intake.models import ChangeKind
from placement.intake.operations.changes import Values
from placement.intake.operations.students.comparing import PLAIN, StudentChange
from placement.intake.operations.students.known import KnownStudent
from placement.intake.operations.students.people import (
    SEALED,
    Fingerprints,
    seal_person,
)
from placement.students.names import read_name
from placement.students.operations.current import VERSIONED

STUDENT_COLUMNS = {
    "student_id": "bigint",
    "uid": "uuid",
    "data_key": "bytea",
    "is_added": "boolean",
    "is_rewritten": "boolean",
    "version_day": "date",
    "standing": "text",
    "standing_day": "date",
    "counselor_id": "bigint",
    **{name: "bigint" if name in {"class_year", "university_id"} else "text" for name in VERSIONED},
    **dict.fromkeys((*PLAIN, "name_key", "initials"), "text"),
    **{name: "text" if name == "id_type" else "bytea" for name in SEALED},
}
"""The columns of the staged table, in the order of `Batch.students`."""

MEMBER_COLUMNS = {"student_id": "bigint", "category": "text", "holds_from": "date"}

KEPT = (*PLAIN, "name_key", "initials", *SEALED)
"""Columns of `students` without history: what stood in them is kept so that undo finds it."""


class Note(NamedTuple):
    """One row that is changed, for the log of changes."""

    table: str
    row_id: int
    change: ChangeKind
    student_id: int
    before: Values
    after: Values


@dataclass(slots=True)
class Batch:
    """The rows of one batch, ready for the database; days are local calendar dates."""

    students: list[tuple[Any, ...]] = field(default_factory=list)
    members: list[tuple[Any, ...]] = field(default_factory=list)
    voided_standings: list[int] = field(default_factory=list)
    left: list[tuple[int, dt.date | None]] = field(default_factory=list)
    """Memberships that are voided, with the day until which they held if they ever did."""
    closed_assignments: list[tuple[int, int, dt.date]] = field(default_factory=list)
    """Number, student, and the first day on which it no longer holds."""
    need_case: list[int] = field(default_factory=list)
    refreshed: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.students)

    def add(
        self, change: StudentChange, student_id: int, prints: Fingerprints, today: dt.date
    ) -> None:
        """Add what one row changes; `today` is the day from which a new counselor holds."""
        person = seal_person(change, prints)
        known = change.known
        kept = (*change.plain, *read_name(change.entry.name), *person.sealed)
        self.students.append(
            (
                student_id,
                person.uid,
                person.data_key,
                known is None,
                known is not None and (change.is_new or bool(change.changed)),
                change.version_day,
                change.entry.standing.value,
                change.standing_day,
                change.counselor_id,
                *change.version,
                *kept,
            )
        )
        self.members += [(student_id, category.value, day) for category, day in change.joins]
        if change.joins and (known is None or not known.row.has_case):
            self.need_case.append(student_id)
        if known is not None:
            self.refreshed.append(student_id)
            self._add_for_known(change, known, kept, today)
        elif change.standing_day is not None:
            self.refreshed.append(student_id)

    def _add_for_known(
        self, change: StudentChange, known: KnownStudent, kept: tuple[Any, ...], today: dt.date
    ) -> None:
        row = known.row
        self.voided_standings += change.void_standings
        self.left += change.leaves
        if change.counselor_id is not None and known.assignment is not None:
            last = max(today, known.assignment.holds_from)
            self.closed_assignments.append((known.assignment.id, row.id, last))
        if change.is_new:
            before: dict[str, Any] = {"voided_at": row.voided_at}
            self.notes.append(Note("students", row.id, ChangeKind.REVIVED, row.id, before, {}))
        elif change.changed:
            values = dict(zip(KEPT, kept, strict=True))
            before = {
                name: getattr(row, name) for name in KEPT if values[name] != getattr(row, name)
            }
            after = {name: values[name] for name in before}
            self.notes.append(Note("students", row.id, ChangeKind.UPDATED, row.id, before, after))
