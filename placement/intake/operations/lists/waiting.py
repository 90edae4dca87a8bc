"""The rows of partner lists that the universities decide about."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update

from placement import clock
from placement.db import db
from placement.intake.matching import Match
from placement.intake.models import (
    ChangeKind,
    Import,
    ImportState,
    ListMatch,
    MatchDecision,
    MatchState,
)
from placement.intake.operations.arrays import is_any
from placement.intake.operations.persons import person_keys
from placement.intake.operations.run import ImportRun, Writing
from placement.intake.operations.staging import stage_rows
from placement.students.models import Student

_STAGED = {
    "uid": "uuid",
    "row": "bigint",
    "state": "text",
    "student_id": "bigint",
    "score": "double precision",
    "reason": "text",
    "person_sealed": "bytea",
    "is_confirmed": "boolean",
}
_ADD = text(
    """
    INSERT INTO list_matches (uid, import_id, row, state, student_id, score, reason,
        person_sealed, decision, decided_by, decided_at)
    SELECT uid, :import_id, row, state, student_id, score, reason, person_sealed,
        CASE WHEN is_confirmed THEN 'confirmed' END,
        CASE WHEN is_confirmed THEN CAST(:actor_id AS bigint) END,
        CASE WHEN is_confirmed THEN CAST(:decided_at AS timestamptz) END
    FROM staged_matches
    """
)
PLACE = "list_matches.person"


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A row of the list for the desk: what was found, and what is kept of the person."""

    match: Match
    person: dict[str, Any] | None
    is_confirmed: bool


def waiting_students(run: ImportRun) -> set[int]:
    """The students about whom an earlier list of the kind and class already asks."""
    found = db.session.execute(_waiting(run)).scalars()
    return {match.student_id for match in found if match.student_id is not None}


def settle_waiting(run: ImportRun, students: Sequence[int], writing: Writing) -> None:
    """Take as answered what earlier lists of the kind asked about students who are members now."""
    answered = db.session.execute(
        _waiting(run).where(is_any(ListMatch.student_id, students)).with_for_update(of=ListMatch)
    ).scalars()
    after = {
        "decision": MatchDecision.CONFIRMED.value,
        "decided_by": writing.actor_id,
        "decided_at": clock.now(),
    }
    ids = []
    for match in answered:
        ids.append(match.id)
        writing.log.note(
            "list_matches",
            match.id,
            ChangeKind.UPDATED,
            student_id=match.student_id,
            before=dict.fromkeys(after),
            after=after,
        )
    db.session.execute(update(ListMatch).where(is_any(ListMatch.id, ids)).values(**after))


def add_matches(rows: Sequence[MatchRow], writing: Writing) -> None:
    """Keep the rows of a list with what was found for each.

    What the list says of a person is kept under the key of the student whom it may be about, so
    that it ends with the student's own data.
    """
    keys = person_keys([row.match.key for row in rows if row.match.key is not None])
    staged = []
    for row in rows:
        uid = uuid.uuid4()
        match = row.match
        key = None if match.key is None else keys[match.key]
        sealed = None
        if row.person is not None and key is not None:
            plain = json.dumps(row.person, ensure_ascii=False, default=str)
            sealed = key.seal(plain, PLACE, uid)
        found = match.row, match.state, match.key, match.score, match.reason
        staged.append((uid, *found, sealed, row.is_confirmed))
    stage_rows("staged_matches", _STAGED, staged)
    db.session.execute(
        _ADD,
        {
            "import_id": writing.import_.id,
            "actor_id": writing.actor_id,
            "decided_at": clock.now(),
        },
    )


def names_of(students: Sequence[int]) -> dict[int, str]:
    """The names of students by their number."""
    rows = db.session.execute(select(Student.id, Student.name).where(is_any(Student.id, students)))
    return {row.id: row.name for row in rows}


def _waiting(run: ImportRun) -> Any:
    return (
        select(ListMatch)
        .join(Import, Import.id == ListMatch.import_id)
        .where(
            Import.kind == run.options.kind,
            Import.list_kind == run.options.list_kind,
            Import.class_year == run.options.class_year,
            Import.state == ImportState.APPLIED,
            ListMatch.decision.is_(None),
            ListMatch.state.in_([MatchState.MATCHED, MatchState.POSSIBLE]),
        )
    )
