"""Quiet hours: the part of each day in which nobody is to be disturbed."""

import datetime as dt
import re
from dataclasses import dataclass

from placement.clock import ZONE
from placement.errors import ConfigurationError

_CLOCK = r"([01]?\d|2[0-4]):([0-5]\d)"
_FORM = re.compile(f"{_CLOCK}-{_CLOCK}")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to, not including, `end`, by the clock of Asia/Shanghai, over midnight or not.

    Where both are equal there are none.
    """

    begin: dt.time
    end: dt.time

    def ends_after(self, moment: dt.datetime) -> dt.datetime | None:
        """The end of the quiet hours in which an aware `moment` lies; None outside them."""
        local = moment.astimezone(ZONE)
        time = local.time()
        if self.begin < self.end:
            inside = self.begin <= time < self.end
        else:
            inside = self.begin != self.end and (time >= self.begin or time < self.end)
        if not inside:
            return None
        day = local.date() if time < self.end else local.date() + dt.timedelta(days=1)
        return dt.datetime.combine(day, self.end, tzinfo=ZONE)


NO_QUIET_HOURS = QuietHours(dt.time(0), dt.time(0))


def read_quiet_hours(text: str) -> QuietHours:
    """Read `22:00-07:00`, or `off` for none. Raises ConfigurationError."""
    if text.strip().lower() in {"off", ""}:
        return NO_QUIET_HOURS
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ConfigurationError(
            f"{text} names no quiet hours.", remedy="Give them as 22:00-07:00, or off."
        )
    hour, minute, end_hour, end_minute = (int(part) for part in found.groups())
    return QuietHours(dt.time(hour % 24, minute), dt.time(end_hour % 24, end_minute))
