"""A sender's post: its slot of the channel, and the one commit that each message costs.

A channel has as many slots as settings.senders says. Each is an advisory lock on a connection of
the sender's own, so that a dead sender frees its slot by dying.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from placement.db import own_connection, system_scope
from placement.locks import Lock, held_beside
from placement.notices.channels.link import Reply
from placement.notices.models import Channel
from placement.notices.operations.claimed import Claimed

_REASON = "sending of notices"
_SLOTS_A_CHANNEL = 1000
_NUMBERS = {channel: number for number, channel in enumerate(Channel)}

# One trip and one commit: the next message becomes `sending` in the very transaction that makes
# the last one `sent`. What may have changed since the claim is asked once more.
_MARK = """
    WITH last AS (
        UPDATE deliveries SET state = 'sent', owner = NULL, lease_until = NULL,
            sent_at = placement_now(), finished_at = placement_now(), reason = NULL,
            reply_code = %(code)s, enhanced_code = %(enhanced)s, error_class = NULL,
            provider_ref = %(reference)s, values_sealed = NULL
        WHERE id = %(last)s AND state = 'sending' AND owner = %(owner)s
        RETURNING id
    ), next AS (
        UPDATE deliveries d SET state = 'sending', sending_at = placement_now(),
            lease_until = placement_now() + make_interval(secs => %(lease)s),
            attempts = attempts + 1, address_sealed = %(address)s
        FROM notices n
        WHERE d.id = %(next)s AND d.state = 'claimed' AND d.owner = %(owner)s
          AND d.lease_until > placement_now() AND d.expires_at > placement_now()
          AND n.id = d.notice_id AND n.state = 'sending'
          AND NOT EXISTS (
            SELECT FROM opt_outs o
            WHERE o.student_id = d.student_id AND o.kind = n.kind AND o.channel = d.channel)
          AND NOT EXISTS (
            SELECT FROM opt_outs o
            WHERE o.user_id = d.user_id AND o.kind = n.kind AND o.channel = d.channel)
          AND NOT EXISTS (
            SELECT FROM suppressions x
            WHERE x.channel = d.channel AND x.address_index = %(address_index)s
              AND x.since <= placement_now() AND (x.until IS NULL OR x.until > placement_now()))
        RETURNING d.id
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker)
        SELECT id, 'sending', 'sent', %(owner)s FROM last
        UNION ALL SELECT id, 'claimed', 'sending', %(owner)s FROM next
    )
    SELECT (SELECT count(*) FROM last), (SELECT count(*) FROM next)
"""
# The answer came after the lease was over: it is the evidence that was missing.
_MARK_LATE = """
    WITH late AS (
        SELECT id, state FROM deliveries
        WHERE id = %(last)s AND address_sealed IS NOT NULL AND (
            state IN ('uncertain', 'uncertain_final')
            OR state IN ('pending', 'held', 'claimed') AND uncertain_resends > 0
            OR state = 'sending' AND owner = %(owner)s)
        FOR UPDATE
    ), sent AS (
        UPDATE deliveries d SET state = 'sent', owner = NULL, lease_until = NULL,
            sent_at = placement_now(), finished_at = placement_now(), reason = 'late_evidence',
            reply_code = %(code)s, enhanced_code = %(enhanced)s, error_class = NULL,
            provider_ref = %(reference)s, values_sealed = NULL
        FROM late l WHERE d.id = l.id RETURNING d.id, l.state
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, state, 'sent', %(owner)s, 'late_evidence' FROM sent
"""
# Only what is still to be tried: the claim of a slow sender outlives its lease.
_RENEW = """
    UPDATE deliveries SET lease_until = placement_now() + make_interval(secs => %(lease)s)
    WHERE id = ANY(%(ids)s) AND state = 'claimed' AND owner = %(owner)s
      AND lease_until > placement_now()
"""


class Post:
    """Where one sender stands: `owner` is its name in the rows that it holds."""

    def __init__(self, connection: psycopg.Connection[Any], owner: str, lease_seconds: int) -> None:
        self.owner = owner
        # One cursor and a prepared statement: what each message costs here is counted in figures.
        self._cursor = connection.cursor()
        self._lease = lease_seconds

    def mark(self, following: Claimed | None, last: tuple[int, Reply] | None) -> bool:
        """Commit that `last` was sent and that `following` is being sent now, both or either.

        False when `following` must not go out: its lease is over, its notice was stopped, its
        recipient opted out meanwhile, or it expired.
        """
        values = self._values(last)
        values |= {"next": None, "address": None, "address_index": None}
        if following is not None:
            values["next"] = following.id
            values["address"] = following.sealed_address()
            values["address_index"] = following.address_index
        row = self._cursor.execute(_MARK, values, prepare=True).fetchone()
        marked_last, marked_next = row or (0, 0)
        if last is not None and not marked_last:
            self.mark_late(last)
        return bool(marked_next)

    def mark_late(self, last: tuple[int, Reply]) -> None:
        """Write that a message was sent although its row is no longer ours."""
        self._cursor.execute(_MARK_LATE, self._values(last))

    def renew(self, ids: list[int]) -> None:
        """Keep claimed deliveries for another lease."""
        self._cursor.execute(_RENEW, {"ids": ids, "owner": self.owner, "lease": self._lease})

    def _values(self, last: tuple[int, Reply] | None) -> dict[str, Any]:
        number, reply = last or (None, None)
        return {
            "owner": self.owner,
            "lease": self._lease,
            "last": number,
            "code": reply.code if reply else None,
            "enhanced": reply.enhanced if reply else None,
            "reference": reply.reference if reply else None,
        }


@contextmanager
def take_post(
    channel: Channel, slot: int, *, owner: str, lease_seconds: int
) -> Iterator[Post | None]:
    """Take a slot of a channel for as long as the block lasts; None when somebody has it."""
    key = _NUMBERS[channel] * _SLOTS_A_CHANNEL + slot
    with held_beside(Lock.SENDER, key, reason=_REASON) as connection:
        if connection is None:
            yield None
            return
        # To plan the statement anew for each message would take longer than to run it.
        connection.execute("SET plan_cache_mode = force_generic_plan")
        yield Post(connection, owner, lease_seconds)


@contextmanager
def new_post(*, owner: str, lease_seconds: int) -> Iterator[Post]:
    """Open a post without a slot, to write what a lost connection kept from being written."""
    with own_connection(system_scope(_REASON)) as connection:
        yield Post(connection, owner, lease_seconds)
