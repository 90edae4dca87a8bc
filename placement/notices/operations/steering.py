"""Steering a notice on its way: pause, resume, cancel, resolve what is in doubt.

What is decided holds from the commit on: a sender asks for it before each message, so that at
most the one in the hands of each sender still goes out.
"""

import enum
from collections.abc import Sequence

from sqlalchemy import text

from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import PlacementError
from placement.notices.models import Channel, Notice, NoticeState
from placement.notices.operations.circuit import close_circuit
from placement.notices.operations.sweeping import follow_notices, wake_senders


class NoticeClosedError(PlacementError):
    """The notice was cancelled, which cannot be taken back."""

    code = "notice_cancelled"


class Resolution(enum.StrEnum):
    """What a person decides about messages of which we do not know whether they arrived."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"
    LEAVE = "leave"


_SET_STATE = text(
    """
    UPDATE notices SET state = :state, state_reason = NULL, changed_at = placement_now(),
        version = version + 1
    WHERE id = :notice AND state = ANY(:before) RETURNING version
    """
)
_RESOLVE = text(
    """
    WITH found AS (
        SELECT id, state FROM deliveries
        WHERE notice_id = :notice AND state IN ('uncertain', 'uncertain_final')
          AND (CAST(:delivery AS bigint) IS NULL OR id = :delivery)
          AND (:state <> 'pending' OR expires_at > placement_now())
        ORDER BY id FOR UPDATE
    ), changed AS (
        UPDATE deliveries d SET state = :state, reason = :reason,
            sent_at = CASE WHEN :state = 'sent' THEN d.sending_at ELSE d.sent_at END,
            finished_at = CASE WHEN :state = 'pending' THEN NULL ELSE placement_now() END,
            next_try_at = placement_now(),
            uncertain_resends = d.uncertain_resends + (:state = 'pending')::int
        FROM found f WHERE d.id = f.id AND f.state <> :state
        RETURNING d.id, f.state AS from_state
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
        SELECT id, from_state, :state, :worker, :reason FROM changed
    )
    SELECT count(*) FROM changed
    """
)
_RETRY = text(
    """
    WITH changed AS (
        UPDATE deliveries SET state = 'pending', reason = 'retried', finished_at = NULL,
            sent_at = NULL, provider_ref = NULL, attempts = 0, next_try_at = placement_now()
        WHERE notice_id = :notice AND state = 'failed' AND expires_at > placement_now()
          AND (CAST(:delivery AS bigint) IS NULL OR id = :delivery)
        RETURNING id
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
        SELECT id, 'failed', 'pending', :worker, 'retried' FROM changed
    )
    SELECT count(*) FROM changed
    """
)
_STATES = {
    Resolution.ARRIVED: "sent",
    Resolution.SEND_AGAIN: "pending",
    Resolution.LEAVE: "uncertain_final",
}


def pause_notice(notice: Notice, *, actor: Viewer | None) -> None:
    """Send nothing more of a notice until it is resumed. Raises NoticeClosedError."""
    _set_state(notice, NoticeState.PAUSED, [NoticeState.SENDING], actor=actor)


def resume_notice(notice: Notice, *, actor: Viewer | None, settings: Settings) -> None:
    """Go on with a paused notice. Raises NoticeClosedError."""
    _set_state(notice, NoticeState.SENDING, [NoticeState.PAUSED], actor=actor)
    with use_scope(system_scope("wake the senders")):
        wake_senders(settings)


def cancel_notice(notice: Notice, *, actor: Viewer | None) -> None:
    """Send nothing more of a notice, ever; what has gone out stays as it is."""
    before = [NoticeState.SENDING, NoticeState.PAUSED]
    _set_state(notice, NoticeState.CANCELLED, before, actor=actor)


def resolve_doubt(
    notice: Notice,
    resolution: Resolution,
    *,
    actor: Viewer | None,
    settings: Settings,
    delivery_id: int | None = None,
) -> int:
    """Decide about one delivery in doubt, or about all of a notice; how many it was.

    `SEND_AGAIN` sends a second copy under the same Message-ID, unless it is too late for it.
    Raises NoticeClosedError when a cancelled notice is to be sent again.
    """
    if resolution is Resolution.SEND_AGAIN and notice.state is NoticeState.CANCELLED:
        raise _closed()
    values = {
        "notice": notice.id,
        "delivery": delivery_id,
        "state": _STATES[resolution],
        "reason": f"resolved_{resolution.value}",
        "worker": _worker(actor),
    }
    with use_scope(system_scope("resolve what is in doubt")):
        changed = int(db.session.execute(_RESOLVE, values).scalar_one())
        wake_senders(settings)
    record_event(
        "notice.resolved",
        actor_id=_who(actor),
        subject=notice,
        details={"resolution": resolution.value, "deliveries": changed},
    )
    return changed


def retry_failed(
    notice: Notice, *, actor: Viewer | None, settings: Settings, delivery_id: int | None = None
) -> int:
    """Try again what was refused, under the same numbers; how many it was.

    It certainly did not arrive, so that no second copy comes of it. What is too old stays as it
    is, and an address that was given up is left out by the sender. Raises NoticeClosedError.
    """
    if notice.state is NoticeState.CANCELLED:
        raise _closed()
    values = {"notice": notice.id, "delivery": delivery_id, "worker": _worker(actor)}
    with use_scope(system_scope("try again what was refused")):
        changed = int(db.session.execute(_RETRY, values).scalar_one())
        wake_senders(settings)
    record_event(
        "notice.retried", actor_id=_who(actor), subject=notice, details={"deliveries": changed}
    )
    return changed


def restart_channel(channel: Channel, *, actor: Viewer | None, settings: Settings) -> None:
    """Try a channel again that was stopped until a person acts."""
    close_circuit(channel)
    with use_scope(system_scope("wake the senders")):
        wake_senders(settings)
    record_event(
        "channel.restarted",
        actor_id=_who(actor),
        subject="channel_statuses",
        details={"channel": channel.value},
    )


def _set_state(
    notice: Notice, state: NoticeState, before: Sequence[NoticeState], *, actor: Viewer | None
) -> None:
    values = {"notice": notice.id, "state": state.value, "before": [s.value for s in before]}
    changed = db.session.execute(_SET_STATE, values).first()
    db.session.refresh(notice)
    if changed is None:
        if notice.state is not state:
            raise _closed()
        return
    with use_scope(system_scope("deliveries follow their notice")):
        follow_notices()
    record_event(f"notice.{state.value}", actor_id=_who(actor), subject=notice)


def _who(actor: Viewer | None) -> int | None:
    return None if actor is None else actor.user_id


def _worker(actor: Viewer | None) -> str:
    return "command" if actor is None else f"user {actor.user_id}"


def _closed() -> NoticeClosedError:
    return NoticeClosedError("This notice was cancelled.", remedy="Send it anew if need be.")
