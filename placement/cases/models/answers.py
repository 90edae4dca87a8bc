"""What others say about a plan: the student to an action, an approver to the whole."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.cases.models.case import Action, Case
from placement.db import SQL_NOW, Model


class AnswerKind(enum.StrEnum):
    """What the student says to an action of the plan."""

    ACCEPTED = "accepted"
    QUESTIONED = "questioned"


class ActionAnswer(Model):
    """The student's word to an action; a later one to the same action takes its place.

    A question waits for the counselor's reply. Both texts are encrypted under the student's key.
    """

    __tablename__ = "action_answers"
    __table_args__ = (
        CheckConstraint("(replied_at IS NULL) = (reply_sealed IS NULL)", name="answer_replied"),
        CheckConstraint("kind = 'accepted' OR note_sealed IS NOT NULL", name="question_has_words"),
        Index(
            "uq_action_answers_standing",
            "action_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"))
    kind: Mapped[AnswerKind]
    note_sealed: Mapped[bytes | None]
    answered_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    reply_sealed: Mapped[bytes | None]
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replied_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]

    action: Mapped[Action] = relationship()
    replier: Mapped[User | None] = relationship(foreign_keys=[replied_by])


class ApprovalState(enum.StrEnum):
    """What became of a plan that was put before somebody else."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class PlanApproval(Model):
    """A plan is ready and somebody else approves it, where the university wants that.

    A change of an approved plan asks again by a new row; `version` grows with every change while
    one is asked for, so that nobody approves what they have not seen.
    """

    __tablename__ = "plan_approvals"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="approval_has_moment"),
        CheckConstraint(
            "state NOT IN ('approved', 'returned') OR decided_by IS DISTINCT FROM asked_by",
            name="approval_by_another",
        ),
        CheckConstraint("state <> 'returned' OR answer IS NOT NULL", name="return_has_words"),
        Index(
            "uq_plan_approvals_asked",
            "case_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_plan_approvals_case", "case_id", "id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    state: Mapped[ApprovalState] = mapped_column(default=ApprovalState.ASKED)
    again: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether a change of an approved plan asked, rather than a person."""
    note: Mapped[str] = mapped_column(server_default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None]
    answer: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    case: Mapped[Case] = relationship()
    asker: Mapped[User] = relationship(foreign_keys=[asked_by])
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])
