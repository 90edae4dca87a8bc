"""The audit trail: who did or read what, append-only, sealed in a chain."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model


class AuditEvent(Model):
    """One act or one reading of a person's page. Rows are never changed or deleted.

    `transaction_id` is the database's number of the writing transaction, above those of every
    cluster that the trail lived in before; the sealer takes the events of those that can no
    longer be under way.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_transaction", "transaction_id"),
        Index("ix_audit_events_subject", "subject_type", "subject_id"),
        Index("ix_audit_events_students", "student_ids", postgresql_using="gin"),
        Index("ix_audit_events_actor", "actor_id", "at"),
    )

    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    transaction_id: Mapped[int] = mapped_column(server_default=text("placement_transaction_id()"))
    actor_id: Mapped[int | None]
    """The user who acted; none for the program itself."""
    actor_role: Mapped[str]
    action: Mapped[str]
    """What was done, such as `follow_up.recorded` or `student.read`."""
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    student_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    """The students whom the act concerns, so that each can see who looked."""
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Facts about the act; never a category, a name or a number of a person."""
    origin: Mapped[str]
    """Where from: web, command or job, with the request's number."""


class AuditSeal(Model):
    """One link of the chain: the digest of the seal before and of its events in order.

    Covers every event of a transaction number from `from_transaction` up to, not including,
    `to_transaction`.
    """

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    sealed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    from_transaction: Mapped[int] = mapped_column(unique=True)
    to_transaction: Mapped[int]
    events: Mapped[int]
    previous: Mapped[bytes]
    digest: Mapped[bytes]
