"""The university's word on what a partner list found, row by row."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import open_case
from placement.clock import day_of
from placement.db import db, system_scope, use_scope
from placement.errors import EditConflictError, InvalidValueError, NotAllowedError
from placement.history import recorded
from placement.intake.models import Import, ListKind, ListMatch, MatchDecision, MatchState
from placement.intake.operations.arrays import is_any
from placement.intake.operations.lists.members import Evidence, category_of
from placement.intake.operations.lists.waiting import PLACE
from placement.intake.operations.voiding import copy_row
from placement.students.models import Basis, Membership, MembershipState, Student

ASKING = frozenset({MatchState.MATCHED, MatchState.POSSIBLE, MatchState.LEFT})
"""States of rows that the university answers."""


def decide_match(
    match: ListMatch,
    *,
    actor: Viewer,
    decision: MatchDecision,
    reason: str = "",
    student_id: int | None = None,
) -> Membership | None:
    """Confirm that a row of a list means a student, or refuse it with a reason.

    A confirmed student is in the category from the day of the list on, and has a case. What
    other lists of the kind ask about the same student is answered with it. `student_id` names
    another of the students whom the row may mean; a refused row asks about the next of them.
    To confirm that somebody has left the list ends the membership on its day. Returns the
    membership, none where it is refused or the student is in the category by such a list already.

    Raises NotAllowedError for anybody but university and province, InvalidValueError for a
    refusal without a reason, a student whom the row does not name and a row that asks nothing,
    and EditConflictError when somebody else has decided.
    """
    if actor.role not in {Role.UNIVERSITY, Role.PROVINCE}:
        raise NotAllowedError("The university decides about the rows of a list.")
    if decision is MatchDecision.REFUSED and len(reason.strip()) < 2:
        raise InvalidValueError("Say in a few words why this is somebody else.")
    if match.state not in ASKING:
        raise InvalidValueError("There is nothing to decide about this row.")
    said = listed_person(match)
    chosen = student_id or match.student_id
    if chosen != match.student_id and chosen not in said.get("alternatives", ()):
        raise InvalidValueError("The row does not name this student.")
    import_ = db.session.get_one(Import, match.import_id)
    _claim(match, actor, decision, reason.strip() or None, chosen)
    membership = None
    if decision is MatchDecision.REFUSED:
        _ask_about_next(match, said)
    elif match.state is MatchState.LEFT:
        membership = _leave(import_, match)
    elif chosen is not None:
        settle_same(import_, [chosen], actor)
        membership = _join(import_, chosen, said, actor)
    record_event(
        f"match.{decision.value}",
        actor_id=actor.user_id,
        subject="list_matches",
        subject_id=match.id,
        student_ids=[] if chosen is None else [chosen],
    )
    return membership


def listed_person(match: ListMatch) -> dict[str, Any]:
    """What the list says of the person of a row: name, id_number, card_number, level, valid_to.

    Also `alternatives`, the other students whom it may mean, and `values` of the reason. Empty
    for a row of nobody, and once the student is erased.
    """
    if match.person_sealed is None or match.student_id is None:
        return {}
    key = db.session.get_one(Student, match.student_id).key()
    if key is None:
        return {}
    said: dict[str, Any] = json.loads(key.open(match.person_sealed, PLACE, match.uid))
    return said


def _claim(
    match: ListMatch,
    actor: Viewer,
    decision: MatchDecision,
    reason: str | None,
    student_id: int | None,
) -> None:
    if student_id != match.student_id:
        _move(match, student_id)
    claimed = db.session.execute(
        update(ListMatch)
        .where(ListMatch.id == match.id, ListMatch.decision.is_(None))
        .values(
            decision=decision,
            decision_reason=reason,
            decided_by=actor.user_id,
            decided_at=clock.now(),
        )
        .returning(ListMatch.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if claimed is None:
        raise EditConflictError(
            "Somebody else has decided about this row.", remedy="Look at the list again."
        )
    db.session.refresh(match)


def _move(match: ListMatch, student_id: int | None) -> None:
    """Let the row mean another student; what it says goes under that student's key."""
    said = json.dumps(listed_person(match), ensure_ascii=False)
    student = db.session.get(Student, student_id)
    if student is None:
        raise InvalidValueError("This student is at another university.")
    key = student.key()
    match.student_id = student.id
    match.person_sealed = None if key is None else key.seal(said, PLACE, match.uid)
    db.session.flush()


def _ask_about_next(match: ListMatch, said: dict[str, Any]) -> None:
    """Ask about the next student whom a refused row may mean, perhaps at another university.

    Hence under the program's own scope: who refuses learns nothing of whom it is.
    """
    others = list(said.get("alternatives", ()))
    if not others:
        return
    with use_scope(system_scope("ask about the next namesake")):
        key = db.session.get_one(Student, others[0]).key()
        uid = uuid.uuid4()
        plain = json.dumps({**said, "alternatives": others[1:]}, ensure_ascii=False)
        db.session.add(
            ListMatch(
                uid=uid,
                import_id=match.import_id,
                row=match.row,
                state=MatchState.POSSIBLE,
                student_id=others[0],
                score=match.score,
                reason=match.reason,
                person_sealed=None if key is None else key.seal(plain, PLACE, uid),
            )
        )
        db.session.flush()


def settle_same(import_: Import, students: Sequence[int], actor: Viewer) -> None:
    """Answer what other lists of the kind and class ask about students who are confirmed."""
    same = select(Import.id).where(
        Import.kind == import_.kind,
        Import.list_kind == import_.list_kind,
        Import.class_year == import_.class_year,
    )
    db.session.execute(
        update(ListMatch)
        .where(
            is_any(ListMatch.student_id, students),
            ListMatch.decision.is_(None),
            ListMatch.state.in_([MatchState.MATCHED, MatchState.POSSIBLE]),
            ListMatch.import_id.in_(same),
        )
        .values(decision=MatchDecision.CONFIRMED, decided_by=actor.user_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _join(
    import_: Import, student_id: int, said: dict[str, Any], actor: Viewer
) -> Membership | None:
    kind, day = import_.list_kind, day_of_list(import_)
    if kind is None or held_members([student_id], kind, day):
        return None
    evidence = evidence_of(said)
    category, hardship_class = category_of(kind)
    membership = Membership(
        uid=uuid.uuid4(),
        student_id=student_id,
        category=category,
        hardship_class=hardship_class,
        basis=Basis.LIST,
        source=kind.value,
        state=MembershipState.CONFIRMED,
        holds_from=day,
        valid_to=evidence.valid_to,
        actor_id=actor.user_id,
        **recorded(),
    )
    key, text = db.session.get_one(Student, student_id).key(), evidence.text
    if key is not None and text is not None:
        membership.evidence_sealed = key.seal(text, "memberships.evidence", membership.uid)
    open_case(student_id, opened_on=clock.today())
    db.session.add(membership)
    db.session.flush()
    return membership


def _leave(import_: Import, match: ListMatch) -> Membership | None:
    """End the membership by lists of the kind on the day of the list; its case stays open."""
    kind, day = import_.list_kind, day_of_list(import_)
    if kind is None or match.student_id is None:
        return None
    columns = recorded()
    ended = None
    for held in held_members([match.student_id], kind, day):
        held.voided_at = columns["recorded_at"]
        if held.holds_from < day:
            ended = copy_row(held, columns, holds_to=day)
            db.session.add(ended)
    db.session.flush()
    return ended


def held_members(students: Sequence[int], kind: ListKind, day: dt.date) -> Sequence[Membership]:
    """The memberships of students by lists of the kind that do not end on `day` or before."""
    return (
        db.session.execute(
            select(Membership)
            .where(
                is_any(Membership.student_id, students),
                Membership.basis == Basis.LIST,
                Membership.source == kind.value,
                Membership.state == MembershipState.CONFIRMED,
                Membership.voided_at.is_(None),
                or_(Membership.holds_to.is_(None), Membership.holds_to > day),
            )
            .order_by(Membership.id)
        )
        .scalars()
        .all()
    )


def evidence_of(said: Mapping[str, Any]) -> Evidence:
    """What the agency says of a person of a row, as it is kept with the membership."""
    valid_to = said.get("valid_to")
    return Evidence(
        said.get("card_number"),
        said.get("level"),
        dt.date.fromisoformat(valid_to) if valid_to else None,
    )


def day_of_list(import_: Import) -> dt.date:
    """The day of the list: the one that was given, or that on which it was learnt."""
    given = import_.options.get("as_of")
    if given:
        return dt.date.fromisoformat(given)
    return day_of(import_.recorded_at or import_.applied_at or import_.created_at)
