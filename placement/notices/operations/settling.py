"""Settling: what became of a delivery in the hands of a sender.

Every change is one conditional UPDATE on state and owner with its line in the log; where it
changes no row, somebody else has the delivery and nothing is done.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from placement.db import db
from placement.notices.channels.link import ErrorClass, Reply, Verdict
from placement.notices.models import Channel, NoticeState
from placement.notices.operations.suppressing import note_bounce

_SAME_REFUSALS = 20
"""After so many refusals of its text in a row a notice is paused: its template is at fault."""

# Back-off of 1, 5, 15, 60 minutes and then hourly, a fifth more or less.
_BACK_OFF = """
    placement_now() + (0.8 + 0.4 * random()) * make_interval(
        mins => CASE least(d.attempts + (d.state = 'claimed')::int, 4)
            WHEN 1 THEN 1 WHEN 2 THEN 5 WHEN 3 THEN 15 ELSE 60 END)
"""
_SETTLE = """
    WITH before AS (
        SELECT id, state FROM deliveries
        WHERE id = :id AND state IN ('claimed', 'sending') AND owner = :owner FOR UPDATE
    ), settled AS (
        UPDATE deliveries d SET state = :state, owner = NULL, lease_until = NULL,
            attempts = d.attempts + (d.state = 'claimed')::int,
            reply_code = :code, enhanced_code = :enhanced, error_class = :error, reason = :reason,
            {also}
        FROM before b WHERE d.id = b.id
        RETURNING d.id, b.state AS from_state
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
        SELECT id, from_state, :state, :owner, :reason FROM settled
    )
    SELECT id FROM settled
"""
_DEFER = text(_SETTLE.format(also=f"next_try_at = {_BACK_OFF}"))
_FAIL = text(_SETTLE.format(also="finished_at = placement_now(), values_sealed = NULL"))
_DOUBT = text(_SETTLE.format(also="next_try_at = placement_now()"))

_RELEASE = text(
    """
    WITH released AS (
        UPDATE deliveries SET state = 'pending', owner = NULL, lease_until = NULL
        WHERE id = ANY(:ids) AND state = 'claimed' AND owner = :owner RETURNING id
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'claimed', 'pending', :owner, :reason FROM released
    """
)
_OBJECT = text(
    """
    WITH told AS (
        SELECT id, reason, CASE reason WHEN 'expired' THEN 'expired' WHEN 'paused' THEN 'held'
            ELSE 'skipped' END AS state
        FROM unnest(CAST(:ids AS bigint[]), CAST(:reasons AS text[])) AS t (id, reason)
    ), settled AS (
        UPDATE deliveries d SET state = t.state, reason = t.reason, owner = NULL,
            lease_until = NULL,
            finished_at = CASE WHEN t.state = 'held' THEN NULL ELSE placement_now() END,
            values_sealed = CASE WHEN t.state = 'held' THEN d.values_sealed END
        FROM told t WHERE d.id = t.id AND d.state = 'claimed' AND d.owner = :owner
        RETURNING d.id, d.state, d.reason
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'claimed', state, :owner, reason FROM settled
    """
)
# Whatever stood in the way, in the order of finality; nothing of it any more: back to the queue.
_REFUSED_MARK = text(
    """
    WITH told AS (
        SELECT d.id, CASE
            WHEN n.state = 'cancelled' THEN 'cancelled'
            WHEN d.expires_at <= placement_now() THEN 'expired'
            WHEN EXISTS (
                SELECT FROM opt_outs o
                WHERE (o.student_id = d.student_id OR o.user_id = d.user_id)
                  AND o.kind = n.kind AND o.channel = d.channel
            ) THEN 'opted_out'
            WHEN n.state = 'paused' THEN 'paused'
        END AS reason
        FROM deliveries d JOIN notices n ON n.id = d.notice_id
        WHERE d.id = :id AND d.state = 'claimed' AND d.owner = :owner
        FOR UPDATE OF d
    ), settled AS (
        UPDATE deliveries d SET owner = NULL, lease_until = NULL, reason = t.reason,
            state = CASE WHEN t.reason IS NULL THEN 'pending' WHEN t.reason = 'paused' THEN 'held'
                WHEN t.reason = 'expired' THEN 'expired' ELSE 'skipped' END,
            finished_at = CASE WHEN t.reason = 'paused' OR t.reason IS NULL THEN NULL
                ELSE placement_now() END
        FROM told t WHERE d.id = t.id
        RETURNING d.id, d.state, d.reason
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'claimed', state, :owner, reason FROM settled
    """
)
_LAST_REFUSALS = text(
    """
    SELECT count(*) FROM (
        SELECT state, error_class FROM deliveries
        WHERE notice_id = :notice AND channel = :channel AND finished_at IS NOT NULL
          AND state NOT IN ('skipped', 'expired')
        ORDER BY finished_at DESC LIMIT :same
    ) AS last WHERE state = 'failed' AND error_class = 'content'
    """
)
_PAUSE = text(
    "UPDATE notices SET state = :paused, state_reason = 'text_refused',"
    " changed_at = placement_now(), version = version + 1 WHERE id = :notice AND state = 'sending'"
)


def settle_reply(
    delivery_id: int, reply: Reply, *, owner: str, notice_id: int, channel: Channel
) -> None:
    """Write what the other side answered, unless it was a yes (the next commit tells that).

    Not now: back to `pending` with a later try. Never: `failed`; an address that was refused on
    two days is suppressed; a text that was refused again and again pauses its notice. No answer:
    `uncertain`.
    """
    reason = _reason(reply)
    values = {
        "id": delivery_id,
        "owner": owner,
        "code": reply.code,
        "enhanced": reply.enhanced,
        "error": reply.error.value if reply.error else None,
        "reason": reason,
    }
    if reply.verdict is Verdict.DEFERRED:
        db.session.execute(_DEFER, {**values, "state": "pending"})
    elif reply.verdict is Verdict.UNKNOWN:
        db.session.execute(_DOUBT, {**values, "state": "uncertain"})
    elif db.session.execute(_FAIL, {**values, "state": "failed"}).first() is not None:
        if reply.error is ErrorClass.ADDRESS:
            note_bounce(delivery_id)
        elif reply.error is ErrorClass.CONTENT:
            _pause_after_refusals(notice_id, channel)


def settle_unsendable(objections: Mapping[int, str], *, owner: str) -> None:
    """Settle claimed deliveries that must not go out, by the code of the objection to each."""
    if objections:
        values = {"ids": list(objections), "reasons": list(objections.values()), "owner": owner}
        db.session.execute(_OBJECT, values)


def settle_refused_mark(delivery_id: int, *, owner: str) -> None:
    """Settle a delivery that must not go out after all, as the commit before DATA found.

    If its lease is over it is no longer ours and nothing is done.
    """
    db.session.execute(_REFUSED_MARK, {"id": delivery_id, "owner": owner})


def release(ids: Sequence[int], *, owner: str, reason: str) -> None:
    """Give claimed deliveries back untried; `reason` is a code for the log."""
    if ids:
        db.session.execute(_RELEASE, {"ids": list(ids), "owner": owner, "reason": reason})


def _reason(reply: Reply) -> str:
    if reply.verdict is Verdict.UNKNOWN:
        return "no_answer"
    kind = reply.error.value if reply.error else "refused"
    return f"{kind}_deferred" if reply.verdict is Verdict.DEFERRED else f"{kind}_refused"


def _pause_after_refusals(notice_id: int, channel: Channel) -> None:
    values: dict[str, Any] = {
        "notice": notice_id,
        "channel": channel.value,
        "same": _SAME_REFUSALS,
    }
    if db.session.execute(_LAST_REFUSALS, values).scalar_one() >= _SAME_REFUSALS:
        db.session.execute(_PAUSE, {"notice": notice_id, "paused": NoticeState.PAUSED.value})
