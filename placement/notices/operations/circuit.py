"""The circuit breaker of a channel: a dead server is asked now and then, by one sender."""

from sqlalchemy import text

from placement.db import db
from placement.notices.models import Channel, ChannelStatus

BATCH = 50
_LONGEST_MINUTES = 15

# The one sender that gets the row asks; the next try is as far off as before until it succeeds.
_TAKE_PROBE = text(
    """
    UPDATE channel_statuses
    SET open_until = placement_now()
            + make_interval(mins => least(:longest, 2 ^ least(failures - 1, 8))::int),
        changed_at = placement_now()
    WHERE channel = :channel AND stopped_reason IS NULL AND open_until <= placement_now()
    RETURNING id
    """
)
_OPEN = text(
    """
    INSERT INTO channel_statuses (channel, failures, open_until, changed_at)
    VALUES (:channel, 1, placement_now() + interval '1 minute', placement_now())
    ON CONFLICT (channel) DO UPDATE
    SET failures = channel_statuses.failures + 1,
        open_until = placement_now()
            + make_interval(mins => least(:longest, 2 ^ least(channel_statuses.failures, 8))::int),
        changed_at = placement_now()
    WHERE channel_statuses.open_until IS NULL OR channel_statuses.open_until <= placement_now()
        OR :probing
    """
)
_STOP = text(
    """
    INSERT INTO channel_statuses (channel, failures, stopped_reason, changed_at)
    VALUES (:channel, 1, :reason, placement_now())
    ON CONFLICT (channel) DO UPDATE SET stopped_reason = :reason, changed_at = placement_now()
    """
)
_CLOSE = text(
    """
    UPDATE channel_statuses
    SET failures = 0, open_until = NULL, stopped_reason = NULL, changed_at = placement_now()
    WHERE channel = :channel
    """
)


def take_permission(channel: Channel) -> int:
    """How many messages may be claimed on a channel now.

    `BATCH` while all is well; 1 for the one sender that asks a server which failed whether it
    is back; 0 while the circuit is open or a person must act.
    """
    status = db.session.execute(
        db.select(ChannelStatus).where(ChannelStatus.channel == channel)
    ).scalar_one_or_none()
    if status is None or (status.failures == 0 and status.stopped_reason is None):
        return BATCH
    taken = db.session.execute(_TAKE_PROBE, {"channel": channel.value, "longest": _LONGEST_MINUTES})
    return 0 if taken.first() is None else 1


def open_circuit(channel: Channel, *, probing: bool = False) -> None:
    """Leave a channel alone: for a minute, then for twice as long each time, at most 15.

    Senders that fail together count as one failure; `probing` marks the one that had asked.
    """
    db.session.execute(
        _OPEN, {"channel": channel.value, "longest": _LONGEST_MINUTES, "probing": probing}
    )


def close_circuit(channel: Channel) -> None:
    """Send as usual again, after a success or because a person says so."""
    db.session.execute(_CLOSE, {"channel": channel.value})


def stop_channel(channel: Channel, *, reason: str) -> None:
    """Send nothing more on a channel until a person acts; `reason` is a code for the pages."""
    db.session.execute(_STOP, {"channel": channel.value, "reason": reason})
