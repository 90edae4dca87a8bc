"""Memberships that rest on partner lists: who has one, who gets one, whose ends."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, text

from placement.db import db
from placement.history import Recorded
from placement.intake.models import ListKind
from placement.intake.operations.changes import ChangeLog
from placement.intake.operations.persons import in_reach, person_keys
from placement.intake.operations.run import ImportRun
from placement.intake.operations.staging import stage_rows
from placement.intake.operations.voiding import end_memberships, void_rows
from placement.keys import DataKey
from placement.reference import list_kinds
from placement.students.models import Basis, Category, Membership, MembershipState, Student

_STAGED = {
    "uid": "uuid",
    "student_id": "bigint",
    "evidence_sealed": "bytea",
    "valid_to": "date",
}
_ADD = text(
    """
    INSERT INTO memberships (uid, student_id, category, hardship_class, basis, source,
        evidence_sealed, state, holds_from, valid_to, actor_id, recorded_at, entered_at, import_id)
    SELECT uid, student_id, :category, :hardship_class, 'list', :source, evidence_sealed,
        'confirmed', CAST(:holds_from AS date), valid_to, CAST(:actor_id AS bigint),
        CAST(:recorded_at AS timestamptz), CAST(:entered_at AS timestamptz),
        CAST(:import_id AS bigint)
    FROM staged_memberships
    """
)


_RENEWED = {
    "replaced": "bigint",
    "uid": "uuid",
    "evidence_sealed": "bytea",
    "valid_to": "date",
}
_RENEW = text(
    """
    INSERT INTO memberships (uid, student_id, category, hardship_class, basis, source,
        evidence_sealed, state, holds_from, holds_to, valid_to, actor_id, recorded_at, entered_at,
        import_id)
    SELECT n.uid, m.student_id, m.category, m.hardship_class, m.basis, m.source,
        n.evidence_sealed, m.state, least(m.holds_from, CAST(:holds_from AS date)), m.holds_to,
        n.valid_to, m.actor_id, CAST(:recorded_at AS timestamptz),
        CAST(:entered_at AS timestamptz), CAST(:import_id AS bigint)
    FROM renewed_memberships n JOIN memberships m ON m.id = n.replaced
    """
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the agency says of a person: card number, level, and until when it is good."""

    card_number: str | None
    level: str | None
    valid_to: dt.date | None

    @property
    def text(self) -> str | None:
        """What is kept under cipher; none where the agency adds nothing."""
        said = {"card_number": self.card_number, "level": self.level}
        said = {name: value for name, value in said.items() if value}
        return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None


def category_of(kind: ListKind) -> tuple[Category, str]:
    """The category that a list of the kind puts a student in, and the class within it."""
    return Category(list_kinds.category_of(kind.value)), kind.value


def listed_members(run: ImportRun, *, day: dt.date) -> dict[int, Membership]:
    """Who within reach is in the category by an earlier list of the kind, by student.

    Only what was known at the import's moment and does not end on `day` or before.
    """
    kind = run.options.list_kind
    found = db.session.execute(
        select(Membership)
        .join(Student, Student.id == Membership.student_id)
        .where(
            *in_reach(run),
            Membership.basis == Basis.LIST,
            Membership.source == kind,
            Membership.state == MembershipState.CONFIRMED,
            Membership.recorded_at <= run.moment,
            or_(Membership.voided_at.is_(None), Membership.voided_at > run.moment),
            or_(Membership.holds_to.is_(None), Membership.holds_to > day),
        )
        .order_by(Membership.student_id, Membership.holds_from, Membership.id)
    ).scalars()
    return {membership.student_id: membership for membership in found}


def is_said_anew(
    membership: Membership, evidence: Evidence, *, day: dt.date, key: DataKey | None
) -> bool:
    """Whether a list says of a member what is not known: other evidence or an earlier day.

    `key` is the student's.
    """
    if membership.holds_from > day or membership.valid_to != evidence.valid_to:
        return True
    sealed = membership.evidence_sealed
    if sealed is None or key is None:
        return evidence.text is not None
    return key.open(sealed, "memberships.evidence", membership.uid) != evidence.text


def add_members(
    members: Sequence[tuple[int, Evidence]],
    *,
    kind: ListKind,
    day: dt.date,
    actor_id: int | None,
    recorded: Recorded,
) -> None:
    """Put students into the category of the list from `day` on; each is given once."""
    keys = person_keys([student_id for student_id, _ in members])
    rows = []
    for student_id, evidence in members:
        uid = uuid.uuid4()
        key, said = keys[student_id], evidence.text
        sealed = None
        if key is not None and said is not None:
            sealed = key.seal(said, "memberships.evidence", uid)
        rows.append((uid, student_id, sealed, evidence.valid_to))
    category, hardship_class = category_of(kind)
    stage_rows("staged_memberships", _STAGED, rows)
    db.session.execute(
        _ADD,
        {
            "category": category.value,
            "hardship_class": hardship_class,
            "source": kind.value,
            "holds_from": day,
            "actor_id": actor_id,
            **recorded,
        },
    )


def renew_members(
    renewed: Sequence[tuple[Membership, Evidence]],
    *,
    day: dt.date,
    log: ChangeLog,
    recorded: Recorded,
) -> None:
    """Replace memberships by ones with what the list says now, held from the earlier day."""
    keys = person_keys([membership.student_id for membership, _ in renewed])
    void_rows("memberships", [membership.id for membership, _ in renewed], log, recorded)
    rows = []
    for membership, evidence in renewed:
        uid = uuid.uuid4()
        key, said = keys[membership.student_id], evidence.text
        sealed = None
        if key is not None and said is not None:
            sealed = key.seal(said, "memberships.evidence", uid)
        rows.append((membership.id, uid, sealed, evidence.valid_to))
    stage_rows("renewed_memberships", _RENEWED, rows)
    db.session.execute(_RENEW, {"holds_from": day, **recorded})


def end_members(
    memberships: Sequence[Membership], *, day: dt.date, log: ChangeLog, recorded: Recorded
) -> None:
    """End memberships on `day`, the first on which they no longer hold."""
    void_rows("memberships", [membership.id for membership in memberships], log, recorded)
    held = [(m.id, day) for m in memberships if m.holds_from < day]
    end_memberships(held, recorded)
