"""When what can wait is written: each evening, or once a week."""

import datetime as dt
import enum

from placement.clock import ZONE


class Rhythm(enum.StrEnum):
    """How often somebody is written to by mail; what is urgent always comes at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


HOUR = 18
"""At this hour, in Asia/Shanghai, digests are made."""
_WEEKDAY = 6
"""Those of the week on a Sunday."""


def next_digest(rhythm: Rhythm, now: dt.datetime) -> dt.datetime | None:
    """When the next digest of a rhythm is made after `now`; none where nothing waits."""
    if rhythm is Rhythm.AT_ONCE:
        return None
    local = now.astimezone(ZONE)
    moment = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if moment <= local:
        moment += dt.timedelta(days=1)
    if rhythm is Rhythm.WEEKLY:
        moment += dt.timedelta(days=(_WEEKDAY - moment.weekday()) % 7)
    return moment
