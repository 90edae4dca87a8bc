"""The students who say that they come."""

import datetime as dt
import enum
import secrets
import uuid

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model
from placement.fairs.models.fairs import Fair
from placement.students.models import Student

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that nobody takes for each other on a screen or by ear."""
CODE_LENGTH = 6


class SignUpState(enum.StrEnum):
    """Whether a student comes to a fair."""

    COMING = "coming"
    WAITING = "waiting"
    """All places are taken; the first in the line gets the next that is free."""
    WITHDRAWN = "withdrawn"


def new_code() -> str:
    """A code that a student shows at the door where the picture cannot be read."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class SignUp(Model):
    """A student who said that they will come."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        UniqueConstraint("fair_id", "student_id", name="uq_sign_ups"),
        UniqueConstraint("fair_id", "code", name="uq_sign_ups_code"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    """Its name on tickets and in calendars; says nothing of the person."""
    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    code: Mapped[str] = mapped_column(default=new_code)
    """Six letters, of this fair alone, for a ticket whose picture cannot be read."""
    state: Mapped[SignUpState] = mapped_column(default=SignUpState.COMING)
    signed_up_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    came_at: Mapped[dt.datetime | None]
    """When they were checked in at the door."""
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """Counts the answers; calendars know by it which entry is newer."""

    fair: Mapped[Fair] = relationship()
    student: Mapped[Student] = relationship()
