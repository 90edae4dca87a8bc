"""Putting back what an import changed, as far as nobody has changed it since."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select, text

from placement.db import Base, db
from placement.history import Recorded
from placement.intake.models import ChangeKind, Import, ImportChange
from placement.intake.operations.changes import plain_values
from placement.intake.operations.staging import stage_rows
from placement.intake.operations.voiding import copy_row, rows_by_id

_STAGED = {"id": "bigint", "before": "jsonb", "after": "jsonb"}
_TOLERANT = frozenset({"students"})
"""Tables in which single columns may have been set by others since; those columns stay."""


def restore_changes(import_: Import, recorded: Recorded, *, today: dt.date) -> list[int]:
    """Put back the rows that an import changed or voided; the students concerned.

    A voided row of history comes back as a copy that is known from now on, so that what was
    known meanwhile stays as it was known.
    """
    by_kind: dict[tuple[str, ChangeKind], list[ImportChange]] = defaultdict(list)
    students: set[int] = set()
    for change in _changes(import_):
        by_kind[change.table_name, change.change].append(change)
        if change.student_id is not None:
            students.add(change.student_id)
    for (table, kind), changes in by_kind.items():
        if kind is ChangeKind.VOIDED:
            _bring_back(table, [change.row_id for change in changes], recorded)
        elif table == "assignments":
            _assign_again([change.row_id for change in changes], recorded, today)
        elif kind is ChangeKind.UPDATED or table == "postings":
            _set_back(import_, table, changes)
    return sorted(students)


def revived_rows(import_: Import, table: str) -> Sequence[int]:
    """The rows of a table that the import had taken up again."""
    return (
        db.session.execute(
            select(ImportChange.row_id).where(
                ImportChange.import_id == import_.id,
                ImportChange.table_name == table,
                ImportChange.change == ChangeKind.REVIVED,
            )
        )
        .scalars()
        .all()
    )


def _changes(import_: Import) -> Iterator[ImportChange]:
    yield from db.session.execute(
        select(ImportChange).where(ImportChange.import_id == import_.id).order_by(ImportChange.id)
    ).scalars()


def _bring_back(table: str, ids: Sequence[int], recorded: Recorded) -> None:
    model = _model_of(table)
    for row in rows_by_id(model, ids):
        db.session.add(copy_row(row, {**recorded, "import_id": row.import_id}))
    db.session.flush()


def _model_of(table: str) -> type[Any]:
    wanted = Base.metadata.tables[table]
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is wanted)


def _assign_again(ids: Sequence[int], recorded: Recorded, today: dt.date) -> None:
    """Give the students back to the counselors they had, from today on."""
    db.session.execute(
        text(
            """
            INSERT INTO assignments (student_id, counselor_id, holds_from, recorded_at,
                import_id, assigned_by)
            SELECT student_id, counselor_id, greatest(CAST(:today AS date), (
                    SELECT max(holds_to) FROM assignments o WHERE o.student_id = a.student_id)),
                CAST(:recorded_at AS timestamptz), import_id, assigned_by
            FROM assignments a WHERE id = ANY (CAST(:ids AS bigint[])) AND NOT EXISTS (
                SELECT FROM assignments o WHERE o.student_id = a.student_id AND o.holds_to IS NULL)
            """
        ),
        {"ids": list(ids), "today": today, "recorded_at": recorded["recorded_at"]},
    )


def _set_back(import_: Import, table: str, changes: Sequence[ImportChange]) -> None:
    """Set columns back to what they held; in some tables only where they are as they were left."""
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for change in changes:
        before, after = plain_values(import_, change)
        by_columns[tuple(before)].append((change.row_id, json.dumps(before), json.dumps(after)))
    for columns, rows in by_columns.items():
        stage_rows("staged_restored", _STAGED, rows)
        db.session.execute(text(_setting_back(table, columns)))


def _setting_back(table: str, columns: Sequence[str]) -> str:
    tolerant = table in _TOLERANT
    chosen = [
        f"CASE WHEN to_jsonb(t) -> '{name}' = coalesce(n.after -> '{name}', 'null')"
        f" THEN b.{name} ELSE t.{name} END"
        if tolerant
        else f"b.{name}"
        for name in columns
    ]
    names = list(columns)
    if tolerant:
        names.append("version")
        chosen.append("t.version + 1")
    return f"""
        UPDATE {table} t SET ({", ".join(names)}) = (
            SELECT {", ".join(chosen)} FROM jsonb_populate_record(t, n.before) b
        ) FROM staged_restored n WHERE t.id = n.id
    """  # noqa: S608 - names of our tables and columns
