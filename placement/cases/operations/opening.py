"""Opening, closing and reopening cases; the guard against two people writing at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm.attributes import set_committed_value

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case, CloseReason
from placement.db import Model, db
from placement.errors import (
    EditConflictError,
    InvalidValueError,
    NotAllowedError,
    PlacementError,
)

FIRST_CONTACT = dt.timedelta(days=14)
LONGEST_PUT_OFF = dt.timedelta(days=60)

_CLOSE_MANY = text(
    "UPDATE cases SET closed_on = greatest(:closed_on, opened_on), close_reason = given.reason,"
    " next_contact_on = NULL, version = version + 1"
    " FROM unnest(CAST(:students AS bigint[]), CAST(:reasons AS text[])) AS given (student, reason)"
    " WHERE cases.student_id = given.student AND closed_on IS NULL AND voided_at IS NULL"
    " RETURNING cases.id"
)
_OPEN_CASES = text(
    """
    INSERT INTO cases (student_id, opened_on, next_contact_on, import_id)
    SELECT DISTINCT id, CAST(:opened_on AS date), CAST(:next_contact_on AS date),
        CAST(:import_id AS bigint)
    FROM unnest(CAST(:students AS bigint[])) chosen (id)
    ON CONFLICT (student_id) DO NOTHING RETURNING id
    """
)


class CaseClosedError(PlacementError):
    """The case is closed and takes nothing more."""

    code = "case_closed"


def open_case(student_id: int, *, opened_on: dt.date, import_id: int | None = None) -> Case:
    """Open the case of a student, or give back the one that exists, reviving a void one."""
    case = db.session.execute(
        select(Case).where(Case.student_id == student_id)
    ).scalar_one_or_none()
    if case is None:
        case = Case(
            student_id=student_id,
            opened_on=opened_on,
            next_contact_on=opened_on + FIRST_CONTACT,
            import_id=import_id,
        )
        db.session.add(case)
        db.session.flush()
    elif case.voided_at is not None:
        case.voided_at, case.import_id = None, import_id
    return case


def open_cases(
    student_ids: Iterable[int], *, opened_on: dt.date, import_id: int | None = None
) -> list[int]:
    """Open the cases of many students in one statement; the ids of the cases that are new.

    Students who have a case keep it. Void cases are the caller's to revive by `open_case`.
    """
    opened = db.session.execute(
        _OPEN_CASES,
        {
            "students": list(student_ids),
            "opened_on": opened_on,
            "next_contact_on": opened_on + FIRST_CONTACT,
            "import_id": import_id,
        },
    )
    return list(opened.scalars())


def claim_version(row: Any, *, expected: int) -> None:
    """Take the right to write a row that was shown at version `expected`.

    One conditional UPDATE, so that of two writers one is told. Raises EditConflictError.
    """
    model: type[Model] = type(row)
    claimed = db.session.execute(
        update(model)
        .where(model.id == row.id, model.version == expected)  # type: ignore[attr-defined] # rows with a version only
        .values(version=expected + 1)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if claimed is None:
        raise EditConflictError(
            "Somebody else changed this in the meantime.",
            remedy="Compare both, then save again.",
        )
    if row.version == expected:
        # What the session holds is the row that was claimed; nothing needs to be read again.
        set_committed_value(row, "version", expected + 1)
    else:
        db.session.refresh(row)


def require_open(case: Case) -> None:
    """Raise CaseClosedError unless the case takes entries."""
    if case.closed_on is not None:
        raise CaseClosedError(
            "This case was closed on %(day)s.", remedy="Open it again first.", day=case.closed_on
        )


def promise_next_step(case: Case, *, actor: Viewer, text: str | None) -> None:
    """Say what happens next beside another act, and refuse to leave an open case without it.

    An empty `text` keeps the step that stands. Raises InvalidValueError where there is none.
    """
    said = (text or "").strip()
    if said and said != case.next_step:
        case.next_step = said
        record_event("case.next_step_set", actor_id=actor.user_id, subject=case)
    if case.closed_on is None and not case.next_step:
        raise InvalidValueError(
            "This case has no next step.", remedy="Say what happens next, so that nobody waits."
        )


def set_next_step(
    case: Case, *, actor: Viewer, next_step: str, next_contact_on: dt.date | None, version: int
) -> None:
    """Say what happens next and when; the student reads it.

    Raises CaseClosedError and EditConflictError.
    """
    require_open(case)
    claim_version(case, expected=version)
    case.next_step = next_step.strip() or case.next_step
    promise_next_step(case, actor=actor, text=None)
    case.next_contact_on = next_contact_on
    case.later_until, case.later_since = next_contact_on, clock.now()
    record_event("case.next_step_set", actor_id=actor.user_id, subject=case)


def close_case(
    case: Case, *, actor: Viewer, reason: CloseReason, closed_on: dt.date, version: int
) -> None:
    """Close a case with its reason; it can be opened again.

    Raises InvalidValueError for a day before it was opened, and EditConflictError.
    """
    require_open(case)
    if closed_on < case.opened_on:
        raise InvalidValueError("The case was opened later than that day.")
    claim_version(case, expected=version)
    case.closed_on, case.close_reason = closed_on, reason
    case.next_contact_on = None
    record_event(
        "case.closed", actor_id=actor.user_id, subject=case, details={"reason": reason.value}
    )


def close_cases(
    reasons: Mapping[int, CloseReason], *, closed_on: dt.date, actor_id: int | None
) -> int:
    """Close the open cases of many students at once, by the student's id; how many there were."""
    closed = db.session.execute(
        _CLOSE_MANY,
        {
            "students": list(reasons),
            "reasons": [reason.value for reason in reasons.values()],
            "closed_on": closed_on,
        },
    ).all()
    record_event(
        "cases.closed",
        actor_id=actor_id,
        subject="cases",
        details={"cases": len(closed), "on": closed_on.isoformat()},
    )
    return len(closed)


def reopen_case(case: Case, *, actor_id: int | None, today: dt.date, version: int) -> None:
    """Open a closed case again, due for a contact at once; without `actor_id` the program does.

    Raises EditConflictError.
    """
    if case.closed_on is None:
        return
    claim_version(case, expected=version)
    case.closed_on, case.close_reason = None, None
    case.next_contact_on = today
    record_event("case.reopened", actor_id=actor_id, subject=case)


def put_off(case: Case, *, actor: Viewer, until: dt.date) -> None:
    """Put a case aside until a day, and a contact that is due by then with it.

    Raises CaseClosedError, and InvalidValueError for a day that is not in the coming 60.
    """
    require_open(case)
    today = clock.today()
    if not today < until <= today + LONGEST_PUT_OFF:
        raise InvalidValueError("Choose a day from tomorrow on, at most 60 days ahead.")
    if case.next_contact_on is None or case.next_contact_on < until:
        case.next_contact_on = until
    case.later_until, case.later_since = until, clock.now()
    case.version += 1
    record_event("case.put_off", actor_id=actor.user_id, subject=case)


def take_up_again(case: Case, *, actor: Viewer, next_contact_on: dt.date | None) -> None:
    """Take a putting off back: the contact is due as it was. Raises CaseClosedError."""
    require_open(case)
    case.next_contact_on, case.later_until, case.later_since = next_contact_on, None, None
    case.version += 1
    record_event("case.put_off", actor_id=actor.user_id, subject=case)


def ask_for_help(case: Case, *, actor: Viewer, today: dt.date) -> None:
    """The student asks for help: the case is due today, so that it stands on the list of today.

    Raises CaseClosedError, and NotAllowedError for anybody but the student.
    """
    require_open(case)
    if actor.student_id != case.student_id:
        raise NotAllowedError("Only the student asks for help here.")
    if case.next_contact_on is None or case.next_contact_on > today:
        case.next_contact_on = today
    case.later_until, case.later_since, case.help_asked_at = None, None, clock.now()
    case.version += 1
    record_event("help.asked", actor_id=actor.user_id, subject=case)
