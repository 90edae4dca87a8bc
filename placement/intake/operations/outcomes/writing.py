"""Writes a batch of outcomes, their corrections and the university's word on them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text

from placement.db import db
from placement.intake.models import ChangeKind
from placement.intake.operations.run import Writing
from placement.intake.operations.staging import stage_rows
from placement.intake.operations.voiding import void_rows
from placement.outcomes.operations.reporting import DETAILS

_COLUMNS = {
    "outcome_id": "bigint",
    "student_id": "bigint",
    "code": "text",
    "effective_on": "date",
    **dict.fromkeys(DETAILS, "text"),
    "is_added": "boolean",
    "is_verified": "boolean",
}
_NAMES = ", ".join(DETAILS)
_ADD = text(
    f"""
    INSERT INTO outcomes (id, student_id, code, effective_on, {_NAMES}, reported_by,
        recorded_at, entered_at, import_id)
    SELECT outcome_id, student_id, code, effective_on, {_NAMES}, 'file',
        CAST(:recorded_at AS timestamptz), CAST(:entered_at AS timestamptz),
        CAST(:import_id AS bigint)
    FROM staged_outcomes WHERE is_added
    """  # noqa: S608 - column names of ours
)
_CORRECT = text(
    f"""
    UPDATE outcomes o SET ({_NAMES}) = ROW ({", ".join(f"n.{name}" for name in DETAILS)}),
        version = o.version + 1
    FROM staged_outcomes n WHERE NOT n.is_added AND o.id = n.outcome_id
    """  # noqa: S608 - column names of ours
)
_VERIFY = text(
    """
    INSERT INTO verifications (outcome_id, student_id, decision, actor_id,
        recorded_at, entered_at, import_id)
    SELECT outcome_id, student_id, 'verified', CAST(:actor_id AS bigint),
        CAST(:recorded_at AS timestamptz), CAST(:entered_at AS timestamptz),
        CAST(:import_id AS bigint)
    FROM staged_outcomes WHERE is_verified
    """
)


@dataclass(slots=True)
class OutcomeBatch:
    """What is to be written of a batch; `verify` says whether what is new is verified."""

    verify: bool
    new: list[tuple[Any, ...]] = field(default_factory=list)
    corrected: list[tuple[Row[Any], dict[str, Any], bool]] = field(default_factory=list)

    def add(self, student_id: int, code: str, day: dt.date, details: dict[str, str | None]) -> None:
        """Add an outcome that holds from `day` on."""
        self.new.append((student_id, code, day, *(details.get(name) for name in DETAILS)))

    def correct(self, before: Row[Any], details: dict[str, str | None], *, verify: bool) -> None:
        """Set details of an outcome that is there, or confirm it, or both."""
        self.corrected.append((before, details, verify))


def write_outcomes(batch: OutcomeBatch, writing: Writing, numbers: Sequence[int]) -> None:
    """Write a batch within the transaction under way; `numbers` are for the new outcomes."""
    rows = [
        (number, *row, True, batch.verify) for number, row in zip(numbers, batch.new, strict=True)
    ]
    overruled: list[int] = []
    for before, details, verify in batch.corrected:
        after = [details.get(name, getattr(before, name)) for name in DETAILS]
        key = before.id, before.student_id, before.code, before.effective_on
        rows.append((*key, *after, False, verify))
        if verify and before.verification_id is not None:
            overruled.append(before.verification_id)
        _note(writing, before, details)
    void_rows("verifications", overruled, writing.log, writing.recorded)
    stage_rows("staged_outcomes", _COLUMNS, rows)
    values = {**writing.recorded, "actor_id": writing.actor_id}
    for statement in (_ADD, _CORRECT, _VERIFY):
        db.session.execute(statement, values)
    writing.log.write()


def _note(writing: Writing, before: Row[Any], details: dict[str, Any]) -> None:
    changed = ["version", *details]
    writing.log.note(
        "outcomes",
        before.id,
        ChangeKind.UPDATED,
        student_id=before.student_id,
        before={name: getattr(before, name) for name in changed},
        after={**details, "version": before.version + 1},
    )
