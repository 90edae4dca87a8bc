"""Universities, users, their sessions and the ways in."""

import datetime as dt
import enum
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.db import SQL_NOW, Model
from placement.keys import DataKey, keyring

EMAIL_PLACE = "users.email"
EMAIL_INDEX_PLACE = "students.email"
"""One index for addresses, whoever's they are: what is given up or signs in is known by it."""


class Role(enum.StrEnum):
    """What a user is to the system."""

    STUDENT = "student"
    COUNSELOR = "counselor"
    UNIVERSITY = "university"
    PROVINCE = "province"


class University(Model):
    """One of the province's universities and colleges."""

    __tablename__ = "universities"

    code: Mapped[str] = mapped_column(unique=True)
    """The national five-digit code of the institution (YXDM)."""
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(server_default="")
    """Pinyin, by which lists are sorted."""
    city: Mapped[str] = mapped_column(server_default="")
    """GB/T 2260 code of the prefecture-level city."""
    kind: Mapped[str] = mapped_column(server_default="")
    """Undergraduate university 本科 or vocational college 高职."""
    approves_plans: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether a plan counts as ready only after somebody else has approved it."""
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", use_alter=True))


class User(Model):
    """Somebody who signs in."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_username", func.lower(text("username")), unique=True),
        CheckConstraint(
            "(role = 'student') = (student_id IS NOT NULL)",
            name="user_student_has_student",
        ),
        CheckConstraint(
            "role = 'province' OR university_id IS NOT NULL", name="user_has_university"
        ),
    )

    uid: Mapped[uuid.UUID] = mapped_column(
        unique=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )
    username: Mapped[str]
    """A student's is `university code/student number`."""
    display_name: Mapped[str]
    role: Mapped[Role]
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"), index=True)
    colleges: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Colleges that narrow a university account; empty: the whole university."""
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), unique=True)
    mobile_index: Mapped[bytes | None] = mapped_column(unique=True)
    """Blind index of a confirmed mobile number, to sign in with; so is the next of an address."""
    email_index: Mapped[bytes | None] = mapped_column(unique=True)
    email_sealed: Mapped[bytes | None]
    """The mail address of a member of staff, under their key: confirmed once `email_index` is set.
    A student's is in their file."""
    data_key: Mapped[bytes | None]
    """The key of a member of staff under the master key, made with the first address."""
    staff_number: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None]
    """The office number that a counselor's students see; not a private one."""
    password_hash: Mapped[str | None]
    """Argon2id; none until the person has set a password."""
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    locale: Mapped[str | None]
    digest_hour: Mapped[int | None] = mapped_column(SmallInteger)
    """At which hour of a working day a counselor is told by mail how many stand on their list."""
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    disabled_at: Mapped[dt.datetime | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", use_alter=True))
    version: Mapped[int] = mapped_column(server_default=text("1"))

    university: Mapped[University | None] = relationship()

    def key(self) -> DataKey | None:
        """The data key of a member of staff; none for whoever never had an address."""
        return None if self.data_key is None else keyring().data_key(self.uid, self.data_key)

    @property
    def email(self) -> str | None:
        """The mail address of a member of staff in clear, confirmed or not."""
        key = self.key()
        if self.email_sealed is None or key is None:
            return None
        return key.open(self.email_sealed, EMAIL_PLACE, self.uid)

    @property
    def has_confirmed_email(self) -> bool:
        """Whether mail other than codes may go to the address of this member of staff."""
        return self.email_sealed is not None and self.email_index is not None


class SignIn(Model):
    """A session kept on the server; the browser has a random token, the row its hash."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    last_seen_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class SignInAttempt(Model):
    """One failed try to sign in, by blind indexes of the account and of the address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account", "at"),
        Index("ix_sign_in_attempts_address", "address", "at"),
    )

    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    account: Mapped[bytes]
    address: Mapped[bytes]


class ActivationCode(Model):
    """A code that lets its person set the first password, or a new one: once, for 14 days."""

    __tablename__ = "activation_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    email_index: Mapped[bytes | None]
    """Set when the code went out by mail: using it confirms the address."""


class AddressCode(Model):
    """A code mailed to a new address of a member of staff; it works once, signed in, for a day."""

    __tablename__ = "address_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(unique=True)
    email_sealed: Mapped[bytes]
    """The address that it confirms, sealed as that of the user."""
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
