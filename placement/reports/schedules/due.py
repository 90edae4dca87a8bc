"""When a report is due: moments of a rhythm, by the clock of Asia/Shanghai."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from placement.clock import ZONE
from placement.reference import counting_days
from placement.reports.models import Rhythm

_FARTHEST_DAYS = 366
"""Each rhythm has a moment in any year."""


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which a mail is due, and the day whose figures it leads to."""

    at: dt.datetime
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A rhythm with its day and hour: `weekday` from 1 Monday, `month_day` from 1."""

    rhythm: Rhythm
    hour: int
    weekday: int | None = None
    month_day: int | None = None

    def after(self, moment: dt.datetime) -> Due:
        """The first due moment after an aware `moment`."""
        day = moment.astimezone(ZONE).date()
        return next(due for due in self._from(day, dt.timedelta(days=1)) if due.at > moment)

    def newest(self, moment: dt.datetime) -> Due:
        """The last due moment at or before an aware `moment`."""
        day = moment.astimezone(ZONE).date()
        return next(due for due in self._from(day, dt.timedelta(days=-1)) if due.at <= moment)

    def _from(self, day: dt.date, step: dt.timedelta) -> Iterator[Due]:
        for _number in range(_FARTHEST_DAYS + 1):
            if self._falls_on(day):
                at = dt.datetime.combine(day, dt.time(self.hour), tzinfo=ZONE)
                yield Due(at, self._reported(day))
            day += step

    def _falls_on(self, day: dt.date) -> bool:
        if self.rhythm is Rhythm.WEEKLY:
            return day.isoweekday() == self.weekday
        if self.rhythm is Rhythm.MONTHLY:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day == min(self.month_day or 1, last)
        return counting_days.code_of(self._reported(day)) is not None

    def _reported(self, day: dt.date) -> dt.date:
        """Of a counting day the figures are whole when it is over."""
        return day - dt.timedelta(days=1) if self.rhythm is Rhythm.COUNTING_DAYS else day
