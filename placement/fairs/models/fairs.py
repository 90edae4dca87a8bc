"""Job fairs with what happens at them, hour by hour."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model

_UID = text("gen_random_uuid()")


class FairState(enum.StrEnum):
    """Where a fair stands; it follows from its moments and the day, and is not stored."""

    DRAFT = "draft"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


class ItemKind(enum.StrEnum):
    """What kind of thing happens at a fair at a time of its own."""

    TALK = "talk"
    INTERVIEWS = "interviews"
    ADVICE = "advice"
    OTHER = "other"


class Fair(Model):
    """A job fair; with a class year it is for that register, without one for all."""

    __tablename__ = "fairs"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="fair_ends_after_start"),
        CheckConstraint("capacity > 0", name="fair_has_room"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    """Its name in calendars, for as long as it lives."""
    title: Mapped[str]
    on: Mapped[dt.date] = mapped_column(index=True)
    starts_at: Mapped[dt.time | None]
    ends_at: Mapped[dt.time | None]
    place: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    directions: Mapped[str] = mapped_column(server_default="")
    """How to get there, and how to get in with a wheelchair."""
    contact: Mapped[str] = mapped_column(server_default="")
    """Whom to ask about the fair: an office and its number, as everybody may read it."""
    class_year: Mapped[int | None]
    capacity: Mapped[int | None]
    """How many students have a place; none for as many as come."""
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    """The university that holds it; none for the province."""
    description: Mapped[str] = mapped_column(server_default="")
    is_draft: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether only staff see it yet."""
    cancelled_at: Mapped[dt.datetime | None]
    cancel_reason: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """Counts its changes; calendars know by it which entry is newer."""

    def state_on(self, day: dt.date) -> FairState:
        """Where the fair stands on a local day."""
        if self.cancelled_at is not None:
            return FairState.CANCELLED
        if self.is_draft:
            return FairState.DRAFT
        return FairState.HELD if self.on < day else FairState.OPEN


class FairItem(Model):
    """One entry of a fair's schedule: a talk, a round of interviews."""

    __tablename__ = "fair_items"
    __table_args__ = (
        CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name="fair_item_ends_after_start"
        ),
        Index("ix_fair_items_fair", "fair_id", "starts_at"),
    )

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"))
    kind: Mapped[ItemKind]
    title: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")
    """Where at the fair; empty for the place of the fair itself."""
    starts_at: Mapped[dt.time]
    ends_at: Mapped[dt.time | None]
    removed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    fair: Mapped[Fair] = relationship()
