"""Mails to one member of staff of what waits for them: each thing once, for who wants it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, exists, select, text, update

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db
from placement.notices.models import (
    Channel,
    NoticeKind,
    OptOut,
    Recipient,
    StaffMark,
)
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import LONGEST_HOURS, announce
from placement.notices.operations.suppressing import opt_in, opt_out

KINDS_OF_ROLE: Mapping[Role, tuple[NoticeKind, ...]] = {
    Role.COUNSELOR: (NoticeKind.HAND_OVER, NoticeKind.REPORT),
    Role.UNIVERSITY: (NoticeKind.VERIFICATION, NoticeKind.REPORT),
    Role.PROVINCE: (NoticeKind.REPORT,),
    Role.STUDENT: (),
}
"""What each role is told of unless it is not wanted; the digest of the day has to be asked for."""

# Two that come at once: the second finds the mark of the first.
_TAKE_MARK = text(
    """
    INSERT INTO staff_marks AS m (user_id, kind, newest)
    VALUES (:user, :kind, :newest)
    ON CONFLICT (user_id, kind) DO UPDATE SET newest = excluded.newest, at = placement_now()
    WHERE m.newest < excluded.newest AND m.at <= placement_now() - CAST(:gap AS interval)
    RETURNING id
    """
)


def who_wants(kind: NoticeKind, role: Role) -> Select[User]:
    """Select the people of a role with a confirmed address who did not refuse a kind by mail."""
    refused = exists().where(
        OptOut.user_id == User.id, OptOut.kind == kind, OptOut.channel == Channel.MAIL
    )
    return (
        select(User)
        .where(
            User.role == role,
            User.disabled_at.is_(None),
            User.email_sealed.is_not(None),
            User.email_index.is_not(None),
            ~refused,
        )
        .order_by(User.id)
    )


def marked_since(kind: NoticeKind, *, newest: int = 0, at: dt.datetime | None = None) -> Any:
    """The condition that a user was told of `newest` or later, or was told after `at`."""
    after = StaffMark.at > at if at is not None else StaffMark.newest >= newest
    return exists().where(StaffMark.user_id == User.id, StaffMark.kind == kind, after)


def take_mark(user_id: int, kind: NoticeKind, *, newest: int, gap: dt.timedelta) -> bool:
    """Whether a user is to be told now of what is as new as `newest`: nobody else has told them.

    Not again within `gap` of the last time.
    """
    values = {"user": user_id, "kind": kind.value, "newest": newest, "gap": gap}
    return db.session.execute(_TAKE_MARK, values).first() is not None


def tell_member(
    kind: NoticeKind, user_id: int, values: Mapping[str, Any], *, newest: int, settings: Settings
) -> None:
    """Make the mail of a kind to one member of staff; `values` hold counts and a path, no names."""
    announcement = Announcement(
        kind=kind,
        subject_id=user_id,
        values=values,
        channels=(Channel.MAIL,),
        audience={"newest": newest},
        expires_at=clock.now() + dt.timedelta(hours=LONGEST_HOURS),
        to=Recipient.STAFF,
    )
    chosen = select(User.id).where(User.id == user_id)
    announce(chosen, announcement, actor=None, settings=settings, again=True)


def choose_mails(
    viewer: Viewer, wanted: Collection[NoticeKind], *, digest_hour: int | None
) -> None:
    """Set of what a member of staff is told by mail, and when a counselor gets the digest."""
    for kind in KINDS_OF_ROLE[viewer.role]:
        change = opt_in if kind in wanted else opt_out
        change(None, kind, Channel.MAIL, user_id=viewer.user_id)
    if viewer.role is Role.COUNSELOR:
        opt_in(None, NoticeKind.DAY, Channel.MAIL, user_id=viewer.user_id)
        db.session.execute(
            update(User).where(User.id == viewer.user_id).values(digest_hour=digest_hour)
        )
    record_event(
        "account.mails_chosen",
        actor_id=viewer.user_id,
        subject="users",
        subject_id=viewer.user_id,
        details={"kinds": sorted(kind.value for kind in wanted), "digest_hour": digest_hour},
    )
