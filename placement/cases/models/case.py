"""One student one plan (一生一策): the case and all that is in it."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.students.models import Student
from placement.vocabulary.models import Term

_UID = text("gen_random_uuid()")


class FollowUpMethod(enum.StrEnum):
    """How a contact was made."""

    CALL = "call"
    VISIT = "visit"
    OFFICE = "office"
    MESSAGE = "message"
    GROUP = "group"


class FollowUpResult(enum.StrEnum):
    """What came of a contact."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    CALL_BACK = "call_back"
    REFUSED = "refused"


class BarrierKind(enum.StrEnum):
    """What stands in the way of work."""

    SKILLS = "skills"
    EXPECTATIONS = "expectations"
    INFORMATION = "information"
    HEALTH = "health"
    FAMILY = "family"
    MONEY = "money"
    CONFIDENCE = "confidence"
    QUALIFICATION = "qualification"
    PLACE = "place"
    OTHER = "other"


class BarrierState(enum.StrEnum):
    """Whether a barrier still stands."""

    OPEN = "open"
    EASED = "eased"
    OVERCOME = "overcome"


class GoalState(enum.StrEnum):
    """Whether a goal is still aimed at."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class ActionState(enum.StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class ActionKind(enum.StrEnum):
    """What kind of help an action is; the service standard counts them."""

    POLICY_BRIEFING = "policy_briefing"
    GUIDANCE = "guidance"
    JOB_REFERRAL = "job_referral"
    TRAINING = "training"
    INTERNSHIP = "internship"
    SUBSIDY = "subsidy"
    OTHER = "other"


class CloseReason(enum.StrEnum):
    """Why a case was closed."""

    PLACED = "placed"
    DECLINED_HELP = "declined_help"
    LEFT_REGISTER = "left_register"
    NOT_SEEKING = "not_seeking"
    HANDED_OVER = "handed_over"
    DECEASED = "deceased"


class ClosingState(enum.StrEnum):
    """What became of the wish to close a case."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Case(Model):
    """The one-student-one-plan record; one for each student of the register."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(
            "(closed_on IS NULL) = (close_reason IS NULL)",
            name="case_closed_with_reason",
        ),
        Index(
            "ix_cases_open_by_next_contact",
            "next_contact_on",
            "id",
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), unique=True)
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]
    close_reason: Mapped[CloseReason | None]
    next_step: Mapped[str | None]
    """What happens next, in words that the student may read."""
    next_contact_on: Mapped[dt.date | None]
    last_contact_on: Mapped[dt.date | None]
    later_until: Mapped[dt.date | None]
    """Until when the case was put aside on the list of today."""
    later_since: Mapped[dt.datetime | None]
    """When that was done: what happens afterwards brings the case back."""
    help_asked_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    voided_at: Mapped[dt.datetime | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    student: Mapped[Student] = relationship()


class Expectation(Model):
    """What the student hopes for, from a day on; adjusting it is a new row, so that it shows."""

    __tablename__ = "expectations"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    places: Mapped[str] = mapped_column(server_default="")
    salary_min: Mapped[int | None]
    """Yuan a month."""
    occupation: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class Barrier(Model):
    """What stands in the way."""

    __tablename__ = "barriers"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    kind: Mapped[BarrierKind]
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    note_sealed: Mapped[bytes | None]
    state: Mapped[BarrierState] = mapped_column(default=BarrierState.OPEN)
    noted_on: Mapped[dt.date]
    settled_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    term: Mapped[Term | None] = relationship(lazy="joined")


class Goal(Model):
    """What is aimed at; it may answer a barrier."""

    __tablename__ = "goals"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    barrier_id: Mapped[int | None] = mapped_column(ForeignKey("barriers.id"))
    title: Mapped[str]
    target_on: Mapped[dt.date | None]
    state: Mapped[GoalState] = mapped_column(default=GoalState.OPEN)
    set_on: Mapped[dt.date]
    settled_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Action(Model):
    """What is done about it, by whom and by when; planned, under way, done or dropped."""

    __tablename__ = "actions"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="action_done_has_day"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goals.id"))
    kind: Mapped[ActionKind]
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    title: Mapped[str]
    by_student: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the student does it, rather than the counselor."""
    due_on: Mapped[dt.date | None]
    state: Mapped[ActionState] = mapped_column(default=ActionState.PLANNED)
    done_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    term: Mapped[Term | None] = relationship(lazy="joined")


class FollowUp(Model):
    """One contact with the student, as it happened."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        CheckConstraint(
            "duration_minutes IS NULL OR duration_minutes > 0", name="follow_up_duration"
        ),
        Index("ix_follow_ups_student", "student_id", "contacted_on"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    contacted_on: Mapped[dt.date]
    method: Mapped[FollowUpMethod]
    result: Mapped[FollowUpResult]
    duration_minutes: Mapped[int | None]
    summary_sealed: Mapped[bytes | None]
    next_contact_on: Mapped[dt.date | None]
    was_due_on: Mapped[dt.date | None]
    """When a contact was due before this one; it is due then again when this is taken back."""
    recorded_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    voided_at: Mapped[dt.datetime | None]
    submission_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    """The form that was sent; sent twice, it is recorded once."""
    group_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The group talk that this was noted with."""

    counselor: Mapped[User | None] = relationship()


class Closing(Model):
    """Somebody asks to close a case; somebody else approves, and only then is it closed."""

    __tablename__ = "closings"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="closing_has_moment"),
        CheckConstraint(
            "state <> 'approved' OR decided_by IS DISTINCT FROM asked_by",
            name="closing_by_another",
        ),
        Index(
            "uq_closings_asked", "case_id", unique=True, postgresql_where=text("state = 'asked'")
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    reason: Mapped[CloseReason]
    closed_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(server_default="")
    state: Mapped[ClosingState] = mapped_column(default=ClosingState.ASKED)
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    answer: Mapped[str | None]

    case: Mapped[Case] = relationship()
    asker: Mapped[User] = relationship(foreign_keys=[asked_by])


class Consent(Model):
    """The student agrees that the file goes to somebody; it can be taken back at any time."""

    __tablename__ = "consents"

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    recipient: Mapped[str]
    """Who may get the hand-over packet, such as the employment service of the home county."""
    given_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    given_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[dt.datetime | None]
