"""Reads of the reports by mail."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, select

from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.notices.models import Delivery, DeliveryState
from placement.reports.models import Schedule, ScheduleState


def visible_schedules(viewer: Viewer) -> Select[Schedule]:
    """Select the viewer's own, the latest first; those that were deleted are among them."""
    return (
        select(Schedule)
        .where(Schedule.user_id == viewer.user_id)
        .order_by(Schedule.created_at.desc(), Schedule.id.desc())
    )


def kept_schedules(viewer: Viewer) -> Select[Schedule]:
    """Select the viewer's own that were not deleted."""
    return visible_schedules(viewer).where(Schedule.state != ScheduleState.ENDED)


def due_schedules(moment: dt.datetime) -> list[Schedule]:
    """The running ones due by `moment`, of people who are still staff, the longest due first."""
    found = db.session.execute(
        select(Schedule)
        .join(User, User.id == Schedule.user_id)
        .where(
            Schedule.state == ScheduleState.RUNNING,
            Schedule.next_at <= moment,
            User.disabled_at.is_(None),
            User.role != Role.STUDENT,
        )
        .order_by(Schedule.next_at, Schedule.id)
    )
    return list(found.scalars())


def last_states(schedules: Sequence[Schedule]) -> dict[int, DeliveryState]:
    """What became of the last mail of schedules, by their ids; without a mail none."""
    notices = {s.last_notice_id: s.id for s in schedules if s.last_notice_id is not None}
    rows = db.session.execute(
        select(Delivery.notice_id, Delivery.state).where(Delivery.notice_id.in_(notices))
    )
    return {notices[row[0]]: row[1] for row in rows}
