"""How responsibility moves: hand-overs that are accepted, leave cover, reassignment of many."""

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model
from placement.students.models.people import Student


class HandOverState(enum.StrEnum):
    """What became of an offer to take a student over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class HandOver(Model):
    """A counselor offers a student to a colleague; responsibility moves when it is accepted."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="hand_over_to_another"),
        CheckConstraint(
            "(state = 'offered') = (answered_at IS NULL)", name="hand_over_answer_has_moment"
        ),
        CheckConstraint(
            "state <> 'refused' OR answer IS NOT NULL", name="hand_over_refusal_has_reason"
        ),
        Index(
            "uq_hand_overs_offered",
            "student_id",
            unique=True,
            postgresql_where=text("state = 'offered'"),
        ),
        Index("ix_hand_overs_to", "to_id", postgresql_where=text("state = 'offered'")),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    """What the receiver should know before answering; no category in it."""
    state: Mapped[HandOverState] = mapped_column(default=HandOverState.OFFERED)
    offered_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[str | None]

    student: Mapped[Student] = relationship()
    sender: Mapped[User] = relationship(foreign_keys=[from_id])
    receiver: Mapped[User] = relationship(foreign_keys=[to_id])


class LeaveCover(Model):
    """Who looks after a counselor's students while the counselor is away.

    Responsibility stays; on the days of the cover both see the students.
    """

    __tablename__ = "leave_covers"
    __table_args__ = (
        CheckConstraint("absent_id <> cover_id", name="leave_cover_by_another"),
        CheckConstraint("last_on >= first_on", name="leave_cover_period"),
        Index("ix_leave_covers_cover", "cover_id", "last_on"),
        Index("ix_leave_covers_absent", "absent_id", "last_on"),
    )

    absent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    cover_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_on: Mapped[dt.date]
    last_on: Mapped[dt.date]
    """The last day of the cover; both days are inclusive."""
    set_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    ended_at: Mapped[dt.datetime | None]
    """When the cover was called off, at once."""

    absent: Mapped[User] = relationship(foreign_keys=[absent_id])
    cover: Mapped[User] = relationship(foreign_keys=[cover_id])


class Reassignment(Model):
    """Many students given to other counselors in one act, which can be taken back as one."""

    __tablename__ = "reassignments"

    university_id: Mapped[int] = mapped_column(ForeignKey("universities.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Whose they were; none for those whom the university was still to assign."""
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    reason: Mapped[str]
    people: Mapped[int]
    undone_at: Mapped[dt.datetime | None]

    maker: Mapped[User] = relationship(foreign_keys=[made_by])
    sender: Mapped[User | None] = relationship(foreign_keys=[from_id])


class DefaultCounselor(Model):
    """Who takes the students of a university or a college for whom nobody is named.

    The database gives a case that opens without anybody to them; what holds has no `ended_at`,
    and without a counselor it says that there is none again.
    """

    __tablename__ = "default_counselors"
    __table_args__ = (
        Index(
            "uq_default_counselors_open",
            "university_id",
            "college",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    university_id: Mapped[int] = mapped_column(ForeignKey("universities.id"))
    college: Mapped[str] = mapped_column(server_default="")
    """Empty for the whole university; a college's own goes before."""
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    set_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    set_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    ended_at: Mapped[dt.datetime | None]

    counselor: Mapped[User | None] = relationship(foreign_keys=[counselor_id])
