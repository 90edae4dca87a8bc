"""Accounts: made by an administrator, activated by their person."""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import update

from placement import clock
from placement.accounts.models import ActivationCode, Role, User
from placement.accounts.operations.passwords import (
    check_new_password,
    hash_password,
    one_time_password,
)
from placement.accounts.operations.sign_ins import end_sign_ins_of
from placement.accounts.queries import (
    count_open_cases,
    is_address_taken,
    live_activation,
    user_by_username,
)
from placement.audit.operations import record_event
from placement.db import SQL_NOW, db
from placement.errors import InvalidValueError, NotVisibleError

ACTIVATION_DAYS = 14
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class UsernameTakenError(InvalidValueError):
    """Somebody has this user name."""

    code = "username_taken"


def add_user(
    username: str,
    *,
    role: Role,
    display_name: str | None = None,
    university_id: int | None = None,
    colleges: tuple[str, ...] = (),
    student_id: int | None = None,
    actor_id: int | None = None,
) -> tuple[User, str]:
    """Make an account; the user and the one-time password, which must be changed at first use.

    Raises InvalidValueError for a name that is empty or taken, and for a role without its
    university or student.
    """
    username = username.strip()
    if not username:
        raise InvalidValueError("The user name is empty.", remedy="Give one.")
    if user_by_username(username) is not None:
        raise UsernameTakenError(
            "The user name %(username)s is taken.", remedy="Choose another.", username=username
        )
    if role is not Role.PROVINCE and university_id is None:
        raise InvalidValueError(
            "A %(role)s account needs a university.", remedy="Name its code.", role=role
        )
    if colleges and role is not Role.UNIVERSITY:
        raise InvalidValueError("Only a university account is narrowed to colleges.")
    if (role is Role.STUDENT) != (student_id is not None):
        raise InvalidValueError("A student account belongs to a student, no other does.")
    password = one_time_password()
    user = User(
        username=username,
        display_name=display_name or username,
        role=role,
        university_id=university_id,
        colleges=list(colleges),
        student_id=student_id,
        password_hash=hash_password(password),
        must_change_password=True,
    )
    db.session.add(user)
    record_event("user.added", actor_id=actor_id, subject=user)
    return user, password


def issue_activation(user: User, *, actor_id: int | None, email_index: bytes | None = None) -> str:
    """A fresh activation code of 100 random bits for a user, good once within 14 days.

    Codes issued before it stop working. `email_index` says that it goes out by mail to that
    address, which using it confirms.
    """
    db.session.execute(
        update(ActivationCode)
        .where(ActivationCode.user_id == user.id, ActivationCode.used_at.is_(None))
        .values(expires_at=SQL_NOW)
    )
    code = new_code_text()
    db.session.add(
        ActivationCode(
            user_id=user.id,
            code_hash=code_hash(code),
            created_by=actor_id,
            expires_at=clock.now() + dt.timedelta(days=ACTIVATION_DAYS),
            email_index=email_index,
        )
    )
    record_event("activation.issued", actor_id=actor_id, subject=user)
    return code


def activate(code: str, *, password: str) -> User:
    """Set the password of whoever was given this code; it works once.

    Raises NotVisibleError for a code that is unknown, used or expired, all alike, and
    InvalidValueError for a password that is too weak.
    """
    found = live_activation(code_hash(code))
    user = None if found is None else db.session.get(User, found.user_id)
    if found is None or user is None or user.disabled_at is not None:
        raise NotVisibleError(
            "This code does not work: it is mistyped, used or expired.",
            remedy="Ask your counselor for a new one.",
        )
    check_new_password(password, known=(user.username, user.display_name))
    user.password_hash = hash_password(password)
    user.must_change_password = False
    found.used_at = clock.now()
    if found.email_index is not None and not is_address_taken(found.email_index, user.id):
        user.email_index = found.email_index
    end_sign_ins_of(user.id)
    record_event("account.activated", actor_id=user.id, subject=user)
    return user


class StillResponsibleError(InvalidValueError):
    """The account's person still has open cases in hand."""

    code = "still_responsible"


def disable_user(user: User, *, actor_id: int) -> None:
    """Close an account and end its sessions at once.

    Raises StillResponsibleError for a counselor with open cases: they go to a colleague first.
    """
    if count_open_cases(user.id):
        raise StillResponsibleError(
            "This counselor is still responsible for open cases.",
            remedy="Give the students to a colleague first.",
        )
    user.disabled_at = clock.now()
    end_sign_ins_of(user.id)
    record_event("user.disabled", actor_id=actor_id, subject=user)


def set_locale(user_id: int, locale: str) -> None:
    """Remember the language that a user chose."""
    db.session.execute(update(User).where(User.id == user_id).values(locale=locale))


def new_code_text() -> str:
    """A random activation code of 100 bits in four groups, easy to type on a phone."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(20))
    return "-".join(letters[i : i + 5] for i in range(0, 20, 5))


def code_hash(code: str) -> bytes:
    """What the database keeps of an activation code; case, spaces and dashes do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(b"activation\0" + plain.encode()).digest()
