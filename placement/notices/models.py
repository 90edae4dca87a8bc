"""Notices and their deliveries: one row a person and channel, the truth of what was sent."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model

_UID = text("gen_random_uuid()")


class NoticeKind(enum.StrEnum):
    """What a notice is about; people opt out of a kind, never of their account's safety."""

    FAIR = "fair"
    ACTIVATION = "activation"
    PASSWORD = "password"
    FOLLOW_UP = "follow_up"


class NoticeState(enum.StrEnum):
    """What was decided about a notice as a whole."""

    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Channel(enum.StrEnum):
    """A way to reach a person."""

    MAIL = "mail"
    SMS = "sms"
    INBOX = "inbox"


class DeliveryState(enum.StrEnum):
    """Where one delivery stands; only `sending` can be in doubt."""

    HELD = "held"
    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    UNCERTAIN_FINAL = "uncertain_final"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


class Notice(Model):
    """A message to an audience, with its text fixed when it was sent."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "uq_notices_audience",
            "kind",
            "subject_id",
            "audience_key",
            "round",
            unique=True,
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=_UID
    )
    kind: Mapped[NoticeKind]
    subject_id: Mapped[int | None]
    """The fair, user or case that it is about."""
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.SENDING)
    audience: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """How the audience was chosen, in codes."""
    audience_key: Mapped[str]
    """The same for the same choice; the same again needs a new round."""
    round: Mapped[int] = mapped_column(server_default=text("1"))
    audience_size: Mapped[int] = mapped_column(server_default=text("0"))
    values: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What the templates put in; the same for everybody."""
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    uncertain_policy: Mapped[str]
    expires_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    changed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Delivery(Model):
    """One message to one person by one channel: the outbox row."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint(
            "notice_id",
            "student_id",
            "user_id",
            "channel",
            name="uq_deliveries",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "(state IN ('claimed', 'sending')) = (owner IS NOT NULL)",
            name="delivery_has_owner",
        ),
        CheckConstraint(
            "state NOT IN ('sent', 'delivered', 'bounced') OR sent_at IS NOT NULL",
            name="delivery_sent_has_moment",
        ),
        CheckConstraint(
            "student_id IS NOT NULL OR user_id IS NOT NULL",
            name="delivery_has_recipient",
        ),
        Index(
            "ix_deliveries_due",
            "channel",
            "priority",
            "next_try_at",
            "id",
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_deliveries_leased",
            "lease_until",
            postgresql_where=text("state IN ('claimed', 'sending')"),
        ),
        Index(
            "ix_deliveries_waiting",
            "state",
            "next_try_at",
            postgresql_where=text("state IN ('held', 'uncertain')"),
        ),
        Index("ix_deliveries_student", "student_id", "created_at"),
        Index("ix_deliveries_notice", "notice_id", "state"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=_UID
    )
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The staff member, when the recipient is not a student."""
    channel: Mapped[Channel]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    reason: Mapped[str | None]
    """Why it was skipped, held or failed: a code."""
    locale: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    """Made with the row and never changed, so that a second copy is known as one."""
    address_sealed: Mapped[bytes | None]
    """The address as it was when the notice was sent, under the student's key."""
    domain: Mapped[str | None]
    """The recipient's mail domain, for its rate."""
    values: Mapped[dict[str, Any] | None]
    """What the templates put in for this person alone."""
    priority: Mapped[int] = mapped_column(server_default=text("5"))
    not_before: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]
    next_try_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    owner: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    sending_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    reply_code: Mapped[int | None]
    enhanced_code: Mapped[str | None]
    error_class: Mapped[str | None]
    provider_ref: Mapped[str | None]
    uncertain_resends: Mapped[int] = mapped_column(server_default=text("0"))
    read_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)

    notice: Mapped[Notice] = relationship()


class DeliveryEvent(Model):
    """One change of state of a delivery; append-only."""

    __tablename__ = "delivery_events"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    from_state: Mapped[DeliveryState | None]
    to_state: Mapped[DeliveryState]
    worker: Mapped[str | None]
    reason: Mapped[str | None]


class ChannelStatus(Model):
    """The circuit breaker of a channel: closed, or open until a moment."""

    __tablename__ = "channel_statuses"

    channel: Mapped[Channel] = mapped_column(unique=True)
    open_until: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    stopped_reason: Mapped[str | None]
    """Set when a person must act, such as after a refused log-in."""
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)


class RateBucket(Model):
    """The token bucket of a channel or of a recipient domain."""

    __tablename__ = "rate_buckets"

    key: Mapped[str] = mapped_column(unique=True)
    tokens: Mapped[float]
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)


class Suppression(Model):
    """An address that is not written to, by its blind index."""

    __tablename__ = "suppressions"
    __table_args__ = (
        UniqueConstraint("channel", "address_index", name="uq_suppressions"),
    )

    channel: Mapped[Channel]
    address_index: Mapped[bytes]
    reason: Mapped[str]
    since: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    until: Mapped[dt.datetime | None]


class OptOut(Model):
    """A kind of notice that a student does not want by a channel."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        UniqueConstraint("student_id", "kind", "channel", name="uq_opt_outs"),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    kind: Mapped[NoticeKind]
    channel: Mapped[Channel]
    since: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
