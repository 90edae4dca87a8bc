"""Job fairs with their stands and the students who come."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model


class SignUpState(enum.StrEnum):
    """Whether a student comes to a fair."""

    COMING = "coming"
    WAITING = "waiting"
    """All places are taken; the first in the line gets the next that is free."""
    WITHDRAWN = "withdrawn"


class Fair(Model):
    """A job fair; with a class year it is for that register, without one for all."""

    __tablename__ = "fairs"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="fair_ends_after_start"),
        CheckConstraint("capacity > 0", name="fair_has_room"),
    )

    title: Mapped[str]
    on: Mapped[dt.date] = mapped_column(index=True)
    starts_at: Mapped[dt.time | None]
    ends_at: Mapped[dt.time | None]
    place: Mapped[str]
    class_year: Mapped[int | None]
    capacity: Mapped[int | None]
    """How many students have a place; none for as many as come."""
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    """The university that holds it; none for the province."""
    description: Mapped[str] = mapped_column(server_default="")
    cancelled_at: Mapped[dt.datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Stand(Model):
    """An employer's place at a fair."""

    __tablename__ = "stands"
    __table_args__ = (UniqueConstraint("fair_id", "number", name="uq_stands_number"),)

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id", ondelete="CASCADE"))
    number: Mapped[str]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    employer_name: Mapped[str]
    offers: Mapped[str] = mapped_column(server_default="")
    openings: Mapped[int | None]

    fair: Mapped[Fair] = relationship()


class SignUp(Model):
    """A student who said that they will come."""

    __tablename__ = "sign_ups"
    __table_args__ = (UniqueConstraint("fair_id", "student_id", name="uq_sign_ups"),)

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    state: Mapped[SignUpState] = mapped_column(default=SignUpState.COMING)
    signed_up_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    came_at: Mapped[dt.datetime | None]
    """When they were checked in at the door."""

    fair: Mapped[Fair] = relationship()
