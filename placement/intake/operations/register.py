"""Cases for those whom an import puts into the register."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import text

from placement.cases.operations import open_cases
from placement.db import db
from placement.intake.models import ChangeKind
from placement.intake.operations.changes import ChangeLog

_REVIVE_CASES = text(
    """
    UPDATE cases c SET voided_at = NULL, version = c.version + 1
    FROM (SELECT id, voided_at, version FROM cases
        WHERE student_id = ANY (CAST(:ids AS bigint[])) AND voided_at IS NOT NULL FOR UPDATE) o
    WHERE c.id = o.id RETURNING c.id, c.student_id, o.voided_at, o.version
    """
)
# The database does the same for cases that are new; here it is the import's, and goes with it.
_GIVE_TO_SOMEBODY = text(
    """
    INSERT INTO assignments (student_id, counselor_id, by_default, holds_from, import_id)
    SELECT given.id, given.counselor, given.counselor IS NOT NULL,
        greatest(placement_today(), (
            SELECT max(holds_to) FROM assignments WHERE student_id = given.id)), :import_id
    FROM (SELECT id, placement_default_counselor(id) AS counselor
        FROM unnest(CAST(:ids AS bigint[])) id) given
    WHERE NOT EXISTS (
        SELECT FROM assignments WHERE student_id = given.id AND holds_to IS NULL)
    """
)


def give_cases(
    students: Sequence[int], *, opened_on: dt.date, import_id: int, log: ChangeLog
) -> None:
    """Give a case to each of the students who has none, taking up again what was voided."""
    if not students:
        return
    open_cases(students, opened_on=opened_on, import_id=import_id)
    revived = db.session.execute(_REVIVE_CASES, {"ids": list(students)}).all()
    if revived:
        ids = [row.student_id for row in revived]
        db.session.execute(_GIVE_TO_SOMEBODY, {"ids": ids, "import_id": import_id})
    for row in revived:
        log.note(
            "cases",
            row.id,
            ChangeKind.REVIVED,
            student_id=row.student_id,
            before={"voided_at": row.voided_at, "version": row.version},
            after={"voided_at": None, "version": row.version + 1},
        )
