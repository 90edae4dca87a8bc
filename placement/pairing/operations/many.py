"""Many pairs in one act: looked at, made together, taken back together."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.cases.queries import visible_cases
from placement.db import db
from placement.errors import EditConflictError, InvalidValueError, NotVisibleError
from placement.notices.neutral import is_neutral
from placement.pairing.models import Pairing, PairingWord
from placement.pairing.operations.linking import withdraw_link
from placement.pairing.operations.pairing import UNDO_WITHIN, Helper, pair_student
from placement.pairing.queries import linked_among, visible_pairings
from placement.students.models import Student


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pair as it was asked for; `line` is where it stands in the table."""

    line: int
    student_number: str
    helper: Helper


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who would be paired with whom, and which lines cannot be."""

    found: Sequence[tuple[Case, Helper]]
    refused: Sequence[tuple[Wanted, str]]
    """With the reason: `unknown`, `closed`, `nobody` (no helper or plan is named), `telling` (it
    says why the student is helped) or `already`."""

    @property
    def digest(self) -> str:
        """What was looked at."""
        told = [f"{case.id} {case.version} {helper!r}" for case, helper in self.found]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def preview_pairs(wanted: Sequence[Wanted], *, actor: Viewer) -> Pairs:
    """Find the open cases of the actor's own students and say which lines lead to none."""
    numbers = {each.student_number for each in wanted}
    by_number: dict[str, list[Case]] = {}
    rows = visible_cases(actor).where(Student.student_number.in_(numbers))
    for case in db.session.execute(rows).scalars():
        by_number.setdefault(case.student.student_number, []).append(case)
    running = _running([case.student_id for cases in by_number.values() for case in cases])
    found: list[tuple[Case, Helper]] = []
    refused: list[tuple[Wanted, str]] = []
    for each in wanted:
        cases = by_number.get(each.student_number, [])
        reason = _refusal(each, cases, running)
        if reason:
            refused.append((each, reason))
        else:
            found.append((cases[0], each.helper))
    return Pairs(found, refused)


def pair_many(pairs: Pairs, *, actor: Viewer, digest: str, batch_id: uuid.UUID) -> list[Pairing]:
    """Make all the pairs that were looked at, or none.

    The same `batch_id` again gives those that it made. Raises EditConflictError where something
    changed since the look, InvalidValueError where a line leads to nobody, and as `pair_student`.
    """
    made = db.session.execute(select(Pairing).where(Pairing.batch_id == batch_id)).scalars().all()
    if made:
        return list(made)
    if pairs.refused or not pairs.found:
        raise InvalidValueError(
            "Some lines lead to nobody.", remedy="Correct them, then look again."
        )
    if pairs.digest != digest:
        raise EditConflictError("This is not what you looked at.", remedy="Look again, then do it.")
    rows = []
    for case, helper in pairs.found:
        rows.append(pair_student(case, actor=actor, helper=helper, batch_id=batch_id))
    return rows


def undo_many(batch_id: uuid.UUID, *, actor: Viewer, reason: str) -> int:
    """Take back what one act paired, within half an hour; how many pairs.

    A pair that a link has opened is ended with `reason`, since somebody may have seen it;
    the others are as if they had never been. Raises NotVisibleError where there is none, and
    InvalidValueError where a helper has written, it is too late, or somebody else made them.
    """
    rows = (
        db.session.execute(visible_pairings(actor).where(Pairing.batch_id == batch_id))
        .scalars()
        .all()
    )
    if not rows:
        raise NotVisibleError("There are no such pairs.")
    late = any(
        row.made_by != actor.user_id or clock.now() - row.made_at > UNDO_WITHIN for row in rows
    )
    ids = [row.id for row in rows]
    written = exists().where(PairingWord.pairing_id.in_(ids), PairingWord.voided_at.is_(None))
    if late or db.session.execute(select(written)).scalar_one():
        raise InvalidValueError(
            "These pairs can no longer be taken back together.",
            remedy="End them one by one.",
        )
    linked = linked_among(ids)
    for row in rows:
        record_event("helper.pairing_taken_back", actor_id=actor.user_id, subject=row)
        if row.id in linked:
            row.ended_at, row.ended_by, row.end_reason = clock.now(), actor.user_id, reason
            withdraw_link(row, actor=actor)
        else:
            db.session.delete(row)
    return len(rows)


def _refusal(each: Wanted, cases: Sequence[Case], running: set[tuple[int, str]]) -> str:
    if len(cases) != 1:
        return "unknown"
    if cases[0].closed_on is not None:
        return "closed"
    if len(each.helper.name.strip()) < 2 or len(each.helper.plan.strip()) < 2:
        return "nobody"
    if not (is_neutral(each.helper.plan) and is_neutral(each.helper.organisation)):
        return "telling"
    return "already" if (cases[0].student_id, each.helper.name.strip()) in running else ""


def _running(student_ids: Sequence[int]) -> set[tuple[int, str]]:
    """The names of those who help these students already."""
    rows = select(Pairing).where(
        Pairing.student_id.in_(student_ids),
        Pairing.ended_at.is_(None),
        Pairing.ends_on >= clock.today(),
    )
    return {(row.student_id, row.helper) for row in db.session.execute(rows).scalars()}
