"""Cases whose job is lost, as an import or its undoing says, are opened again."""

from collections.abc import Sequence

from placement.db import db
from placement.intake.models import ChangeKind
from placement.intake.operations.run import Writing
from placement.outcomes.operations.reopening import lost_placements, reopen

_COLUMNS = ("closed_on", "close_reason", "next_contact_on", "version")


def reopen_cases(students: Sequence[int], writing: Writing) -> None:
    """Open the cases that were closed as placed and are so no longer; undoing closes them again.

    Every row of the batch is written: what the file says decides with all that was known before.
    """
    cases = lost_placements(students)
    before = {case.id: {name: getattr(case, name) for name in _COLUMNS} for case in cases}
    reopen(cases, actor_id=writing.actor_id)
    db.session.flush()
    for case in cases:
        writing.log.note(
            "cases",
            case.id,
            ChangeKind.UPDATED,
            student_id=case.student_id,
            before=before[case.id],
            after={name: getattr(case, name) for name in _COLUMNS},
        )
    writing.log.write()
