"""From rates and days to places in a drawing."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_STEP = 5


@dataclass(frozen=True, slots=True)
class RateAxis:
    """Rates in percent from `low` to 100, `low` being 0 or a multiple of five below them all."""

    low: int

    def share(self, rate: Decimal) -> float:
        """Where a rate lies: 0 at the low end, 1 at 100 percent."""
        return max(0.0, min(1.0, (float(rate) - self.low) / (100 - self.low)))


def rate_axis(rates: Iterable[Decimal | None], *, cut_from: int = 80) -> RateAxis:
    """The axis for these rates: from 0, or close below them if they are all `cut_from` or more.

    Lengths from a cut axis are no measure, so a drawing on one shows distances or places only.
    """
    known = [rate for rate in rates if rate is not None]
    lowest = min(known, default=Decimal(0))
    if lowest < cut_from:
        return RateAxis(0)
    return RateAxis(int(lowest - 1) // _STEP * _STEP)


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Days from the first to the last, with a margin at both edges of the drawing."""

    first: dt.date
    last: dt.date

    def share(self, day: dt.date) -> float:
        """Where a day lies across."""
        days = (self.last - self.first).days
        within = 0.5 if days == 0 else (day - self.first).days / days
        return 0.1 + 0.87 * within


def month_ends(until: dt.date) -> list[dt.date]:
    """The last days of the eleven months before `until`'s, and `until` itself, oldest first."""
    found = [until]
    year, month = until.year, until.month
    for _ in range(11):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        found.append(dt.date(year, month, calendar.monthrange(year, month)[1]))
    return found[::-1]


def week_ends(until: dt.date) -> list[dt.date]:
    """`until` and the same weekday of the 51 weeks before it, oldest first."""
    return [until - dt.timedelta(weeks=weeks) for weeks in range(51, -1, -1)]
