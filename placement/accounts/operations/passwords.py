"""Passwords: Argon2id, long rather than complex, none of the common ones (OWASP ASVS 5.0, 6.2)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from placement.accounts.models import User
from placement.audit.operations import record_event
from placement.errors import InvalidValueError
from placement.reference.passwords import is_common

MIN_LENGTH = 10
MAX_LENGTH = 200
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# 19 MiB, two passes: the second profile that OWASP recommends; about 50 ms on two cores.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_DUMMY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether a password fits; an account without one takes as long, and so tells nothing."""
    try:
        return _hasher.verify(password_hash or _DUMMY, password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def one_time_password() -> str:
    """A random first password of 60 bits, easy to read aloud."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in range(0, 12, 4))


def check_new_password(password: str, *, known: tuple[str, ...] = ()) -> None:
    """Raise InvalidValueError for a password that is short, common or made of what is known."""
    if len(password) < MIN_LENGTH:
        raise InvalidValueError("The password is too short.", remedy="Use 10 characters or more.")
    if len(password) > MAX_LENGTH:
        raise InvalidValueError("The password is too long.", remedy="Use 200 characters at most.")
    folded = password.casefold()
    if is_common(folded) or len(set(folded)) < 4:
        raise InvalidValueError(
            "The password is one that others guess first.",
            remedy="Use a sentence of your own.",
        )
    if any(len(word) > 3 and word.casefold() in folded for word in known if word):
        raise InvalidValueError(
            "The password contains your name or number.",
            remedy="Use something only you know.",
        )


def set_password(user: User, *, password: str, actor_id: int) -> None:
    """Give a user a new password that they chose. Raises InvalidValueError."""
    check_new_password(password, known=(user.username, user.display_name))
    if verify_password(password, user.password_hash):
        raise InvalidValueError("That is the password you have now.", remedy="Choose another.")
    user.password_hash = hash_password(password)
    user.must_change_password = False
    record_event("password.changed", actor_id=actor_id, subject=user)
