"""What may go out at this hour."""

from sqlalchemy import text

from placement import clock
from placement.config import Settings
from placement.db import db
from placement.notices.models import Channel, Priority
from placement.notices.quiet_hours import QuietHours, read_quiet_hours

_IS_DUE = text(
    "SELECT EXISTS (SELECT FROM deliveries WHERE channel = :channel AND state = 'pending'"
    " AND priority <= :priority AND next_try_at <= placement_now())"
)


def quiet_hours_of(channel: Channel, settings: Settings) -> QuietHours:
    """The hours in which nothing usual goes out by a channel."""
    if channel is Channel.MAIL:
        return read_quiet_hours(settings.mail_quiet_hours)
    return read_quiet_hours(settings.sms_quiet_hours if channel is Channel.SMS else "off")


def lowest_priority(channel: Channel, settings: Settings) -> Priority:
    """Which deliveries may go out now: in quiet hours only those that somebody waits for."""
    quiet = quiet_hours_of(channel, settings).ends_after(clock.now())
    return Priority.USUAL if quiet is None else Priority.AT_ONCE


def is_due(channel: Channel, settings: Settings) -> bool:
    """Whether anything could go out by a channel now, rates and circuit apart."""
    return some_due(channel, lowest_priority(channel, settings))


def some_due(channel: Channel, priority: int) -> bool:
    """Whether any delivery of a channel is due that is at least as urgent as `priority`."""
    found = db.session.execute(_IS_DUE, {"channel": channel.value, "priority": int(priority)})
    return bool(found.scalar_one())
