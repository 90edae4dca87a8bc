"""Employers, postings, wishes, recommendations and what became of them."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.students.models import Student


class PostingState(enum.StrEnum):
    """Whether a posting takes people."""

    OPEN = "open"
    CLOSED = "closed"


class RunState(enum.StrEnum):
    """How far a run of the recommendations is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ResponseKind(enum.StrEnum):
    """What a student answered to a posting."""

    APPLIED = "applied"
    DECLINED = "declined"


class DeclineReason(enum.StrEnum):
    """Why a posting is not for this student."""

    TOO_FAR = "too_far"
    SALARY = "salary"
    NOT_MY_FIELD = "not_my_field"
    EMPLOYER = "employer"
    CONDITIONS = "conditions"
    OTHER = "other"


class ReferralState(enum.StrEnum):
    """What became of a referral."""

    OPEN = "open"
    APPLIED = "applied"
    HIRED = "hired"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Employer(Model):
    """Somebody who takes people."""

    __tablename__ = "employers"
    __table_args__ = (
        Index(
            "uq_employers_code",
            "code",
            unique=True,
            postgresql_where=text("code IS NOT NULL"),
        ),
        Index("ix_employers_name", "name"),
    )

    name: Mapped[str]
    code: Mapped[str | None]
    """Unified social credit code, GB 32100."""
    verified_at: Mapped[dt.datetime | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class Posting(Model):
    """A job of an employer and how many people it takes."""

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("openings > 0", name="posting_has_openings"),
        CheckConstraint(
            "salary_min IS NULL OR salary_max IS NULL OR salary_min <= salary_max",
            name="posting_salary_range",
        ),
        UniqueConstraint("employer_id", "number", name="uq_postings_number"),
        Index("ix_postings_open", "state", "deadline", postgresql_include=["city"]),
        Index(
            "ix_postings_newest",
            text("published_at DESC NULLS LAST"),
            text("id DESC"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    number: Mapped[str]
    """The posting's own number from its file, or one that was made for it."""
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    title: Mapped[str]
    occupation_code: Mapped[str | None]
    city: Mapped[str | None]
    """GB/T 2260 code of the place of work."""
    industry: Mapped[str | None]
    salary_min: Mapped[int | None]
    """Yuan a month, as the maximum is."""
    salary_max: Mapped[int | None]
    openings: Mapped[int]
    level: Mapped[str | None]
    """The lowest level of education that is taken."""
    majors: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    majors_strict: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether nobody of another major is taken."""
    deadline: Mapped[dt.date | None]
    """The last day on which the posting takes people."""
    description: Mapped[str] = mapped_column(server_default="")
    reserved_for: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    accommodations: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[PostingState] = mapped_column(default=PostingState.OPEN)
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    """The university that brought it; none for the whole province."""
    published_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    employer: Mapped[Employer] = relationship()


class PostingChange(Model):
    """That postings or employers changed: one row a statement, written by a trigger.

    Who keeps postings laid out for ranking sees by count and last number whether they are still
    the same; rows are only added, so that no writer waits for another.
    """

    __tablename__ = "posting_changes"

    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)


class Wish(Model):
    """What a student wants of a job."""

    __tablename__ = "wishes"

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), unique=True)
    places: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    anywhere: Mapped[bool] = mapped_column(server_default=text("false"))
    salary: Mapped[int | None]
    """Yuan a month."""
    occupations: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    industries: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    distance_km: Mapped[int | None]
    """How far from home, in kilometres."""
    skills: Mapped[str] = mapped_column(server_default="")
    needs: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Accommodations without which the work is not possible."""
    updated_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class RecommendationRun(Model):
    """One computing of the recommendations of a class year; readers see the current one only."""

    __tablename__ = "recommendation_runs"
    __table_args__ = (
        Index(
            "uq_recommendation_runs_current",
            "class_year",
            unique=True,
            postgresql_where=text("is_current"),
        ),
    )

    class_year: Mapped[int]
    as_of: Mapped[dt.date]
    state: Mapped[RunState] = mapped_column(default=RunState.RUNNING)
    is_current: Mapped[bool] = mapped_column(server_default=text("false"))
    weights_version: Mapped[str]
    started_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    finished_at: Mapped[dt.datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class Recommendation(Model):
    """A posting that the engine proposes to a student, with its reasons."""

    __tablename__ = "recommendations"
    __table_args__ = (
        UniqueConstraint("run_id", "student_id", "posting_id", name="uq_recommendations"),
        Index("ix_recommendations_student", "student_id", "run_id", "rank"),
        Index("ix_recommendations_posting", "posting_id"),
        # The score that a new posting must beat to enter a full list.
        Index(
            "ix_recommendations_last",
            "run_id",
            "student_id",
            postgresql_include=["score"],
            postgresql_where=text("rank = 10"),
        ),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("recommendation_runs.id", ondelete="CASCADE"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"))
    rank: Mapped[int]
    score: Mapped[float]
    """A share from 0 to 1; scores of two students are not comparable."""
    reasons: Mapped[list[Any]]
    caution: Mapped[dict[str, Any] | None]
    missing: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """Why there are fewer than three reasons, as statements; empty where there are three."""
    parts: Mapped[dict[str, Any]]

    posting: Mapped[Posting] = relationship()


class PostingResponse(Model):
    """A student's answer to a posting; taking it back removes its effect, not the row."""

    __tablename__ = "posting_responses"
    __table_args__ = (
        Index(
            "uq_posting_responses",
            "student_id",
            "posting_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint(
            "(kind = 'declined') = (reason IS NOT NULL)",
            name="response_declined_has_reason",
        ),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), index=True)
    kind: Mapped[ResponseKind]
    reason: Mapped[DeclineReason | None]
    answered_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    withdrawn_at: Mapped[dt.datetime | None]

    posting: Mapped[Posting] = relationship()


class Referral(Model):
    """A posting that a counselor puts forward for a student."""

    __tablename__ = "referrals"
    __table_args__ = (UniqueConstraint("student_id", "posting_id", name="uq_referrals"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("postings.id"), index=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(server_default="")
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.OPEN)
    referred_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    answered_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    posting: Mapped[Posting] = relationship()
    student: Mapped[Student] = relationship()
    counselor: Mapped[User] = relationship()
