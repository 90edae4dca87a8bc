"""What stands on an import: whatever a later act built on the rows that it made or changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from placement.db import Base, db
from placement.errors import PlacementError
from placement.intake.models import ChangeKind, Import, ImportChange, ImportKind
from placement.intake.operations.arrays import is_any
from placement.intake.operations.changes import plain_values
from placement.intake.operations.undo.references import (
    BLOCKING,
    CHANGED_SINCE,
    LATER_ROWS,
    Later,
    Reference,
)

_LATER_IMPORTS = """
    SELECT DISTINCT c.import_id FROM import_changes c
    JOIN imports i ON i.id = c.import_id AND i.state = 'applied'
    WHERE c.import_id <> :import_id AND c.table_name = '{table}'
        AND c.row_id IN (SELECT id FROM {table} WHERE import_id = :import_id)
"""
_LATER_CHANGES = text(
    """
    SELECT DISTINCT c.import_id FROM import_changes own
    JOIN import_changes c USING (table_name, row_id)
    JOIN imports i ON i.id = c.import_id AND i.state = 'applied'
    WHERE own.import_id = :import_id AND c.id > own.id AND c.import_id <> :import_id
    """
)
# What an import changed is said by the name of that import.
_NOT_BY_IMPORT = """
    AND NOT EXISTS (SELECT FROM import_changes c JOIN imports i ON i.id = c.import_id
        WHERE i.state = 'applied' AND c.table_name = :table AND c.row_id = r.id)
"""
_DECIDED = text(
    """
    SELECT count(*) FROM list_matches m JOIN imports i ON i.id = m.import_id
    WHERE m.import_id = :import_id AND m.decided_at > i.applied_at
    """
)


@dataclass(frozen=True, slots=True)
class Standing:
    """So many rows of a kind that stand on an import; `name` is an English message id."""

    name: str
    count: int


class BuiltOnError(PlacementError):
    """An import cannot be taken back: later acts stand on it."""

    code = "built_on"

    def __init__(
        self, import_id: int, standing: Sequence[Standing], imports: Sequence[int]
    ) -> None:
        self.standing = tuple(standing)
        self.imports = tuple(imports)
        named = [f"{each.count} {each.name}" for each in standing]
        named += [f"import {number}" for number in imports]
        super().__init__(
            f"Import {import_id} cannot be undone. On it stand: {', '.join(named)}.",
            remedy="Undo what came after it first.",
        )


def refuse_if_built_on(import_: Import, tables: Sequence[str]) -> None:
    """Raise BuiltOnError naming what later acts built on the import.

    `tables` are those in which it may have added rows.
    """
    counted: Counter[str] = Counter()
    imports: set[int] = set()
    _stage_made(import_, tables)
    found = [
        *_referring(import_, tables),
        *_overtaking(import_, tables),
        *_changed_in_place(import_, tables),
    ]
    for name, by_import, count in found:
        if by_import is None:
            counted[name] = max(counted[name], count)
        else:
            imports.add(by_import)
    imports.update(_later_imports(import_, tables))
    decided = db.session.execute(_DECIDED, {"import_id": import_.id}).scalar_one()
    counted["decisions about matches"] += decided
    standing = [Standing(name, count) for name, count in counted.items() if count]
    if standing or imports:
        raise BuiltOnError(import_.id, standing, sorted(imports))


Count = tuple[str, int | None, int]
"""A name, the import that made the rows if one did, and how many there are."""


_MADE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS staged_made (target text, id bigint) ON COMMIT DROP",
    "TRUNCATE staged_made",
)


def _stage_made(import_: Import, tables: Sequence[str]) -> None:
    """Lay out what the import made or took up again, counted so that the database plans for it.

    Right after an import the tables have no statistics yet: the plans made without them looked
    at every row once for every account and took half a minute.
    """
    connection = db.session.connection()
    for statement in _MADE:
        connection.execute(text(statement))
    for target in sorted({reference.target for reference in BLOCKING} & set(tables)):
        connection.execute(
            text(
                f"""
                INSERT INTO staged_made
                SELECT '{target}', id FROM {target} WHERE import_id = :import_id
                UNION ALL SELECT '{target}', row_id FROM import_changes
                WHERE import_id = :import_id AND table_name = '{target}' AND change = 'revived'
                """  # noqa: S608 - names of our tables
            ),
            {"import_id": import_.id},
        )
    connection.execute(text("ANALYZE staged_made"))


def _referring(import_: Import, tables: Sequence[str]) -> Iterator[Count]:
    for reference in BLOCKING:
        stays = reference.target == "universities" and import_.kind is not ImportKind.UNIVERSITIES
        if reference.target in tables and not stays:
            yield from _counts(reference.name, _referring_sql(reference), import_.id)


def _referring_sql(reference: Reference) -> str:
    return f"""
        FROM {reference.table} r WHERE {reference.live} AND r.{reference.column} IN (
            SELECT id FROM staged_made WHERE target = '{reference.target}'
        ){_by_others(reference.table)}
    """  # noqa: S608 - names of our tables


def _overtaking(import_: Import, tables: Sequence[str]) -> Iterator[Count]:
    for later in LATER_ROWS:
        if later.table in tables:
            yield from _counts(later.name, _overtaking_sql(later), import_.id)


def _overtaking_sql(later: Later) -> str:
    same = " AND ".join(f"own.{column} = r.{column}" for column in later.same)
    copied = " AND ".join(f"o.{column} = r.{column}" for column in later.same)
    # What an undo brought back is as old as the row that it copies.
    return f"""
        FROM {later.table} r WHERE {later.live} AND EXISTS (
            SELECT FROM {later.table} own
            WHERE own.import_id = :import_id AND own.id < r.id AND {same} AND CASE
                WHEN r.import_id IS NOT NULL THEN
                    (SELECT applied_at FROM imports WHERE id = r.import_id)
                    > (SELECT applied_at FROM imports WHERE id = :import_id)
                WHEN r.recorded_at IN (SELECT undone_at FROM imports) THEN EXISTS (
                    SELECT FROM {later.table} o WHERE {copied} AND {later.ended}
                    AND o.import_id IS NULL AND o.id > own.id AND o.id < r.id)
                ELSE true END
        ){_by_others(later.table)}
    """  # noqa: S608 - names of our tables


def _by_others(table: str) -> str:
    """The condition that a row is by another act: neither added nor taken up by the import."""
    taken_up = f"""
        AND NOT EXISTS (SELECT FROM import_changes c WHERE c.import_id = :import_id
            AND c.table_name = '{table}' AND c.row_id = r.id)
    """
    if "import_id" not in Base.metadata.tables[table].c:
        return taken_up
    return f"{taken_up} AND r.import_id IS DISTINCT FROM :import_id"


def _counts(name: str, source: str, import_id: int) -> Iterator[Count]:
    made_by = "r.import_id" if "r.import_id" in source else "CAST(NULL AS bigint)"
    rows = db.session.execute(
        text(f"SELECT {made_by}, count(*) {source} GROUP BY 1"),
        {"import_id": import_id},
    )
    yield from ((name, by_import, count) for by_import, count in rows)


def _changed_in_place(import_: Import, tables: Sequence[str]) -> Iterator[Count]:
    for table, (name, condition) in CHANGED_SINCE.items():
        if table in {*tables, "users"}:
            source = f"FROM {table} r WHERE r.import_id = :import_id AND {condition}"
            source += _NOT_BY_IMPORT
            count = db.session.execute(
                text(f"SELECT count(*) {source}"),
                {"import_id": import_.id, "table": table},
            ).scalar_one()
            yield name, None, count
        # An import may change rows of a table to which it adds none.
        yield name, None, _moved_on(import_, table)


def _moved_on(import_: Import, table: str) -> int:
    """How many rows that the import changed have another version than it left."""
    columns = Base.metadata.tables[table].c
    if "version" not in columns:
        return 0
    left: dict[int, Any] = {}
    for change in db.session.execute(
        select(ImportChange).where(
            ImportChange.import_id == import_.id,
            ImportChange.table_name == table,
            ImportChange.change.in_([ChangeKind.UPDATED, ChangeKind.REVIVED]),
        )
    ).scalars():
        left[change.row_id] = plain_values(import_, change)[1].get("version")
    now = db.session.execute(
        select(columns.id, columns.version).where(is_any(columns.id, list(left)))
    )
    return sum(left[row.id] is not None and row.version != left[row.id] for row in now)


def _later_imports(import_: Import, tables: Sequence[str]) -> Iterator[int]:
    asked = {"import_id": import_.id}
    yield from db.session.execute(_LATER_CHANGES, asked).scalars()
    for table in tables:
        yield from db.session.execute(text(_LATER_IMPORTS.format(table=table)), asked).scalars()
