"""What came of a fair for one student at one stand."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.fairs.models.fairs import Fair
from placement.fairs.models.stands import Stand


class ResultKind(enum.StrEnum):
    """What came of a talk at a stand, from the least to the most."""

    NO_INTEREST = "no_interest"
    INTERVIEW = "interview"
    """A talk that goes on on another day."""
    OFFER = "offer"
    INTENT = "intent"
    """Both sides mean to sign (签约意向)."""


class FairResult(Model):
    """What came of a fair for a student, noted by staff or by the student; undone by voiding."""

    __tablename__ = "fair_results"
    __table_args__ = (
        CheckConstraint("next_on IS NULL OR kind <> 'no_interest'", name="fair_result_goes_on"),
        Index("ix_fair_results_student", "student_id", "noted_at"),
        Index(
            "uq_fair_results",
            "fair_id",
            "student_id",
            "stand_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"), index=True)
    """The stand; none for the fair as a whole."""
    kind: Mapped[ResultKind]
    next_on: Mapped[dt.date | None]
    """When it goes on, such as the day of the interview."""
    note_sealed: Mapped[bytes | None]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_student: Mapped[bool] = mapped_column(server_default=text("false"))
    noted_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    voided_at: Mapped[dt.datetime | None]

    fair: Mapped[Fair] = relationship()
    stand: Mapped[Stand | None] = relationship()
    noter: Mapped[User | None] = relationship()
