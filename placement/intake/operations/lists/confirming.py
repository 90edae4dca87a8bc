"""The university's word on all rows of a list that are certain, given at once."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.cases.operations import open_case, open_cases
from placement.db import db
from placement.errors import NotAllowedError
from placement.history import recorded
from placement.intake.models import Import, ListMatch, MatchDecision, MatchState
from placement.intake.operations.arrays import is_any
from placement.intake.operations.lists.deciding import (
    day_of_list,
    evidence_of,
    held_members,
    settle_same,
)
from placement.intake.operations.lists.members import Evidence, add_members
from placement.intake.operations.lists.waiting import PLACE
from placement.intake.operations.persons import person_keys


def confirm_matches(import_: Import, matches: Sequence[ListMatch], *, actor: Viewer) -> int:
    """Confirm the rows of `matches` that are certain; how many were open still.

    Each student is in the category from the day of the list on and has a case, as if confirmed
    alone. Rows that only might mean somebody are left open, and so is what somebody has decided
    meanwhile. Raises NotAllowedError for anybody but university and province.
    """
    if actor.role not in {Role.UNIVERSITY, Role.PROVINCE}:
        raise NotAllowedError("The university decides about the rows of a list.")
    claimed = _claim([match.id for match in matches], actor)
    people = _people([match for match in matches if match.id in claimed])
    settle_same(import_, list(people), actor)
    _join(import_, people, actor)
    record_event(
        "matches.confirmed",
        actor_id=actor.user_id,
        subject=import_,
        student_ids=people,
        details={"count": len(claimed)},
    )
    return len(claimed)


def _claim(ids: Sequence[int], actor: Viewer) -> set[int]:
    claimed = db.session.execute(
        update(ListMatch)
        .where(
            is_any(ListMatch.id, ids),
            ListMatch.decision.is_(None),
            ListMatch.state == MatchState.MATCHED,
        )
        .values(decision=MatchDecision.CONFIRMED, decided_by=actor.user_id, decided_at=clock.now())
        .returning(ListMatch.id)
        .execution_options(synchronize_session=False)
    )
    return set(claimed.scalars())


def _people(matches: Sequence[ListMatch]) -> dict[int, Evidence]:
    """The students of the rows, each with what the list says of them."""
    keys = person_keys([m.student_id for m in matches if m.student_id is not None])
    people: dict[int, Evidence] = {}
    for match in matches:
        if match.student_id is None:
            continue
        key, sealed = keys.get(match.student_id), match.person_sealed
        said: dict[str, Any] = {}
        if key is not None and sealed is not None:
            said = json.loads(key.open(sealed, PLACE, match.uid))
        people[match.student_id] = evidence_of(said)
    return people


def _join(import_: Import, people: dict[int, Evidence], actor: Viewer) -> None:
    kind, day = import_.list_kind, day_of_list(import_)
    if kind is None:
        return
    members = {member.student_id for member in held_members(list(people), kind, day)}
    joining = [(student, said) for student, said in people.items() if student not in members]
    students = [student for student, _ in joining]
    open_cases(students, opened_on=clock.today())
    void = select(Case.student_id).where(
        is_any(Case.student_id, students), Case.voided_at.is_not(None)
    )
    for student in db.session.execute(void).scalars().all():
        open_case(student, opened_on=clock.today())
    db.session.flush()
    add_members(joining, kind=kind, day=day, actor_id=actor.user_id, recorded=recorded())
