"""Paired help (结对帮扶): who stands by one student, the link they have, what they wrote."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.cases.models import Case
from placement.db import SQL_NOW, Model
from placement.students.models import Student

_UID = text("gen_random_uuid()")


class HelperKind(enum.StrEnum):
    """Who may be paired with a student."""

    TEACHER = "teacher"
    LEADER = "leader"
    ALUMNUS = "alumnus"
    INSTITUTION = "institution"


class Pairing(Model):
    """One helper of one student, from a day until, including, another.

    The helper has no account: name, address and number are encrypted under the student's key, and
    a keyed hash of them tells that several students have the same one (`links.helper_key`). An
    objection of the student stops the helper's link for them until a counselor has settled it.
    """

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="pairing_period"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="pairing_end_reason"),
        CheckConstraint(
            "objection_settled_at IS NULL OR objected_at IS NOT NULL", name="pairing_objection"
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    kind: Mapped[HelperKind]
    helper_sealed: Mapped[bytes]
    helper_key: Mapped[bytes] = mapped_column(index=True)
    by_link: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Whether a link of this helper opens it; withdrawn for this student alone by False."""
    organisation: Mapped[str] = mapped_column(server_default="")
    """Where the helper works or which institution helps."""
    email_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    plan: Mapped[str]
    """What the helper does; the helper and the student read it, so it names no category."""
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The act on many that made it, if one did."""
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str | None]
    objection_sealed: Mapped[bytes | None]
    objected_at: Mapped[dt.datetime | None]
    objection_answer_sealed: Mapped[bytes | None]
    """What was agreed about it, which the student reads."""
    objection_settled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    objection_settled_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    case: Mapped[Case] = relationship()
    student: Mapped[Student] = relationship()

    def _open(self, column: str) -> str:
        sealed: bytes | None = getattr(self, f"{column}_sealed")
        key = self.student.key()
        if sealed is None or key is None:
            return ""
        return key.open(sealed, f"pairings.{column}", self.uid)

    @property
    def helper(self) -> str:
        """The helper's name; empty once the student is erased."""
        return self._open("helper")

    @property
    def email(self) -> str:
        """Where the helper gets mail; empty where unknown."""
        return self._open("email")

    @property
    def phone(self) -> str:
        """The helper's number; empty where unknown."""
        return self._open("phone")

    @property
    def objection(self) -> str:
        """What the student has against it, in clear."""
        return self._open("objection")

    @property
    def objection_answer(self) -> str:
        """What was agreed about the objection, in clear."""
        return self._open("objection_answer")

    @property
    def objected(self) -> bool:
        """Whether an objection waits to be settled."""
        return self.objected_at is not None and self.objection_settled_at is None


class PairingLink(Model):
    """A signed link by which a helper writes without an account; the row has the token's hash.

    It opens all students whom this helper stands by now (`helper_key`). One that was shown to a
    member of staff (`shown_to`) instead of mailed to the helper opens no more of them than that
    member of staff may see. `uses` are those of the minute that began at `minute`.
    """

    __tablename__ = "pairing_links"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="pairing_link_expires_later"),
        Index(
            "uq_pairing_links_living",
            "helper_key",
            "shown_to",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    helper_key: Mapped[bytes]
    shown_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    expires_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    opened: Mapped[int] = mapped_column(server_default=text("0"))
    last_opened_at: Mapped[dt.datetime | None]
    minute: Mapped[dt.datetime | None]
    uses: Mapped[int] = mapped_column(server_default=text("0"))

    viewer: Mapped[User | None] = relationship(foreign_keys=[shown_to])
    """To whom it was shown."""


class PairingWord(Model):
    """What a helper did, in their own words: monthly, by the link or told to the counselor."""

    __tablename__ = "pairing_words"
    __table_args__ = (
        CheckConstraint("(link_id IS NULL) <> (noted_by IS NULL)", name="pairing_word_has_writer"),
        Index("ix_pairing_words_pairing", "pairing_id", "helped_on"),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, server_default=_UID)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    helped_on: Mapped[dt.date]
    """The day of the help, or the last of those that the word tells of."""
    text_sealed: Mapped[bytes]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_links.id"))
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    voided_at: Mapped[dt.datetime | None]
    submission_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    pairing: Mapped[Pairing] = relationship()
    noter: Mapped[User | None] = relationship()
