"""The only reader of the clock: moments come from the database, days are those of Asia/Shanghai."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class _Source:
    """Where moments come from; the database layer puts itself in."""

    read: Callable[[], dt.datetime] | None = None
    offset = dt.timedelta(0)


def use_source(read: Callable[[], dt.datetime]) -> None:
    """Take moments from `read`: the start of the database transaction under way."""
    _Source.read = read


def set_offset(offset: dt.timedelta) -> None:
    """Shift every later moment by `offset`; tests travel in time with it."""
    _Source.offset = offset


def offset() -> dt.timedelta:
    """The shift that tests have set; the database adds it to its own clock."""
    return _Source.offset


def now() -> dt.datetime:
    """The start of the transaction under way, by the database's clock, aware, in Asia/Shanghai.

    Recorded moments, leases and quiet hours of all hosts agree because one clock makes them.
    """
    if _Source.read is None:
        raise RuntimeError("the clock has no source: open the database first")
    return _Source.read().astimezone(ZONE)


def today() -> dt.date:
    """The calendar date of `now()` in Asia/Shanghai."""
    return now().date()


def day_of(moment: dt.datetime) -> dt.date:
    """The calendar date in Asia/Shanghai of an aware moment."""
    return moment.astimezone(ZONE).date()


def read_moment(text: str) -> dt.datetime:
    """Read an ISO moment; one without offset is Asia/Shanghai. Raises ValueError."""
    moment = dt.datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment.astimezone(ZONE)
