"""Voiding rows of history, and putting in their place what is true of them instead."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, select, text

from placement.db import Base, db
from placement.history import Recorded
from placement.intake.models import ChangeKind
from placement.intake.operations.arrays import is_any
from placement.intake.operations.changes import ChangeLog
from placement.students.models import Membership, Student


def void_rows(table: str, ids: Sequence[int], log: ChangeLog, recorded: Recorded) -> None:
    """Void rows of a table of history from the import's moment on, and note it."""
    if not ids:
        return
    voided = db.session.execute(
        text(
            f"""
            UPDATE {table} r SET voided_at = :recorded_at
            FROM (SELECT id, voided_at FROM {table}
                WHERE id = ANY (CAST(:ids AS bigint[])) FOR UPDATE) o
            WHERE r.id = o.id
            RETURNING r.id, CAST(to_jsonb(r) ->> 'student_id' AS bigint) AS student_id, o.voided_at
            """  # noqa: S608 - names of our tables
        ),
        {"ids": list(ids), "recorded_at": recorded["recorded_at"]},
    )
    for row in voided:
        log.note(
            table,
            row.id,
            ChangeKind.VOIDED,
            student_id=row.student_id,
            before={"voided_at": row.voided_at},
            after={"voided_at": recorded["recorded_at"]},
        )


def end_memberships(ends: Sequence[tuple[int, dt.date | None]], recorded: Recorded) -> None:
    """Say of voided memberships until which day they held: a copy with its end in it."""
    days = dict(ends)
    for membership in rows_by_id(Membership, list(days)):
        db.session.add(copy_row(membership, recorded, holds_to=days[membership.id]))
    db.session.flush()


def rows_by_id(model: type[Any], ids: Sequence[int]) -> Sequence[Any]:
    """The rows of these numbers, in their order."""
    if not ids:
        return []
    return (
        db.session.execute(select(model).where(is_any(model.id, ids)).order_by(model.id))
        .scalars()
        .all()
    )


def copy_row(row: Base, recorded: Recorded, **changes: Any) -> Any:
    """A row of history like `row` with other values, learnt of at another moment.

    What is sealed is bound to its row, so it is sealed anew for the copy.
    """
    columns = inspect(type(row)).columns.keys()
    values: dict[str, Any] = {
        name: getattr(row, name) for name in columns if name not in {"id", "voided_at"}
    }
    values |= recorded
    values |= changes
    if isinstance(row, Membership) and "evidence_sealed" not in changes:
        values |= _moved_evidence(row)
    return type(row)(**values)


def _moved_evidence(membership: Membership) -> Mapping[str, Any]:
    uid = uuid.uuid4()
    sealed = membership.evidence_sealed
    if sealed is not None:
        student = db.session.get_one(Student, membership.student_id)
        key = student.key()
        sealed = (
            None
            if key is None
            else key.seal(
                key.open(sealed, "memberships.evidence", membership.uid),
                "memberships.evidence",
                uid,
            )
        )
    return {"uid": uid, "evidence_sealed": sealed}
