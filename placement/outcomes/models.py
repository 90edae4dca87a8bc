"""Where each student went: outcomes, their verification, disputes and evidence."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.files import StoredFile
from placement.history import Historic
from placement.students.models import Student

_UID = text("gen_random_uuid()")


class Decision(enum.StrEnum):
    """What the university found about an outcome."""

    VERIFIED = "verified"
    REJECTED = "rejected"


class Reporter(enum.StrEnum):
    """Who said where the student is."""

    STUDENT = "student"
    COUNSELOR = "counselor"
    FILE = "file"


class Outcome(Historic, Model):
    """Where a student is from a day on, by national destination code.

    Code and day never change: another code or day is another outcome. Details such as the
    employer may be corrected. The last outcome that holds on a day decides; of two from the
    same day, the one recorded later.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        Index("ix_outcomes_student", "student_id", "effective_on", "recorded_at"),
        # Those without a decision are found by two indexes side by side.
        Index(
            "ix_outcomes_in_force",
            "id",
            postgresql_include=["student_id", "code"],
            postgresql_where=text("voided_at IS NULL"),
        ),
        CheckConstraint("monthly_pay > 0", name="outcome_pay"),
        CheckConstraint(
            "endorsed_by IS NULL OR endorsed_by IS DISTINCT FROM reporter_id",
            name="outcome_checked_by_another",
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    code: Mapped[str]
    effective_on: Mapped[dt.date]
    employer: Mapped[str | None]
    employer_code: Mapped[str | None]
    industry: Mapped[str | None]
    employer_nature: Mapped[str | None]
    employer_division: Mapped[str | None]
    position: Mapped[str | None]
    monthly_pay: Mapped[int | None]
    """Yuan a month, where the rule of the code asks for it."""
    reported_by: Mapped[Reporter] = mapped_column(default=Reporter.FILE)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    void_reason: Mapped[str | None]
    endorsed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who checked it for the college, where the rule of the code asks for two."""
    endorsed_at: Mapped[dt.datetime | None]
    student_confirmed_at: Mapped[dt.datetime | None]
    """When the student said that it is right."""
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    submission_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    student: Mapped[Student] = relationship()
    reporter: Mapped[User | None] = relationship(foreign_keys=[reporter_id])
    endorser: Mapped[User | None] = relationship(foreign_keys=[endorsed_by])


class Verification(Historic, Model):
    """The university's decision about an outcome, by somebody who did not report it."""

    __tablename__ = "verifications"
    __table_args__ = (
        CheckConstraint(
            "decision <> 'rejected' OR reason IS NOT NULL", name="rejection_has_reason"
        ),
        Index(
            "ix_verifications_outcome_id",
            "outcome_id",
            postgresql_include=["student_id", "voided_at", "decision"],
        ),
    )

    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcomes.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    decision: Mapped[Decision]
    reason: Mapped[str | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Dispute(Historic, Model):
    """The student says that an outcome is wrong; it stops counting until the dispute ends.

    `voided_at` is the end of the dispute: what was in dispute at a moment before stays so.
    """

    __tablename__ = "disputes"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcomes.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    reason_sealed: Mapped[bytes | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settlement: Mapped[str | None]


class Evidence(Model):
    """A paper that supports an outcome."""

    __tablename__ = "evidence"

    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcomes.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    kind: Mapped[str]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    removed_at: Mapped[dt.datetime | None]

    file: Mapped[StoredFile] = relationship()


class MinimumWage(Model):
    """The minimum wage of a place from a day on, as the province entered it."""

    __tablename__ = "minimum_wages"
    __table_args__ = (
        CheckConstraint("monthly > 0", name="minimum_wage_amount"),
        Index("uq_minimum_wages", "division", "holds_from", unique=True),
    )

    division: Mapped[str]
    """The beginning of a GB/T 2260 code: two digits for a province, four for a city, six."""
    monthly: Mapped[int]
    """Yuan a month, full-time."""
    holds_from: Mapped[dt.date]
    source: Mapped[str]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
