"""Takes one import back as a whole, or refuses and says what has been built on it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select, text

from placement import clock, queue
from placement.audit.operations import record_event
from placement.db import Base, db
from placement.errors import InvalidValueError, NotVisibleError
from placement.history import Recorded, recorded
from placement.intake.models import Import, ImportKind, ImportState
from placement.intake.operations.kinds import KINDS
from placement.intake.operations.locks import lock_imports
from placement.intake.operations.undo.restoring import restore_changes, revived_rows
from placement.intake.operations.undo.standing import refuse_if_built_on
from placement.outcomes.operations.reopening import lost_placements, reopen
from placement.students.operations import refresh_current_values

_VOID = {
    "student_versions": "voided_at = :moment",
    "memberships": "voided_at = :moment",
    "standings": "voided_at = :moment",
    "verifications": "voided_at = :moment",
    "baselines": "voided_at = :moment",
    "outcomes": "voided_at = :moment, void_reason = 'import undone', version = version + 1",
    "students": "voided_at = :moment, version = version + 1",
    "cases": "voided_at = :moment, version = version + 1",
}
"""How the rows of each table are voided; identity rows stay, void."""

_MADE = "(import_id = :import_id OR id = ANY (CAST(:revived AS bigint[])))"


class NotUndoableError(InvalidValueError):
    """The import is not one that can be taken back now."""

    code = "not_undoable"
    status = 409


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """An import that was taken back, and the moment from which nothing of it is known."""

    import_id: int
    voided_at: dt.datetime

    def as_dict(self) -> dict[str, Any]:
        """The answer as the command prints it."""
        moment = self.voided_at.astimezone(clock.ZONE).isoformat()
        return {"import_id": self.import_id, "undone": True, "voided_at": moment}


def undo_import(import_id: int, *, actor_id: int | None) -> UndoneImport:
    """Take an import back within the caller's transaction.

    What was known before this moment stays known as it was; from it on, nothing of the import
    is. Raises NotVisibleError when there is no such import, NotUndoableError unless it is
    applied, and BuiltOnError naming what later acts built on it.
    """
    import_ = _locked(import_id)
    tables = KINDS[import_.kind].tables
    _lock_made_rows(import_, tables)
    refuse_if_built_on(import_, tables)
    columns = recorded()
    students = _students_of(import_, tables)
    _void_made_rows(import_, tables, columns)
    restored = restore_changes(import_, columns, today=clock.today())
    refresh_current_values(sorted({*students, *restored}))
    _reopen_cases(import_, tables, actor_id)
    import_.state = ImportState.UNDONE
    import_.undone_at = columns["recorded_at"]
    import_.undone_by = actor_id
    record_event(
        "import.undone",
        actor_id=actor_id,
        subject=import_,
        details={"changes": (import_.changes_digest or b"").hex()},
    )
    db.session.flush()
    db.session.expire_all()
    queue.after_commit(queue.SEAL_AUDIT)
    return UndoneImport(import_id, columns["recorded_at"])


def _reopen_cases(import_: Import, tables: Sequence[str], actor_id: int | None) -> None:
    """Open the cases that were closed for an outcome of the import which is no longer there."""
    db.session.flush()
    students = _students_of(import_, tables, ("outcomes", "verifications"))
    if students:
        reopen(lost_placements(students), actor_id=actor_id)


def check_undo(import_: Import) -> None:
    """Raise BuiltOnError naming what stands on an applied import now; nothing is written."""
    refuse_if_built_on(import_, KINDS[import_.kind].tables)


def _locked(import_id: int) -> Import:
    import_ = db.session.execute(select(Import).where(Import.id == import_id)).scalar_one_or_none()
    if import_ is None:
        raise NotVisibleError("There is no import %(number)s.", number=import_id)
    lock_imports(import_.kind, import_.class_year)
    db.session.refresh(import_, with_for_update=True)
    if import_.state is ImportState.UNDONE:
        raise NotUndoableError("Import %(number)s has been undone already.", number=import_id)
    if import_.state is not ImportState.APPLIED:
        raise NotUndoableError("Import %(number)s has not been applied.", number=import_id)
    return import_


def _lock_made_rows(import_: Import, tables: Sequence[str]) -> None:
    """Hold what the import made, so that nothing new can be built on it meanwhile.

    Who is building on it at this moment holds the row as well: the lock waits for them, and
    what they built is seen by the look that follows.
    """
    for table in ("students", "cases", "outcomes", "employers", "postings", "wishes"):
        if table in tables:
            db.session.execute(
                text(f"SELECT FROM {table} WHERE {_MADE} FOR UPDATE"),
                {"import_id": import_.id, "revived": list(revived_rows(import_, table))},
            )


def _students_of(
    import_: Import,
    tables: Sequence[str],
    wanted: Sequence[str] = ("student_versions", "standings"),
) -> Sequence[int]:
    """The students of what the import recorded: by default where values of today may follow."""
    found: set[int] = set()
    for table in wanted:
        if table in tables:
            statement = text(f"SELECT student_id FROM {table} WHERE import_id = :id")  # noqa: S608 - ours
            found.update(db.session.execute(statement, {"id": import_.id}).scalars())
    return sorted(found)


def _void_made_rows(import_: Import, tables: Sequence[str], columns: Recorded) -> None:
    values = {"import_id": import_.id, "moment": columns["recorded_at"]}
    for table, setting in _VOID.items():
        if table not in tables:
            continue
        revived = list(revived_rows(import_, table))
        voiding = f"UPDATE {table} SET {setting} WHERE voided_at IS NULL AND {_MADE}"  # noqa: S608 - ours
        db.session.execute(text(voiding), {**values, "revived": revived})
    for table, statement in _ENDINGS.items():
        if table in {*tables, "users"}:
            db.session.execute(statement, {"import_id": import_.id})
    if import_.kind is ImportKind.UNIVERSITIES:
        _delete_unreferenced_universities(import_.id)


_ENDINGS = {
    "assignments": text(
        """
        UPDATE assignments SET holds_to = greatest(holds_from, placement_today())
        WHERE import_id = :import_id AND holds_to IS NULL
        """
    ),
    "users": text(
        """
        UPDATE users SET disabled_at = placement_now(), version = version + 1
        WHERE import_id = :import_id AND disabled_at IS NULL
        """
    ),
    "wishes": text("DELETE FROM wishes WHERE import_id = :import_id"),
    "postings": text(
        """
        UPDATE postings SET state = 'closed', version = version + 1
        WHERE import_id = :import_id AND state = 'open'
        """
    ),
}


def _delete_unreferenced_universities(import_id: int) -> None:
    """Delete what a list of universities added and nothing refers to, not even void rows."""
    universities = Base.metadata.tables["universities"]
    unused = [
        ~exists().where(column == universities.c.id)
        for table in Base.metadata.tables.values()
        for column in table.c
        if column.references(universities.c.id)
    ]
    db.session.execute(delete(universities).where(universities.c.import_id == import_id, *unused))
