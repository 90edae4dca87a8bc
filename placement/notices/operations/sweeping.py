"""The sweeper: finds what was lost, left behind or has become due, from the rows alone.

It keeps nothing in mind and may run at any time, twice or by several; an advisory lock only
saves the work.
"""

from sqlalchemy import func, select, text

from placement import clock
from placement.config import Settings
from placement.db import db
from placement.locks import Lock
from placement.notices.channels import is_offered
from placement.notices.models import Channel, Priority
from placement.notices.operations.hours import is_due, quiet_hours_of
from placement.queue import DRAIN_DELIVERIES, after_commit

# One change of state of many deliveries, with a line in the log for each.
_CHANGE = """
    WITH found AS (
        SELECT d.id, d.state, {reason} AS reason, {new} AS new_state
        FROM deliveries d JOIN notices n ON n.id = d.notice_id
        WHERE {where}
        ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
    ), changed AS (
        UPDATE deliveries d SET state = f.new_state, reason = f.reason, owner = NULL,
            lease_until = NULL {also}
        FROM found f WHERE d.id = f.id
        RETURNING d.id, f.state AS from_state, f.new_state, f.reason
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, from_state, new_state, 'sweeper', reason FROM changed
"""
_FINISH = ", finished_at = placement_now(), values_sealed = NULL"

_TAKE_BACK = text(
    _CHANGE.format(
        where="d.state = 'claimed' AND d.lease_until <= placement_now()",
        new="'pending'",
        reason="'lease_over'",
        also="",
    )
)
_DOUBT = text(
    _CHANGE.format(
        where="d.state = 'sending' AND d.lease_until <= placement_now()",
        new="'uncertain'",
        reason="'sender_lost'",
        also=", next_try_at = placement_now()",
    )
)
# Mail is sent once more under its Message-ID where the policy says so; an SMS waits for a person.
_RESEND = text(
    _CHANGE.format(
        where="d.state = 'uncertain' AND d.channel = 'mail' AND n.uncertain_policy = 'resend'"
        " AND n.state <> 'cancelled' AND d.uncertain_resends = 0"
        " AND d.expires_at > placement_now()",
        new="'pending'",
        reason="'second_copy'",
        also=", uncertain_resends = 1, next_try_at = placement_now()",
    )
)
_GIVE_UP = text(
    _CHANGE.format(
        where="d.state = 'uncertain' AND (d.expires_at <= placement_now() OR n.state = 'cancelled'"
        " OR d.channel = 'mail' AND (n.uncertain_policy = 'never'"
        " OR n.uncertain_policy = 'resend' AND d.uncertain_resends > 0))",
        new="'uncertain_final'",
        reason="coalesce(d.reason, 'sender_lost')",
        also=_FINISH,
    )
)
_EXPIRE = text(
    _CHANGE.format(
        where="d.state IN ('pending', 'held') AND d.expires_at <= placement_now()",
        # A second copy that was never sent leaves the first in doubt.
        new="CASE WHEN d.uncertain_resends > 0 THEN 'uncertain_final' ELSE 'expired' END",
        reason="'expired'",
        also=_FINISH,
    )
)
_DROP_CANCELLED = text(
    _CHANGE.format(
        where="d.state IN ('pending', 'held') AND n.state = 'cancelled'",
        new="CASE WHEN d.uncertain_resends > 0 THEN 'uncertain_final' ELSE 'skipped' END",
        reason="'cancelled'",
        also=_FINISH,
    )
)
_HOLD_PAUSED = text(
    _CHANGE.format(
        where="d.state = 'pending' AND n.state = 'paused'",
        new="'held'",
        reason="'paused'",
        also="",
    )
)
_HOLD_QUIET = text(
    _CHANGE.format(
        where="d.state = 'pending' AND d.channel = :channel AND d.priority > :at_once",
        new="'held'",
        reason="'quiet_hours'",
        also=", next_try_at = greatest(d.next_try_at, CAST(:until AS timestamptz))",
    )
)
_WAKE_QUIET = text(
    _CHANGE.format(
        where="d.state = 'held' AND d.reason = 'quiet_hours' AND d.channel = :channel",
        new="'pending'",
        reason="'quiet_hours_over'",
        also="",
    )
)
_WAKE_RESUMED = text(
    _CHANGE.format(
        where="d.state = 'held' AND d.reason = 'paused' AND n.state = 'sending'",
        new="'pending'",
        reason="'resumed'",
        also="",
    )
)
_OPEN_CHANNELS = text(
    "SELECT channel FROM channel_statuses"
    " WHERE stopped_reason IS NOT NULL OR open_until > placement_now()"
)


def sweep(settings: Settings) -> None:
    """Put every delivery where it belongs now and wake the senders of channels with work.

    Claims whose lease is over go back; deliveries that were being sent when their sender died are
    in doubt and treated by their notice's policy; what is too old expires; what is held for quiet
    hours or a pause is held or let go.
    """
    if not db.session.execute(select(func.pg_try_advisory_xact_lock(Lock.SWEEP, 0))).scalar_one():
        return
    for change in (_TAKE_BACK, _DOUBT, _RESEND, _GIVE_UP, _EXPIRE):
        db.session.execute(change)
    follow_notices()
    for channel in (Channel.MAIL, Channel.SMS):
        _observe_quiet_hours(channel, settings)
    wake_senders(settings)


def follow_notices() -> None:
    """Let deliveries follow what was decided about their notice: cancelled, resumed, paused."""
    for change in (_DROP_CANCELLED, _WAKE_RESUMED, _HOLD_PAUSED):
        db.session.execute(change)


def wake_senders(settings: Settings) -> None:
    """Send, after the commit, a wake-up for each slot of each channel that has work."""
    left_alone = set(db.session.execute(_OPEN_CHANNELS).scalars())
    for channel in (Channel.MAIL, Channel.SMS):
        offered = is_offered(channel, settings) and channel.value not in left_alone
        if offered and is_due(channel, settings):
            for slot in range(settings.senders):
                after_commit(DRAIN_DELIVERIES, channel.value, slot)


def _observe_quiet_hours(channel: Channel, settings: Settings) -> None:
    until = quiet_hours_of(channel, settings).ends_after(clock.now())
    if until is None:
        db.session.execute(_WAKE_QUIET, {"channel": channel.value})
        return
    values = {"channel": channel.value, "at_once": int(Priority.AT_ONCE), "until": until}
    db.session.execute(_HOLD_QUIET, values)
