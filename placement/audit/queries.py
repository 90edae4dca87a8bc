"""Reads of the audit trail."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Text, column, func, select, table
from sqlalchemy.types import BigInteger

from placement.audit.models import AuditEvent, AuditSeal
from placement.db import db

# The trail is below the accounts and knows only the names of their columns.
_users = table(
    "users", column("id", BigInteger), column("username", Text), column("display_name", Text)
)

LOOKS = (
    "student.read",
    "student.revealed",
    "students.listed",
    "report.people_listed",
    "report.people_unmasked",
    "report.changes_listed",
    "report.changes_unmasked",
    "helper.opened",
    "case.form_made",
    "case.packet_made",
    "ledger.exported",
    "notice.exported",
    "draft.exported",
    "fair.exported",
)
"""The acts by which somebody sees a student."""


def trail(*, actor: str = "", action: str = "") -> Select[AuditEvent, str, str]:
    """Select events with the name of who acted, the newest first.

    `actor` is a user name, `action` the beginning of an act's name such as `outcome.`.
    """
    conditions: list[ColumnElement[bool]] = []
    if actor:
        conditions.append(func.lower(_users.c.username) == actor.lower())
    if action:
        conditions.append(AuditEvent.action.startswith(action, autoescape=True))
    return (
        select(AuditEvent, _users.c.username, _users.c.display_name)
        .outerjoin(_users, _users.c.id == AuditEvent.actor_id)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
    )


def looks_at(student_id: int, *, limit: int = 100) -> Select[AuditEvent]:
    """Select who opened pages about a student or revealed a value, the newest first."""
    return (
        select(AuditEvent)
        .where(
            AuditEvent.student_ids.contains([student_id]),
            AuditEvent.action.in_(LOOKS),
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )


def seals(*, limit: int = 5) -> Sequence[AuditSeal]:
    """The newest seals."""
    return (
        db.session.execute(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(limit))
        .scalars()
        .all()
    )
