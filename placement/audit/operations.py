"""Writes of the audit trail, inside the caller's transaction."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import text

from placement.audit.models import AuditEvent
from placement.db import Base, current_scope, db

_LOOK = text(
    "INSERT INTO audit_events (actor_id, actor_role, action, subject_type, student_ids, details,"
    " origin) VALUES (:actor_id, :actor_role, :action, :subject_type, :student_ids,"
    " CAST(:details AS jsonb), :origin)"
)
_origin: ContextVar[str] = ContextVar("origin", default="program")


@contextmanager
def acting_from(origin: str) -> Iterator[None]:
    """Say where acts come from: `web <request>`, `command <name>` or `job <name>`."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def set_origin(origin: str) -> None:
    """Say where the acts of this request come from, until the next one says otherwise."""
    _origin.set(origin)


def record_event(
    action: str,
    *,
    actor_id: int | None,
    subject: Base | str | None = None,
    subject_id: int | None = None,
    student_ids: Iterable[int] = (),
    details: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write that something was done or read, as part of the transaction that did it.

    `subject` is the row acted on, or the name of its kind with `subject_id`. `student_ids` are
    the students concerned; a row with `student_id` names its own. `details` must hold no
    category, name or number of a person.
    """
    kind, number = _subject(subject, subject_id)
    concerned = set(student_ids)
    own = number if kind == "students" else getattr(subject, "student_id", None)
    if isinstance(own, int):
        concerned.add(own)
    event = AuditEvent(
        actor_id=actor_id,
        actor_role=_role(),
        action=action,
        subject_type=kind,
        subject_id=number,
        student_ids=sorted(concerned),
        details=details or {},
        origin=_origin.get(),
    )
    db.session.add(event)
    return event


def record_look(
    action: str, *, actor_id: int, kind: str, student_ids: Iterable[int], details: dict[str, Any]
) -> None:
    """Write at once that several students were shown, as part of the transaction that read them.

    The same event as by `record_event`, without making a row of the model: every list has one.
    """
    values = {
        "actor_id": actor_id,
        "actor_role": _role(),
        "action": action,
        "subject_type": kind,
        "student_ids": sorted(set(student_ids)),
        "details": json.dumps(details),
        "origin": _origin.get(),
    }
    db.session.connection().execute(_LOOK, values)


def _role() -> str:
    scope = current_scope()
    return "" if scope is None else scope.kind.value


def _subject(subject: Base | str | None, subject_id: int | None) -> tuple[str, int | None]:
    if isinstance(subject, str) or subject is None:
        return subject or "", subject_id
    if subject.id is None:
        db.session.flush()
    return str(subject.__tablename__), subject.id
