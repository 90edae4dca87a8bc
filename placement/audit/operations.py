"""Writes of the audit trail, inside the caller's transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from placement.audit.models import AuditEvent
from placement.db import Base, current_scope, db

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
    scope = current_scope()
    event = AuditEvent(
        actor_id=actor_id,
        actor_role="" if scope is None else scope.kind.value,
        action=action,
        subject_type=kind,
        subject_id=number,
        student_ids=sorted(concerned),
        details=details or {},
        origin=_origin.get(),
    )
    db.session.add(event)
    return event


def _subject(subject: Base | str | None, subject_id: int | None) -> tuple[str, int | None]:
    if isinstance(subject, str) or subject is None:
        return subject or "", subject_id
    if subject.id is None:
        db.session.flush()
    return str(subject.__tablename__), subject.id
