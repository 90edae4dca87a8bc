"""What an import did to rows that were there before, kept so that it can be taken back.

Rows that an import adds carry its number and need no entry. A row that it changes, voids or
revives is noted with what stood there before and what stands there now, under the import's key.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from placement.db import Base, db
from placement.intake.models import ChangeKind, Import, ImportChange
from placement.intake.operations.staging import stage_rows

_STAGED = {
    "table_name": "text",
    "row_id": "bigint",
    "change": "text",
    "student_id": "bigint",
    "before_sealed": "bytea",
}
_KEEP = text(
    """
    INSERT INTO import_changes (import_id, table_name, row_id, change, student_id, before_sealed)
    SELECT :import_id, table_name, row_id, change, student_id, before_sealed FROM staged_changes
    """
)
Values = Mapping[str, Any]


class ChangeLog:
    """Collects the changes of one import and writes them in bulk."""

    def __init__(self, import_: Import) -> None:
        self._import_id = import_.id
        self._key = import_.key()
        self._uid = import_.uid
        self._rows: list[tuple[Any, ...]] = []

    def note(
        self,
        table: str,
        row_id: int,
        change: ChangeKind,
        *,
        student_id: int | None = None,
        before: Values | None = None,
        after: Values | None = None,
    ) -> None:
        """Note one row with its columns as they were and, where they were set, as they are."""
        kept = {"before": dict(before or {}), "after": dict(after or {})}
        sealed = self._key.seal(json.dumps(kept, default=_plain), _place(table, row_id), self._uid)
        self._rows.append((table, row_id, change.value, student_id, sealed))

    def write(self) -> None:
        """Put what was noted into the database."""
        if self._rows:
            stage_rows("staged_changes", _STAGED, self._rows)
            db.session.execute(_KEEP, {"import_id": self._import_id})
            self._rows = []


def plain_values(import_: Import, change: ImportChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of a changed row before the import and after it, as JSON has them."""
    if change.before_sealed is None:
        return {}, {}
    place = _place(change.table_name, change.row_id)
    kept = json.loads(import_.key().open(change.before_sealed, place, import_.uid))
    return kept["before"], kept["after"]


def digest_changes(import_id: int, tables: tuple[str, ...]) -> tuple[dict[str, Any], bytes]:
    """What an import did, as counts and digests by table, and the digest over all of it.

    `tables` are those whose rows it may have added. Both follow from what is kept, so that
    anybody can make them again.
    """
    manifest: dict[str, Any] = {}
    for table in (*tables, None):
        count, digest = _digest_of(table, import_id)
        if count:
            manifest[table or "changes"] = {"rows": count, "sha256": digest}
    plain = json.dumps(manifest, sort_keys=True)
    return manifest, hashlib.sha256(plain.encode()).digest()


def _digest_of(table: str | None, import_id: int) -> tuple[int, str]:
    if table is None:
        changes = ImportChange.__table__
        before = func.encode(func.sha256(changes.c.before_sealed), "hex")
        line = func.concat_ws(" ", changes.c.table_name, changes.c.row_id, changes.c.change, before)
        return _digest_lines(changes, line, import_id)
    added = Base.metadata.tables[table]
    return _digest_lines(added, cast(added.c.id, Text), import_id)


def _digest_lines(table: FromClause, line: ColumnElement[str], import_id: int) -> tuple[int, str]:
    lines = func.coalesce(func.string_agg(line, aggregate_order_by(literal(","), table.c.id)), "")
    digest = func.encode(func.sha256(func.convert_to(lines, "UTF8")), "hex")
    count, found = db.session.execute(
        select(func.count(), digest).where(table.c.import_id == import_id)
    ).one()
    return count, found


def _place(table: str, row_id: int) -> str:
    return f"import_changes.before.{table}.{row_id}"


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not kept")
