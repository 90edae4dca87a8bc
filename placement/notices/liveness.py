"""Whether the outbox moves, and its figures: from the rows alone, whatever workers say.

A worker may answer every question about itself and still send nothing. So it is judged by what
it moves: where deliveries have been due for minutes and none has moved, senders are not at work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from placement.config import Settings
from placement.db import db
from placement.notices.channels import is_offered
from placement.notices.models import Channel, DeliveryState
from placement.notices.operations.hours import lowest_priority

STALLED_SECONDS = 180

_DUE = text(
    """
    SELECT count(*), coalesce(extract(epoch FROM placement_now() - min(next_try_at)), 0)
    FROM deliveries WHERE channel = :channel AND state = 'pending' AND priority <= :priority
      AND next_try_at <= placement_now()
    """
)
_STATUS = text(
    "SELECT failures, stopped_reason, open_until > placement_now() FROM channel_statuses"
    " WHERE channel = :channel"
)
_LAST_MOVE = text(
    "SELECT extract(epoch FROM placement_now() - at) FROM delivery_events ORDER BY id DESC LIMIT 1"
)
_STATES = text("SELECT channel, state, count(*) FROM deliveries GROUP BY channel, state")

_TO_STAFF = text("SELECT state, count(*) FROM deliveries WHERE user_id IS NOT NULL GROUP BY state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How a channel does: deliveries due now, for how many seconds, and what holds it up."""

    channel: Channel
    due: int
    oldest_seconds: float
    failures: int
    stopped_reason: str | None
    waiting: bool
    """The circuit is open: the other side is asked now and then."""
    stalled: bool
    """Deliveries are due, nothing holds the channel up, and none has moved for minutes."""


def take_pulse(settings: Settings, *, stalled_seconds: int = STALLED_SECONDS) -> list[Pulse]:
    """Look at each channel that is set up."""
    idle = db.session.execute(_LAST_MOVE).scalar()
    still = idle is None or idle > stalled_seconds
    return [
        _pulse(channel, settings, stalled_seconds, still=still)
        for channel in (Channel.MAIL, Channel.SMS)
        if is_offered(channel, settings)
    ]


def metrics(settings: Settings) -> Iterator[str]:
    """Write the figures of the outbox as lines of the Prometheus text format."""
    yield "# HELP placement_deliveries Deliveries by channel and state."
    yield "# TYPE placement_deliveries gauge"
    found = {(row[0], row[1]): int(row[2]) for row in db.session.execute(_STATES)}
    for channel in Channel:
        for state in DeliveryState:
            labels = f'channel="{channel.value}",state="{state.value}"'
            yield f"placement_deliveries{{{labels}}} {found.get((channel.value, state.value), 0)}"
    yield "# HELP placement_deliveries_to_staff Of them, those to staff, by state."
    yield "# TYPE placement_deliveries_to_staff gauge"
    to_staff = {row[0]: int(row[1]) for row in db.session.execute(_TO_STAFF)}
    for state in DeliveryState:
        number = to_staff.get(state.value, 0)
        yield f'placement_deliveries_to_staff{{state="{state.value}"}} {number}'
    pulses = take_pulse(settings)
    for name, meaning in {
        "due": "Deliveries that could go out now.",
        "oldest_seconds": "For how long the oldest of them has been due.",
        "failures": "Failed tries in a row to reach the other side.",
        "stopped": "1 where a person must act.",
        "stalled": "1 where deliveries are due and none has moved for minutes.",
    }.items():
        yield f"# HELP placement_channel_{name} {meaning}"
        yield f"# TYPE placement_channel_{name} gauge"
        for pulse in pulses:
            value = bool(pulse.stopped_reason) if name == "stopped" else getattr(pulse, name)
            yield f'placement_channel_{name}{{channel="{pulse.channel.value}"}} {value:g}'


def _pulse(channel: Channel, settings: Settings, stalled_seconds: int, *, still: bool) -> Pulse:
    values = {"channel": channel.value, "priority": int(lowest_priority(channel, settings))}
    due, oldest = db.session.execute(_DUE, values).one()
    status = db.session.execute(_STATUS, values).first()
    failures, stopped, waiting = status or (0, None, False)
    free = not stopped and not failures
    return Pulse(
        channel=channel,
        due=int(due),
        oldest_seconds=float(oldest),
        failures=int(failures),
        stopped_reason=stopped,
        waiting=bool(waiting),
        stalled=bool(due) and free and still and float(oldest) > stalled_seconds,
    )
