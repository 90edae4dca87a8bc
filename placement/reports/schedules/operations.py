"""Writes of the reports by mail: asked for, changed, paused, deleted; the mails that are due."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from placement import clock
from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db
from placement.errors import EditConflictError, InvalidValueError
from placement.notices.channels import is_offered
from placement.notices.models import Channel, NoticeKind, Recipient
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import LONGEST_HOURS, announce
from placement.reports.models import ReportPage, Schedule, ScheduleState
from placement.reports.schedules.due import Due, Timing
from placement.reports.schedules.queries import due_schedules, kept_schedules

MOST_SCHEDULES = 20
_LATE_AFTER = dt.timedelta(hours=12)
"""A mail later than this says so."""


def add_schedule(
    page: ReportPage, address: Mapping[str, Any], timing: Timing, *, actor: Viewer
) -> Schedule:
    """Mail a report to the actor from now on.

    `address` are the words of the page's address without the day. Raises InvalidValueError for
    more schedules than one person may have.
    """
    kept = select(func.count()).select_from(kept_schedules(actor).subquery())
    if db.session.execute(kept).scalar_one() >= MOST_SCHEDULES:
        raise InvalidValueError(
            "More than 20 reports by mail are too many.", remedy="Delete one first."
        )
    schedule = Schedule(
        user_id=actor.user_id,
        page=page,
        address=dict(address),
        next_at=timing.after(clock.now()).at,
        **_columns(timing),
    )
    db.session.add(schedule)
    record_event("schedule.added", actor_id=actor.user_id, subject=schedule)
    return schedule


def change_timing(schedule: Schedule, timing: Timing, *, version: int, actor: Viewer) -> None:
    """Mail a report at other times from now on.

    `version` is the one that the form showed. Raises EditConflictError.
    """
    values = {**_columns(timing), "next_at": timing.after(clock.now()).at}
    _change(schedule, values, Schedule.version == version)
    record_event("schedule.changed", actor_id=actor.user_id, subject=schedule)


def set_state(schedule: Schedule, state: ScheduleState, *, actor: Viewer) -> None:
    """Pause, resume or delete; what was deleted can be resumed, and nothing is made up for."""
    values: dict[str, Any] = {"state": state}
    if state is ScheduleState.RUNNING:
        values["next_at"] = timing_of(schedule).after(clock.now()).at
    _change(schedule, values)
    record_event(f"schedule.{state.value}", actor_id=actor.user_id, subject=schedule)


def timing_of(schedule: Schedule) -> Timing:
    """When a schedule is due."""
    return Timing(
        rhythm=schedule.rhythm,
        hour=schedule.hour,
        weekday=schedule.weekday,
        month_day=schedule.month_day,
    )


def mail_due_reports(settings: Settings) -> int:
    """Make the mails that are due now, once each; how many.

    Of moments that were missed the newest alone is mailed, for its day. The move to the next
    moment is one conditional change, so that of two beats one makes the mail.
    """
    if not is_offered(Channel.MAIL, settings):
        return 0
    now = clock.now()
    return sum(_mail(schedule, now, settings) for schedule in due_schedules(now))


def _mail(schedule: Schedule, now: dt.datetime, settings: Settings) -> bool:
    timing = timing_of(schedule)
    due = timing.newest(now)
    moved = db.session.execute(
        update(Schedule)
        .where(
            Schedule.id == schedule.id,
            Schedule.state == ScheduleState.RUNNING,
            Schedule.next_at == schedule.next_at,
        )
        .values(next_at=timing.after(now).at, last_day=due.day)
        .returning(Schedule.id)
    ).first()
    if moved is None:
        return False
    chosen = select(User.id).where(User.id == schedule.user_id)
    told = announce(chosen, _announcement(schedule, due, now), actor=None, settings=settings)
    schedule.last_notice_id = told.notice_id
    return True


def _announcement(schedule: Schedule, due: Due, now: dt.datetime) -> Announcement:
    """The mail: a link to the page that asks again who is looking, and nothing of its figures."""
    return Announcement(
        kind=NoticeKind.REPORT,
        subject_id=schedule.id,
        values={
            "path": f"/reports/schedules/{schedule.id}/{due.day.isoformat()}",
            "day": due.day.isoformat(),
            "class_year": schedule.address.get("year"),
            "late": now - due.at > _LATE_AFTER,
        },
        channels=(Channel.MAIL,),
        audience={"due": due.at.isoformat()},
        expires_at=now + dt.timedelta(hours=LONGEST_HOURS),
        to=Recipient.STAFF,
    )


def _columns(timing: Timing) -> dict[str, Any]:
    return {
        "rhythm": timing.rhythm,
        "hour": timing.hour,
        "weekday": timing.weekday,
        "month_day": timing.month_day,
    }


def _change(schedule: Schedule, values: Mapping[str, Any], *conditions: Any) -> None:
    changed = db.session.execute(
        update(Schedule)
        .where(Schedule.id == schedule.id, *conditions)
        .values(**values, version=Schedule.version + 1)
        .returning(Schedule.id)
    ).first()
    if changed is None:
        raise EditConflictError(
            "Somebody else changed this in the meantime.",
            remedy="Look at it as it is now, then change it.",
        )
    db.session.refresh(schedule)
