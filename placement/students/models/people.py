"""Students, what they were on each day, their categories, standings and counselors."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import University, User
from placement.db import SQL_NOW, Model
from placement.history import Historic
from placement.keys import DataKey, keyring


class Category(enum.StrEnum):
    """Why a graduate is in the register; a student may be in several."""

    FAMILY_HARDSHIP = "family_hardship"
    ETHNIC_MINORITY = "ethnic_minority"
    RURAL_ORIGIN = "rural_origin"
    DISABILITY = "disability"
    EMPLOYMENT_DIFFICULTY = "employment_difficulty"


HEADLINE_CATEGORIES = tuple(c for c in Category if c is not Category.EMPLOYMENT_DIFFICULTY)


class Basis(enum.StrEnum):
    """What a membership rests on."""

    LIST = "list"
    APPLICATION = "application"
    DERIVED = "derived"
    FILE = "file"


class MembershipState(enum.StrEnum):
    """Whether the university has confirmed a membership."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class StandingKind(enum.StrEnum):
    """Where a student stands with the university; decides the denominator."""

    GRADUATED = "graduated"
    COMPLETED = "completed"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    DECEASED = "deceased"


class Student(Model):
    """A person of a class year at one university, with the values of today for pages.

    What a report groups by stands in `StudentVersion`; here it is repeated for lists and scope.
    """

    __tablename__ = "students"
    __table_args__ = (
        UniqueConstraint("university_id", "student_number", name="uq_students_number"),
        UniqueConstraint("id_type", "id_number_index", name="uq_students_id_number"),
        # Counts of a class are answered by the index alone, the policies and all.
        Index(
            "ix_students_class",
            "class_year",
            "university_id",
            "college",
            postgresql_include=["id", "voided_at"],
        ),
        Index(
            "ix_students_voided",
            "voided_at",
            postgresql_where=text("voided_at IS NOT NULL"),
        ),
        # The search box finds by the beginning of each of these four.
        Index("ix_students_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index(
            "ix_students_number",
            "student_number",
            postgresql_ops={"student_number": "text_pattern_ops"},
        ),
        Index(
            "ix_students_name_key",
            "name_key",
            postgresql_ops={"name_key": "text_pattern_ops"},
        ),
        Index(
            "ix_students_initials",
            "initials",
            postgresql_ops={"initials": "text_pattern_ops"},
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    class_year: Mapped[int]
    university_id: Mapped[int] = mapped_column(ForeignKey("universities.id"))
    student_number: Mapped[str]
    examinee_number: Mapped[str | None]
    name: Mapped[str]
    name_key: Mapped[str]
    """Pinyin in lower case without tones, for sorting and search."""
    initials: Mapped[str]
    """First letters of the pinyin, for search."""
    sex: Mapped[str | None]
    ethnic_group: Mapped[str | None]
    level: Mapped[str]
    college: Mapped[str | None]
    class_name: Mapped[str | None]
    major_code: Mapped[str | None]
    major: Mapped[str | None]
    origin_division: Mapped[str | None]
    origin: Mapped[str | None]
    """`rural` or `urban`."""
    standing: Mapped[StandingKind] = mapped_column(default=StandingKind.GRADUATED)
    id_type: Mapped[str]
    data_key: Mapped[bytes | None]
    """The person's key under the master key; without it the person is erased."""
    id_number_sealed: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None]
    id_tail_index: Mapped[bytes | None] = mapped_column(index=True)
    """Blind index of the last four characters, used only within a scope."""
    mobile_sealed: Mapped[bytes | None]
    mobile_index: Mapped[bytes | None] = mapped_column(index=True)
    email_sealed: Mapped[bytes | None]
    email_index: Mapped[bytes | None] = mapped_column(index=True)
    mobile_confirmed_at: Mapped[dt.datetime | None]
    email_confirmed_at: Mapped[dt.datetime | None]
    locale: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    voided_at: Mapped[dt.datetime | None]
    import_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))

    university: Mapped[University] = relationship()

    def key(self) -> DataKey | None:
        """The person's data key; none for an erased person."""
        return None if self.data_key is None else keyring().data_key(self.uid, self.data_key)

    def _open(self, column: str) -> str | None:
        sealed: bytes | None = getattr(self, f"{column}_sealed")
        key = self.key()
        if sealed is None or key is None:
            return None
        return key.open(sealed, f"students.{column}", self.uid)

    @property
    def id_number(self) -> str | None:
        """The ID number in clear; show it masked unless the viewer asked for this one person."""
        return self._open("id_number")

    @property
    def mobile(self) -> str | None:
        """The mobile number in clear."""
        return self._open("mobile")

    @property
    def email(self) -> str | None:
        """The e-mail address in clear."""
        return self._open("email")


class StudentVersion(Historic, Model):
    """What a student was from a day on: all that a report groups by or that decides scope."""

    __tablename__ = "student_versions"
    __table_args__ = (
        Index("ix_student_versions_student", "student_id", "effective_on", "recorded_at"),
        Index("ix_student_versions_class", "class_year"),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    effective_on: Mapped[dt.date]
    class_year: Mapped[int]
    university_id: Mapped[int] = mapped_column(ForeignKey("universities.id"))
    college: Mapped[str | None]
    class_name: Mapped[str | None]
    major_code: Mapped[str | None]
    level: Mapped[str]
    sex: Mapped[str | None]
    ethnic_group: Mapped[str | None]
    origin: Mapped[str | None]
    origin_division: Mapped[str | None]


class Membership(Historic, Model):
    """A student in a category, from a day on and on what basis.

    `holds_to` is the first day on which it no longer holds; to end a membership is to void the
    row and add one with the end in it, so that what was known before stays known.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("holds_to IS NULL OR holds_to > holds_from", name="membership_period"),
        Index("ix_memberships_student", "student_id", "category"),
        Index(
            "ix_memberships_in_force",
            "student_id",
            postgresql_include=["holds_from", "holds_to"],
            postgresql_where=text("state = 'confirmed' AND voided_at IS NULL"),
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    category: Mapped[Category]
    hardship_class: Mapped[str | None]
    """The class within family hardship or disability, such as `low_income`."""
    basis: Mapped[Basis]
    source: Mapped[str]
    """The column or the kind of list that it was taken from."""
    evidence_sealed: Mapped[bytes | None]
    """Card number and level as the agency gave them."""
    state: Mapped[MembershipState] = mapped_column(default=MembershipState.CONFIRMED)
    holds_from: Mapped[dt.date]
    holds_to: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    """Until when the evidence is good, if the agency says so."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Standing(Historic, Model):
    """The standing of a student from a day on."""

    __tablename__ = "standings"
    __table_args__ = (Index("ix_standings_student", "student_id", "holds_from", "recorded_at"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    standing: Mapped[StandingKind]
    holds_from: Mapped[dt.date]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Assignment(Model):
    """The counselor responsible for a student from a day until, not including, another.

    Without a counselor the university itself is responsible and is to name one: the database
    puts everybody there whose case opens while nobody else is responsible.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("holds_to IS NULL OR holds_to >= holds_from", name="assignment_period"),
        Index("ix_assignments_counselor", "counselor_id", "holds_from"),
        Index("ix_assignments_student", "student_id", "holds_from"),
        Index(
            "uq_assignments_open",
            "student_id",
            unique=True,
            postgresql_where=text("holds_to IS NULL"),
        ),
        Index(
            "ix_assignments_to_be_named",
            "student_id",
            postgresql_where=text("holds_to IS NULL AND counselor_id IS NULL"),
        ),
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"))
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    holds_from: Mapped[dt.date]
    holds_to: Mapped[dt.date | None]
    recorded_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    import_id: Mapped[int | None] = mapped_column(index=True)
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reassignment_id: Mapped[int | None] = mapped_column(ForeignKey("reassignments.id"), index=True)
    """The act on many that made it, if one did."""
    by_default: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether nobody was named, so that the default of the university or the college took it."""

    counselor: Mapped[User | None] = relationship(foreign_keys=[counselor_id])
