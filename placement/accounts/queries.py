"""Reads of accounts: who somebody is, whom a university has."""

import datetime as dt
import re
import unicodedata
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, text

from placement.accounts.models import (
    EMAIL_INDEX_PLACE,
    ActivationCode,
    AddressCode,
    Role,
    University,
    User,
)
from placement.accounts.viewer import Viewer
from placement.db import SQL_NOW, db, open_as
from placement.errors import NotVisibleError
from placement.keys import keyring

_RECOGNISE = text("SELECT * FROM placement_recognise(:token, :offset)")
_OPEN_CASES = text(
    """
    SELECT count(*) FROM assignments a
    JOIN cases c ON c.student_id = a.student_id AND c.voided_at IS NULL AND c.closed_on IS NULL
    JOIN students s ON s.id = a.student_id AND s.voided_at IS NULL
    WHERE a.counselor_id = :user AND a.holds_to IS NULL
    """
)


def viewer_of(user: User, *, sign_in_id: int | None = None) -> Viewer:
    """The plain values of a user, as queries need them."""
    return Viewer(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        university_id=user.university_id,
        university_name=None if user.university is None else user.university.name,
        colleges=tuple(user.colleges),
        student_id=user.student_id,
        locale=user.locale,
        must_change_password=user.must_change_password,
        sign_in_id=sign_in_id,
    )


def open_sign_in(token_hash: bytes) -> tuple[Viewer, dt.datetime] | None:
    """Who holds the session of a token, and when it was last seen.

    What follows is a transaction under their scope. None, and no transaction, if the session
    ended or expired, or the user is disabled.
    """
    row = open_as(_RECOGNISE, {"token": token_hash}, lambda found: _holder(found).scope)
    return None if row is None else (_holder(row), row.last_seen_at)


def _holder(row: Row[Any]) -> Viewer:
    values = dict(row._mapping)
    del values["moment"], values["last_seen_at"]
    return Viewer(**values | {"colleges": tuple(row.colleges), "role": Role(row.role)})


def user_by_username(username: str) -> User | None:
    """The user of a name, upper and lower case being one."""
    return db.session.execute(
        select(User).where(func.lower(User.username) == username.strip().lower())
    ).scalar_one_or_none()


def user_by_sign_in_name(name: str) -> User | None:
    """The user of a user name, or of a confirmed mobile number or e-mail address."""
    folded = unicodedata.normalize("NFKC", name).strip()
    by_name = user_by_username(folded)
    if by_name is not None:
        return by_name
    digits = re.sub(r"[\s-]", "", folded)
    if re.fullmatch(r"1\d{10}", digits):
        index = keyring().blind_index("students.mobile", digits)
        condition = User.mobile_index == index
    elif "@" in folded:
        index = keyring().blind_index(EMAIL_INDEX_PLACE, folded.lower())
        condition = User.email_index == index
    else:
        return None
    return db.session.execute(select(User).where(condition)).scalar_one_or_none()


def user_of_student(student_id: int) -> User | None:
    """The account of a student, if there is one."""
    return db.session.execute(
        select(User).where(User.student_id == student_id)
    ).scalar_one_or_none()


def counselor_by_reference(reference: str, university_id: int) -> User | None:
    """The counselor of a university by user name or staff number."""
    return db.session.execute(
        select(User).where(
            User.role == Role.COUNSELOR,
            User.university_id == university_id,
            User.disabled_at.is_(None),
            or_(
                func.lower(User.username) == reference.strip().lower(),
                User.staff_number == reference.strip(),
            ),
        )
    ).scalar_one_or_none()


def visible_users(viewer: Viewer) -> Select[User]:
    """Select the staff accounts that an administrator looks after, by name."""
    users = select(User).where(User.role != Role.STUDENT)
    if viewer.role is Role.UNIVERSITY:
        users = users.where(User.university_id == viewer.university_id)
    elif viewer.role is not Role.PROVINCE:
        users = users.where(User.id == viewer.user_id)
    return users.order_by(User.display_name, User.id)


def university_by_code(code: str) -> University:
    """The university of a national code. Raises NotVisibleError if there is none."""
    university = db.session.execute(
        select(University).where(University.code == code)
    ).scalar_one_or_none()
    if university is None:
        raise NotVisibleError(
            "There is no university with the code %(code)s.",
            remedy="Import the list of universities first.",
            code=code,
        )
    return university


def visible_universities(viewer: Viewer) -> Select[University]:
    """Select the universities of a viewer: the province sees all, others their own."""
    universities = select(University)
    if viewer.role is not Role.PROVINCE:
        universities = universities.where(University.id == viewer.university_id)
    return universities.order_by(University.name_key, University.id)


def count_open_cases(user_id: int) -> int:
    """How many open cases a counselor is responsible for; the rooms of cases stand above this."""
    return int(db.session.execute(_OPEN_CASES, {"user": user_id}).scalar_one())


def live_activation(code_hash: bytes) -> ActivationCode | None:
    """The activation code of a hash, unless it was used or has expired."""
    return db.session.execute(
        select(ActivationCode).where(
            ActivationCode.code_hash == code_hash,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > SQL_NOW,
        )
    ).scalar_one_or_none()


def is_address_taken(email_index: bytes, user_id: int) -> bool:
    """Whether somebody other than this user signs in with an address, by its blind index."""
    found = select(User.id).where(User.email_index == email_index, User.id != user_id)
    return db.session.execute(found).first() is not None


def live_address_code(user_id: int, *, code_hash: bytes | None = None) -> AddressCode | None:
    """The code for a new address that a user waits for, or the one of a hash if it is theirs."""
    codes = select(AddressCode).where(
        AddressCode.user_id == user_id,
        AddressCode.used_at.is_(None),
        AddressCode.expires_at > SQL_NOW,
    )
    if code_hash is not None:
        codes = codes.where(AddressCode.code_hash == code_hash)
    return db.session.execute(codes.order_by(AddressCode.id.desc()).limit(1)).scalar_one_or_none()
