"""Signing in and out: sessions kept on the server, delays that lock no stranger's victim out.

Failures are counted for an account from one address, so that nobody elsewhere can lock its
owner out, and for an address over all accounts (OWASP ASVS 5.0, 6.3.1).
"""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import func, select, update

from placement import clock
from placement.accounts.models import Role, SignIn, SignInAttempt, User
from placement.accounts.operations.passwords import verify_password
from placement.accounts.queries import open_sign_in, user_by_sign_in_name
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import SQL_NOW, db, enter_scope, system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.keys import keyring

WINDOW = dt.timedelta(minutes=15)
ACCOUNT_FAILURES = 5
ADDRESS_FAILURES = 60
_SEEN_EVERY = dt.timedelta(minutes=1)


class TooManyAttemptsError(PlacementError):
    """Too many failures in the last minutes; the account itself stays open to its owner."""

    code = "too_many_attempts"
    status = 429


def sign_in(username: str, password: str, *, address: str, settings: Settings) -> str | None:
    """Begin a session: its token for the browser, or None if name and password do not fit.

    `address` is where the request comes from. Raises TooManyAttemptsError. Unknown names take
    as long as wrong passwords.
    """
    account_index = keyring().blind_index("sign_in_attempts.account", username.strip().lower())
    address_index = keyring().blind_index("sign_in_attempts.address", address)
    _refuse_too_many(account_index, address_index)
    user = user_by_sign_in_name(username)
    fits = verify_password(password, None if user is None else user.password_hash)
    if user is None or not fits or user.disabled_at is not None:
        db.session.add(SignInAttempt(account=account_index, address=address_index))
        record_event(
            "sign_in.failed",
            actor_id=None,
            subject="users",
            subject_id=user.id if user else None,
        )
        return None
    token = secrets.token_urlsafe(32)
    hours = dt.timedelta(hours=settings.session_hours)
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            user_id=user.id,
            expires_at=clock.now() + hours,
        )
    )
    record_event("sign_in.succeeded", actor_id=user.id, subject=user)
    return token


def confirm_password(user_id: int, password: str, *, address: str) -> dt.datetime | None:
    """The moment at which somebody signed in has proved again who they are; None if not.

    Failures count as those of signing in do. Raises TooManyAttemptsError.
    """
    user = db.session.get_one(User, user_id)
    account_index = keyring().blind_index("sign_in_attempts.account", user.username.lower())
    address_index = keyring().blind_index("sign_in_attempts.address", address)
    _refuse_too_many(account_index, address_index)
    if verify_password(password, user.password_hash):
        return clock.now()
    db.session.add(SignInAttempt(account=account_index, address=address_index))
    record_event("sign_in.failed", actor_id=user_id, subject=user)
    return None


def recognise(token: str, *, settings: Settings) -> Viewer | None:
    """Who holds this token, unless the session ended, expired or was idle too long.

    What follows is done under their scope, in the transaction that this began. Writes the
    session's last-seen time at most once a minute.
    """
    found = open_sign_in(token_hash(token))
    if found is None:
        return None
    viewer, seen_at = found
    student = viewer.role is Role.STUDENT
    minutes = settings.idle_minutes_student if student else settings.idle_minutes_staff
    idle = clock.now() - seen_at
    if idle > dt.timedelta(minutes=minutes):
        enter_scope(None)
        return None
    if idle > _SEEN_EVERY:
        with use_scope(system_scope("note when a session was last seen")), transaction():
            db.session.execute(
                update(SignIn).where(SignIn.id == viewer.sign_in_id).values(last_seen_at=SQL_NOW)
            )
    return viewer


def end_sign_in(sign_in_id: int, *, actor_id: int) -> None:
    """End one session."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=SQL_NOW)
    )
    record_event("sign_in.ended", actor_id=actor_id, subject="sign_ins", subject_id=sign_in_id)


def end_sign_ins_of(user_id: int, *, keep: int | None = None) -> None:
    """End every session of a user but `keep`: the password or the rights have changed."""
    db.session.execute(
        update(SignIn)
        .where(
            SignIn.user_id == user_id,
            SignIn.ended_at.is_(None),
            SignIn.id != (keep or 0),
        )
        .values(ended_at=SQL_NOW)
    )


def token_hash(token: str) -> bytes:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def _refuse_too_many(account: bytes, address: bytes) -> None:
    since = clock.now() - WINDOW
    here = select(func.count()).where(SignInAttempt.address == address, SignInAttempt.at > since)
    for_account = here.where(SignInAttempt.account == account)
    if db.session.execute(for_account).scalar_one() >= ACCOUNT_FAILURES or (
        db.session.execute(here).scalar_one() >= ADDRESS_FAILURES
    ):
        raise TooManyAttemptsError(
            "Too many failed tries from here.",
            remedy="Wait 15 minutes, or ask for a new password.",
        )
