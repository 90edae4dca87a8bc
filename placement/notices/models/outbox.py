"""Notices and their deliveries: one row a person and channel, the truth of what was sent."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model
from placement.notices.models.kinds import (
    Channel,
    DeliveryState,
    NoticeKind,
    NoticeState,
    Priority,
    UncertainPolicy,
)

_UID = text("gen_random_uuid()")


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

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
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
    uncertain_policy: Mapped[UncertainPolicy]
    """For mail; an SMS in doubt always waits for a person."""
    expires_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    state_reason: Mapped[str | None]
    """Why it was paused by the program itself: a code."""
    remind_after_days: Mapped[int | None]
    """So many days after it those are reminded who have not answered; none: nobody."""
    reminded_at: Mapped[dt.datetime | None]
    changed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Delivery(Model):
    """One message to one person by one channel: the outbox row."""

    __tablename__ = "deliveries"
    __table_args__ = (
        # One a person, notice and channel; the person first, so that it leads to an inbox too.
        Index(
            "uq_deliveries_student",
            "student_id",
            "notice_id",
            "channel",
            unique=True,
            postgresql_where=text("student_id IS NOT NULL"),
        ),
        Index(
            "uq_deliveries_staff",
            "user_id",
            "notice_id",
            "channel",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
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
            "num_nonnulls(student_id, user_id) = 1",
            name="delivery_has_one_recipient",
        ),
        # Two ways to what is due: as it comes, and domain by domain where domains have a rate.
        Index(
            "ix_deliveries_due_by_domain",
            "channel",
            "domain",
            "priority",
            "next_try_at",
            "id",
            postgresql_where=text("state = 'pending'"),
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
        Index("ix_deliveries_notice", "notice_id", "state"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The member of staff, when the recipient is not a student."""
    channel: Mapped[Channel]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    reason: Mapped[str | None]
    """Why it was skipped, held or failed: a code."""
    locale: Mapped[str]
    message_id: Mapped[str]
    """Made with the row out of its `uid` and never changed: a second copy is known as one."""
    address_sealed: Mapped[bytes | None]
    """The address that it went to, under the person's key; written by the very commit that
    marks the row `sending`, so that an address corrected before then is used."""
    domain: Mapped[str | None]
    """The recipient's mail domain, for its rate."""
    values_sealed: Mapped[bytes | None]
    """What the templates put in for this person alone, such as a code; gone once it is final."""
    priority: Mapped[Priority] = mapped_column(SmallInteger, server_default=text("5"))
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
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    """The digest in which it went out, when it waited for one."""
    uncertain_resends: Mapped[int] = mapped_column(server_default=text("0"))
    read_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)

    notice: Mapped[Notice] = relationship()


class DeliveryEvent(Model):
    """One change of state of a delivery; append-only."""

    __tablename__ = "delivery_events"

    delivery_id: Mapped[int] = mapped_column(index=True)
    """No foreign key: its check would lock and write the delivery's row once more a mail."""
    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    from_state: Mapped[DeliveryState | None]
    to_state: Mapped[DeliveryState]
    worker: Mapped[str | None]
    reason: Mapped[str | None]
