"""Reminding of a fair those who have not answered: once a person, by whichever beat comes first."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select, text, update

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import SQL_NOW, db, system_scope, use_scope
from placement.errors import InvalidValueError
from placement.fairs.models import Fair
from placement.fairs.operations.standing import end_of, fair_values
from placement.fairs.silent import silent_people
from placement.notices.models import Channel, Delivery, Notice, NoticeKind, NoticeState
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce
from placement.notices.operations.once import take_tellings
from placement.students.models import Student

LONGEST_DAYS = 30


class ReminderDayError(InvalidValueError):
    """No reminder can come after so many days."""

    code = "reminder_day"


_DUE = text(
    """
    SELECT n.id FROM notices n JOIN fairs f ON f.id = n.subject_id
    WHERE n.kind = 'fair' AND n.state = 'sending' AND n.reminded_at IS NULL
      AND n.remind_after_days IS NOT NULL AND f.cancelled_at IS NULL
      AND f.on >= placement_today()
      AND n.created_at + make_interval(days => CAST(n.remind_after_days AS int)) <= placement_now()
    ORDER BY n.id
    """
)


def reminder_moment(notice: Notice) -> dt.datetime | None:
    """When those who have not answered are reminded, if that was asked for."""
    if notice.remind_after_days is None:
        return None
    return notice.created_at + dt.timedelta(days=notice.remind_after_days)


def set_reminder(notice: Notice, *, after_days: int | None, actor: Viewer | None) -> None:
    """Remind, so many whole days after the notice, those who have not answered; None: nobody.

    Raises InvalidValueError for a notice that is not of a fair, was cancelled or has reminded
    already, and ReminderDayError.
    """
    fair = db.session.get(Fair, notice.subject_id) if notice.kind is NoticeKind.FAIR else None
    if fair is None or notice.state is NoticeState.CANCELLED or fair.cancelled_at is not None:
        raise InvalidValueError("There is nothing to remind of.")
    if notice.reminded_at is not None:
        raise InvalidValueError("Those who had not answered have been reminded already.")
    if after_days is not None:
        require_reminder_in_time(fair, told_at=notice.created_at, after_days=after_days)
    notice.remind_after_days = after_days
    record_event(
        "notice.reminder_set",
        actor_id=None if actor is None else actor.user_id,
        subject=notice,
        details={"days": after_days or 0},
    )


def remind_silent(settings: Settings) -> int:
    """Send the reminders that are due; to how many people.

    Each notice is taken by one conditional UPDATE and each person by their row of that fair, so
    that any number of beats may run this at any time.
    """
    with use_scope(system_scope("reminders of fairs")):
        due = db.session.execute(_DUE).scalars().all()
        return sum(_remind(number, settings) for number in due)


def require_reminder_in_time(fair: Fair, *, told_at: dt.datetime, after_days: int) -> None:
    """Raise ReminderDayError for less than 1 or more than 30 days, or a day not before the fair."""
    if not 1 <= after_days <= LONGEST_DAYS:
        raise ReminderDayError(
            "A reminder comes after 1 to 30 days.", remedy="Choose another number of days."
        )
    day = clock.day_of(told_at) + dt.timedelta(days=after_days)
    if day >= fair.on:
        raise ReminderDayError(
            "The reminder would come too late for the fair.", remedy="Choose fewer days."
        )


def _remind(notice_id: int, settings: Settings) -> int:
    taken = db.session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.reminded_at.is_(None))
        .values(reminded_at=SQL_NOW)
        .returning(Notice.id)
    ).scalar()
    if taken is None:
        return 0
    notice = db.session.execute(select(Notice).where(Notice.id == notice_id)).scalar_one()
    fair = db.session.execute(select(Fair).where(Fair.id == notice.subject_id)).scalar_one()
    silent = db.session.execute(silent_people(notice, today=clock.today())).scalars()
    chosen = [
        student
        for student, _fair in take_tellings(NoticeKind.REMINDER, [(n, fair.id) for n in silent])
    ]
    if not chosen:
        return 0
    announce(
        select(Student.id).where(Student.id == func.any(chosen)),
        Announcement(
            kind=NoticeKind.REMINDER,
            subject_id=fair.id,
            values={**fair_values(fair), "path": f"/fairs/{fair.id}"},
            channels=_channels_of(notice),
            audience={"reminder_of": notice.id},
            expires_at=end_of(fair),
            university_id=notice.university_id,
        ),
        actor=None,
        settings=settings,
    )
    return len(chosen)


def _channels_of(notice: Notice) -> Sequence[Channel]:
    used = set(
        db.session.execute(
            select(Delivery.channel).where(Delivery.notice_id == notice.id).distinct()
        ).scalars()
    )
    return [channel for channel in Channel if channel in used]
