"""Writes a batch of students: one staged table, from which each table takes its rows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from placement.db import db
from placement.history import Recorded
from placement.intake.models import ChangeKind
from placement.intake.operations.changes import ChangeLog
from placement.intake.operations.register import give_cases
from placement.intake.operations.staging import stage_rows
from placement.intake.operations.students.batch import (
    KEPT,
    MEMBER_COLUMNS,
    STUDENT_COLUMNS,
    Batch,
)
from placement.intake.operations.voiding import end_memberships, void_rows
from placement.students.operations import refresh_current_values
from placement.students.operations.current import VERSIONED

_STUDENT = ", ".join(("uid", "data_key", *VERSIONED, *KEPT))
_VERSION = ", ".join(VERSIONED)
_RECORDED = "recorded_at, entered_at, import_id"
_GIVEN = (
    "CAST(:recorded_at AS timestamptz), CAST(:entered_at AS timestamptz),"
    " CAST(:import_id AS bigint)"
)


def _insert(table: str, columns: str, source: str) -> TextClause:
    return text(f"INSERT INTO {table} ({columns}) SELECT {source}")


_ADD_STUDENTS = _insert(
    "students",
    f"id, {_STUDENT}, standing, import_id",
    f"student_id, {_STUDENT}, 'graduated', :import_id FROM staged_students WHERE is_added",
)
_REWRITE_STUDENTS = text(
    f"""
    UPDATE students s SET ({", ".join(("data_key", *KEPT))})
        = ROW ({", ".join(f"n.{name}" for name in ("data_key", *KEPT))}),
        voided_at = NULL, version = s.version + 1
    FROM staged_students n WHERE n.is_rewritten AND s.id = n.student_id
    """  # noqa: S608 - column names of ours
)
_ADD_VERSIONS = _insert(
    "student_versions",
    f"student_id, effective_on, {_VERSION}, {_RECORDED}",
    f"student_id, version_day, {_VERSION}, {_GIVEN} FROM staged_students"
    " WHERE version_day IS NOT NULL",
)
_ADD_STANDINGS = _insert(
    "standings",
    f"student_id, standing, holds_from, actor_id, {_RECORDED}",
    f"student_id, standing, standing_day, CAST(:actor_id AS bigint), {_GIVEN}"
    " FROM staged_students WHERE standing_day IS NOT NULL",
)
_ADD_ASSIGNMENTS = _insert(
    "assignments",
    "student_id, counselor_id, holds_from, recorded_at, import_id, assigned_by",
    "student_id, counselor_id, CASE WHEN is_added THEN :today ELSE greatest(:today, ("
    " SELECT max(holds_to) FROM assignments a WHERE a.student_id = n.student_id)) END,"
    " :recorded_at, :import_id, CAST(:actor_id AS bigint)"
    " FROM staged_students n WHERE counselor_id IS NOT NULL",
)
_ADD_MEMBERSHIPS = _insert(
    "memberships",
    f"student_id, category, basis, source, state, holds_from, actor_id, {_RECORDED}",
    f"""student_id, category,
        CASE WHEN category IN ('ethnic_minority', 'rural_origin') THEN 'derived' ELSE 'file' END,
        CASE category WHEN 'ethnic_minority' THEN 'ethnic_group' WHEN 'rural_origin' THEN 'origin'
            ELSE 'hardship_code' END,
        'confirmed', holds_from, CAST(:actor_id AS bigint), {_GIVEN} FROM staged_members""",
)
_CLOSE_ASSIGNMENTS = text(
    """
    UPDATE assignments a SET holds_to = n.day
    FROM unnest(CAST(:ids AS bigint[]), CAST(:days AS date[])) n (id, day) WHERE a.id = n.id
    """
)


@dataclass(frozen=True, slots=True)
class StudentWriter:
    """Writes batches of one import; `today` is the day on which it was learnt."""

    import_id: int
    log: ChangeLog
    recorded: Recorded
    actor_id: int | None
    today: dt.date

    def write(self, batch: Batch) -> None:
        """Write a batch within the transaction under way."""
        values: dict[str, Any] = {
            **self.recorded,
            "actor_id": self.actor_id,
            "today": self.today,
        }
        stage_rows("staged_students", STUDENT_COLUMNS, batch.students)
        stage_rows("staged_members", MEMBER_COLUMNS, batch.members)
        self._end_what_is_over(batch)
        for statement in (
            _ADD_STUDENTS,
            _REWRITE_STUDENTS,
            _ADD_VERSIONS,
            _ADD_STANDINGS,
            _ADD_ASSIGNMENTS,
        ):
            db.session.execute(statement, values)
        give_cases(
            batch.need_case,
            opened_on=self.today,
            import_id=self.import_id,
            log=self.log,
        )
        db.session.execute(_ADD_MEMBERSHIPS, values)
        if batch.refreshed:
            refresh_current_values(batch.refreshed)
        for note in batch.notes:
            self.log.note(
                note.table,
                note.row_id,
                note.change,
                student_id=note.student_id,
                before=note.before,
                after=note.after,
            )
        self.log.write()

    def _end_what_is_over(self, batch: Batch) -> None:
        void_rows("standings", batch.voided_standings, self.log, self.recorded)
        void_rows("memberships", [number for number, _ in batch.left], self.log, self.recorded)
        end_memberships([left for left in batch.left if left[1]], self.recorded)
        if not batch.closed_assignments:
            return
        ids, students, days = zip(*batch.closed_assignments, strict=True)
        db.session.execute(_CLOSE_ASSIGNMENTS, {"ids": list(ids), "days": list(days)})
        for number, student_id, day in zip(ids, students, days, strict=True):
            self.log.note(
                "assignments",
                number,
                ChangeKind.UPDATED,
                student_id=student_id,
                before={"holds_to": None},
                after={"holds_to": day},
            )
