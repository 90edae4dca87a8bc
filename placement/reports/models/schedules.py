"""Reports that staff have mailed to them: what, and when."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.accounts.models import User
from placement.db import SQL_NOW, Model


class ReportPage(enum.StrEnum):
    """The page that the link in the mail leads to."""

    RATES = "rates"
    PICTURES = "pictures"


class Rhythm(enum.StrEnum):
    """How often a report is mailed."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    COUNTING_DAYS = "counting_days"
    """The morning after each counting day, with the figures of that day."""


class ScheduleState(enum.StrEnum):
    """Whether mails come of a schedule."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Schedule(Model):
    """One report that one member of staff asked for by mail."""

    __tablename__ = "report_schedules"
    __table_args__ = (
        CheckConstraint("(rhythm = 'weekly') = (weekday IS NOT NULL)", name="schedule_has_weekday"),
        CheckConstraint(
            "(rhythm = 'monthly') = (month_day IS NOT NULL)", name="schedule_has_month_day"
        ),
        CheckConstraint("hour BETWEEN 7 AND 21", name="schedule_keeps_quiet_hours"),
        Index(
            "ix_report_schedules_due",
            "next_at",
            postgresql_where=text("state = 'running'"),
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    page: Mapped[ReportPage]
    address: Mapped[dict[str, Any]]
    """What the page is asked, as the words of its address, without the day."""
    rhythm: Mapped[Rhythm]
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    """1 Monday to 7 Sunday."""
    month_day: Mapped[int | None] = mapped_column(SmallInteger)
    """1 to 31; in a shorter month its last day."""
    hour: Mapped[int] = mapped_column(SmallInteger)
    """By the clock of Asia/Shanghai."""
    state: Mapped[ScheduleState] = mapped_column(default=ScheduleState.RUNNING)
    next_at: Mapped[dt.datetime]
    """When the next mail is due; moved by the very commit that makes the one before."""
    last_day: Mapped[dt.date | None]
    """For which day the last mail was."""
    last_notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    user: Mapped[User] = relationship()
