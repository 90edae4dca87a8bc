"""Drafts of notices: what is to be told to whom and when, until it goes out."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.fairs.models import Fair

_UID = text("gen_random_uuid()")


class DraftState(enum.StrEnum):
    """Where a draft stands on its way to a notice."""

    DRAFT = "draft"
    WAITING = "waiting"
    """Handed in; a second person has to release it."""
    SCHEDULED = "scheduled"
    """Released, or small enough to need no second person; goes out at its time."""
    SENT = "sent"
    DISCARDED = "discarded"


class NoticeDraft(Model):
    """A notice that has not gone out: its choice of people, text, ways and time.

    Handing it in fixes who is in it (`student_ids`) and which text they read (`digest`). From
    then on nothing of it changes; a change makes it a draft again, which forgets the release.
    """

    __tablename__ = "notice_drafts"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('waiting', 'scheduled', 'sent') OR (student_ids IS NOT NULL"
            " AND head_count = cardinality(student_ids) AND head_count > 0"
            " AND digest IS NOT NULL AND handed_in_by IS NOT NULL AND handed_in_at IS NOT NULL)",
            name="draft_handed_in_is_fixed",
        ),
        CheckConstraint(
            "state IN ('waiting', 'scheduled', 'sent') OR (student_ids IS NULL"
            " AND head_count IS NULL AND digest IS NULL AND handed_in_by IS NULL"
            " AND handed_in_at IS NULL AND released_by IS NULL AND released_at IS NULL)",
            name="draft_changed_is_open",
        ),
        CheckConstraint("released_by <> handed_in_by", name="draft_has_two_people"),
        CheckConstraint(
            "state NOT IN ('scheduled', 'sent') OR NOT needs_release OR released_by IS NOT NULL",
            name="draft_large_is_released",
        ),
        CheckConstraint("(state = 'sent') = (notice_id IS NOT NULL)", name="draft_sent_has_notice"),
        CheckConstraint("cardinality(channels) > 0", name="draft_has_channel"),
        Index(
            "ix_notice_drafts_due",
            "send_at",
            postgresql_where=text("state = 'scheduled'"),
        ),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=_UID)
    """Of the form that made it: sent twice, it makes one draft."""
    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"), index=True)
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"), index=True)
    """Whose notice it is; none for the province's."""
    state: Mapped[DraftState] = mapped_column(default=DraftState.DRAFT)
    audience: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """How the audience is chosen, in codes."""
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    message: Mapped[str] = mapped_column(server_default="")
    """What is said beside the facts of the fair, for those who read Chinese."""
    message_en: Mapped[str] = mapped_column(server_default="")
    """… and for those who read English; empty for the same words."""
    send_at: Mapped[dt.datetime | None]
    """When it goes out; none for as soon as it may."""
    remind_after_days: Mapped[int | None]
    """So many days after it has gone out those are reminded who have not answered."""
    again: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """It is meant to go to an audience that was told before."""
    student_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger), deferred=True)
    """Who was in the audience when it was handed in; nobody is added after that."""
    head_count: Mapped[int | None]
    digest: Mapped[str | None]
    """SHA-256 of the texts in both languages, the ways, the time and the people."""
    needs_release: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    handed_in_at: Mapped[dt.datetime | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[dt.datetime | None]
    setback: Mapped[str | None]
    """Why it is a draft again: a code."""
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    fair: Mapped[Fair] = relationship()
    creator: Mapped[User] = relationship(foreign_keys=[created_by])
    hander: Mapped[User | None] = relationship(foreign_keys=[handed_in_by])
    releaser: Mapped[User | None] = relationship(foreign_keys=[released_by])
