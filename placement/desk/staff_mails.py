"""Mails to staff of what waits for them: hand-overs, outcomes to verify, the day's list.

Links and counts only: no name and no category, since a mail shows on a locked screen.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.config import Settings
from placement.db import db, use_scope
from placement.desk.needs import needs_today
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.staff import marked_since, take_mark, tell_member, who_wants
from placement.outcomes.models import Outcome
from placement.outcomes.queries import outcomes_to_verify
from placement.students.models import HandOver, HandOverState

FIRST_HOUR, LAST_HOUR = 8, 20
"""Between them universities are told of what waits for verification."""
_GAPS = {
    NoticeKind.HAND_OVER: dt.timedelta(hours=1),
    NoticeKind.VERIFICATION: dt.timedelta(hours=20),
    NoticeKind.DAY: dt.timedelta(0),
}
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits for one person: how much, how much of it is late, as new as what, and where."""

    number: int
    late: int
    newest: int
    path: str


def due_people(settings: Settings) -> list[tuple[NoticeKind, int]]:
    """Who may have to be told of what at this moment, by user id; `tell_person` looks closer."""
    if not is_offered(Channel.MAIL, settings):
        return []
    now = clock.now()
    local = now.astimezone(clock.ZONE)
    found = [(NoticeKind.HAND_OVER, user_id) for user_id in _offered_to(now)]
    if local.isoweekday() > _FRIDAY:
        return found
    if FIRST_HOUR <= local.hour < LAST_HOUR:
        told = marked_since(NoticeKind.VERIFICATION, at=now - _GAPS[NoticeKind.VERIFICATION])
        verifiers = who_wants(NoticeKind.VERIFICATION, Role.UNIVERSITY).where(~told)
        found += [(NoticeKind.VERIFICATION, user.id) for user in db.session.scalars(verifiers)]
    told = marked_since(NoticeKind.DAY, newest=local.toordinal())
    askers = who_wants(NoticeKind.DAY, Role.COUNSELOR).where(User.digest_hour <= local.hour, ~told)
    return found + [(NoticeKind.DAY, user.id) for user in db.session.scalars(askers)]


def tell_person(kind: NoticeKind, user_id: int, *, settings: Settings) -> bool:
    """Tell one person by mail of what waits for them, unless it is nothing or was told before."""
    user = db.session.get_one(User, user_id)
    waiting = _WAITING[kind](user)
    if waiting is None or not take_mark(user_id, kind, newest=waiting.newest, gap=_GAPS[kind]):
        return False
    # A day without anybody on the list is marked all the same, so that it is asked once.
    if waiting.number:
        values = {"number": waiting.number, "late": waiting.late, "path": waiting.path}
        tell_member(kind, user_id, values, newest=waiting.newest, settings=settings)
    return bool(waiting.number)


def _offered_to(now: dt.datetime) -> list[int]:
    told = marked_since(NoticeKind.HAND_OVER, at=now - _GAPS[NoticeKind.HAND_OVER])
    offered = select(HandOver.to_id).where(HandOver.state == HandOverState.OFFERED)
    people = who_wants(NoticeKind.HAND_OVER, Role.COUNSELOR).where(User.id.in_(offered), ~told)
    return [user.id for user in db.session.scalars(people)]


def _hand_overs(user: User) -> _Waiting | None:
    query = select(func.count(), func.max(HandOver.id)).where(
        HandOver.to_id == user.id, HandOver.state == HandOverState.OFFERED
    )
    number, newest = db.session.execute(query).one()
    return _Waiting(number, 0, newest, "/responsibility") if number else None


def _outcomes(user: User) -> _Waiting | None:
    viewer = viewer_of(user)
    listed = outcomes_to_verify(viewer).order_by(None).with_only_columns(Outcome.id).subquery()
    with use_scope(viewer.scope):
        number, newest = db.session.execute(
            select(func.count(), func.max(listed.c.id)).select_from(listed)
        ).one()
    return _Waiting(number, 0, newest, "/outcomes") if number else None


def _day(user: User) -> _Waiting:
    viewer, today = viewer_of(user), clock.today()
    with use_scope(viewer.scope):
        needs = needs_today(viewer, today=today)
    return _Waiting(needs.page.total, needs.late, today.toordinal(), "/today")


_WAITING = {
    NoticeKind.HAND_OVER: _hand_overs,
    NoticeKind.VERIFICATION: _outcomes,
    NoticeKind.DAY: _day,
}
