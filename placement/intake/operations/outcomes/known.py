"""The outcomes that are known of the students of a file, with the university's word on each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from placement.db import db
from placement.outcomes.operations.reporting import DETAILS

_OUTCOMES = f"""
    SELECT o.id, o.student_id, o.code, o.effective_on, o.version, v.id AS verification_id,
        v.decision, {", ".join(f"o.{name}" for name in DETAILS)}
    FROM outcomes o
    LEFT JOIN LATERAL (
        SELECT id, decision FROM verifications
        WHERE outcome_id = o.id AND recorded_at <= :moment
            AND (voided_at IS NULL OR voided_at > :moment)
        ORDER BY recorded_at DESC, id DESC LIMIT 1
    ) v ON true
    WHERE o.student_id = ANY (CAST(:students AS bigint[])) AND o.recorded_at <= :moment
        AND (o.voided_at IS NULL OR o.voided_at > :moment)
    ORDER BY o.student_id, o.effective_on, o.recorded_at, o.id
"""  # noqa: S608 - column names of ours


class KnownOutcomes:
    """Outcomes as known at a moment, those of a student in the order in which they hold."""

    def __init__(self, students: Sequence[int], *, moment: dt.datetime, lock: bool) -> None:
        """Read them; `lock` keeps others from changing them until the transaction ends."""
        self._of_student: dict[int, list[Row[Any]]] = defaultdict(list)
        statement = text(_OUTCOMES + ("FOR NO KEY UPDATE OF o" if lock else ""))
        for row in db.session.execute(statement, {"students": list(students), "moment": moment}):
            self._of_student[row.student_id].append(row)

    def find(self, student_id: int, code: str, day: dt.date) -> Row[Any] | None:
        """The outcome of that code and day, of several the one learnt of last."""
        same = [
            row
            for row in self._of_student.get(student_id, ())
            if row.code == code and row.effective_on == day
        ]
        return same[-1] if same else None

    def find_present(self, student_id: int, code: str, day: dt.date) -> Row[Any] | None:
        """The outcome that holds on `day`, if it has that code."""
        held = [row for row in self._of_student.get(student_id, ()) if row.effective_on <= day]
        return held[-1] if held and held[-1].code == code else None
