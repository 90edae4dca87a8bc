"""What stands between a notice and its recipient: channels, rates, addresses given up, choices."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model
from placement.notices.models.kinds import Channel, NoticeKind


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
    """An address that is not written to, by its blind index.

    An address that bounces is written to once more on another day before it is given up.
    """

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("channel", "address_index", name="uq_suppressions"),)

    channel: Mapped[Channel]
    address_index: Mapped[bytes]
    reason: Mapped[str]
    since: Mapped[dt.datetime | None]
    """From when it holds; none while the address has bounced on one day only."""
    until: Mapped[dt.datetime | None]
    bounces: Mapped[int] = mapped_column(server_default=text("0"))
    """On how many days mail to it was refused for good."""
    bounced_on: Mapped[dt.date | None]


class OptOut(Model):
    """A kind of notice that a student or a member of staff does not want by a channel."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        Index(
            "uq_opt_outs_student",
            "student_id",
            "kind",
            "channel",
            unique=True,
            postgresql_where=text("student_id IS NOT NULL"),
        ),
        Index(
            "uq_opt_outs_staff",
            "user_id",
            "kind",
            "channel",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        CheckConstraint(
            "num_nonnulls(student_id, user_id) = 1",
            name="opt_out_has_one_person",
        ),
    )

    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[NoticeKind]
    channel: Mapped[Channel]
    since: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)


class StaffMark(Model):
    """Of what a member of staff was told last, by kind, so that each thing is told once."""

    __tablename__ = "staff_marks"
    __table_args__ = (UniqueConstraint("user_id", "kind", name="uq_staff_marks"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[NoticeKind]
    newest: Mapped[int]
    """The newest row that the mail counted, or the number of its day."""
    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
