"""Making and withdrawing tokens, and the use of one: known, alive, and not too often."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import contains_eager, joinedload

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import SQL_NOW, db
from placement.errors import NotAllowedError, NotVisibleError, PlacementError
from placement.reports.models import ApiToken, TokenScope

MAKERS = (Role.UNIVERSITY, Role.PROVINCE)
MOST_TOKENS = 20
LONGEST_DAYS = 366
A_MINUTE = 120
"""How many questions a token may ask in a minute."""
_MARK = "plc_"
_HINT = len(_MARK) + 6


class UnknownTokenError(PlacementError):
    """No living token of somebody who may use one."""

    code = "unknown_token"
    status = 401


class TooManyTokensError(PlacementError):
    """Somebody has as many living tokens as one may have."""

    code = "too_many_tokens"
    status = 409


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks through a token, and what the token opens of what they may see."""

    viewer: Viewer
    scope: TokenScope
    small_counts: bool
    uses: int
    """Questions in this minute, this one among them."""
    seconds_left: int
    """Until the next minute begins."""


def make_token(
    maker: Viewer, *, name: str, scope: TokenScope, days: int, small_counts: bool = False
) -> str:
    """Make a token that lives for some days, and return it: nobody can see it a second time.

    Raises NotAllowedError for anybody but administrators, and for small counts of what is
    published; TooManyTokensError.
    """
    if maker.role not in MAKERS:
        raise NotAllowedError("Only universities and the province make tokens.")
    if small_counts and scope is not TokenScope.OWN:
        raise NotAllowedError("What is published has its small counts hidden for everybody.")
    if _living_tokens(maker) >= MOST_TOKENS:
        raise TooManyTokensError(
            "You have %(count)s tokens that work.",
            remedy="Withdraw one that is not needed.",
            count=MOST_TOKENS,
        )
    token = _MARK + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=maker.user_id,
        name=name,
        token_hash=_hash(token),
        hint=token[:_HINT],
        scope=scope,
        small_counts=small_counts,
        expires_at=clock.now() + dt.timedelta(days=min(days, LONGEST_DAYS)),
    )
    db.session.add(row)
    db.session.flush()
    record_event(
        "token.made",
        actor_id=maker.user_id,
        subject=row,
        details={"scope": scope.value, "small_counts": small_counts},
    )
    return token


def withdraw_token(actor: Viewer, token_id: int) -> ApiToken:
    """Let a token open nothing more. Raises NotVisibleError for one of another university."""
    row = db.session.execute(
        visible_tokens(actor).where(ApiToken.id == token_id)
    ).scalar_one_or_none()
    if row is None:
        raise NotVisibleError("There is no such token.")
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        record_event("token.withdrawn", actor_id=actor.user_id, subject=row)
    return row


def visible_tokens(viewer: Viewer) -> Select[ApiToken]:
    """The tokens that somebody sees and may withdraw, the newest first.

    Their own and their colleagues'; the province all.
    """
    found = select(ApiToken).join(ApiToken.user).options(contains_eager(ApiToken.user))
    if viewer.role is not Role.PROVINCE:
        found = found.where(User.university_id == viewer.university_id)
    return found.order_by(ApiToken.id.desc())


def _living_tokens(maker: Viewer) -> int:
    return db.session.execute(
        select(func.count()).where(
            ApiToken.user_id == maker.user_id,
            ApiToken.withdrawn_at.is_(None),
            ApiToken.expires_at > SQL_NOW,
        )
    ).scalar_one()


def use_token(token: str) -> Caller:
    """Count a use of a token, and say who asks with it.

    Raises UnknownTokenError for one that is unknown, withdrawn or expired, and where its maker is
    an administrator no more.
    """
    minute = func.date_trunc("minute", SQL_NOW)
    used = db.session.execute(
        update(ApiToken)
        .where(
            ApiToken.token_hash == _hash(token),
            ApiToken.withdrawn_at.is_(None),
            ApiToken.expires_at > SQL_NOW,
        )
        .values(
            last_used_at=SQL_NOW,
            uses=case((ApiToken.minute == minute, ApiToken.uses + 1), else_=1),
            minute=minute,
        )
        .returning(ApiToken.user_id, ApiToken.scope, ApiToken.small_counts, ApiToken.uses)
    ).one_or_none()
    if used is None:
        raise _unknown()
    user = db.session.execute(
        select(User)
        .options(joinedload(User.university))
        .where(User.id == used.user_id, User.disabled_at.is_(None), User.role.in_(MAKERS))
    ).scalar_one_or_none()
    if user is None or user.must_change_password:
        raise _unknown()
    left = 60 - clock.now().second
    return Caller(viewer_of(user), used.scope, used.small_counts, used.uses, left)


def _unknown() -> UnknownTokenError:
    return UnknownTokenError(
        "The token is not known, or has expired or been withdrawn.",
        remedy="Make a new one on the page of settings.",
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
