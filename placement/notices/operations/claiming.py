"""Claiming: a sender takes due deliveries for a while, under a lease.

What must not go out is settled in the same transaction and never reaches the sender: deliveries
of a notice that was paused or cancelled, people who opted out, addresses that are closed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from placement.config import Settings
from placement.db import db
from placement.notices.models import Channel
from placement.notices.operations.claimed import Claimed, open_claimed
from placement.notices.operations.hours import lowest_priority, some_due
from placement.notices.operations.rates import (
    Rates,
    capacity,
    lock_buckets,
    rates_of,
    spend,
    tokens_of,
)
from placement.notices.operations.settling import settle_unsendable

_LONGEST_WAIT_SECONDS = 1.0

_PICK = """
    SELECT id FROM deliveries
    WHERE channel = :channel AND state = 'pending' AND priority <= :priority
      AND next_try_at <= placement_now()
    ORDER BY priority, next_try_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_PICK_BY_DOMAIN = """
    SELECT picked.id
    FROM unnest(CAST(:domains AS text[]), CAST(:tokens AS int[])) AS allowed (domain, tokens)
    CROSS JOIN LATERAL (
        SELECT id, priority, next_try_at FROM deliveries
        WHERE channel = :channel AND state = 'pending' AND domain = allowed.domain
          AND priority <= :priority AND next_try_at <= placement_now()
        ORDER BY priority, next_try_at, id LIMIT allowed.tokens FOR UPDATE SKIP LOCKED
    ) AS picked
    ORDER BY picked.priority, picked.next_try_at, picked.id LIMIT :limit
"""
_CLAIM = """
    WITH picked AS MATERIALIZED ({pick}), taken AS (
        UPDATE deliveries d
        SET state = 'claimed', owner = :owner,
            lease_until = placement_now() + make_interval(secs => :lease)
        FROM picked WHERE d.id = picked.id AND d.state = 'pending'
        RETURNING d.*
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, from_state, to_state, worker)
        SELECT id, 'pending', 'claimed', :owner FROM taken
    )
    SELECT t.id, t.uid, t.notice_id, t.channel, t.locale, t.message_id, t.domain,
        t.address_sealed, t.values_sealed, t.uncertain_resends, n.kind, n.values,
        placement_now() AS at, p.person_uid, p.person_key, p.name, p.address, p.address_index,
        CASE WHEN t.student_id IS NULL THEN 'users' ELSE 'students' END AS register,
        CASE
            WHEN n.state = 'cancelled' THEN 'cancelled'
            WHEN t.expires_at <= placement_now() THEN 'expired'
            WHEN n.state = 'paused' THEN 'paused'
            WHEN p.gone THEN 'recipient_gone'
            WHEN EXISTS (
                SELECT FROM opt_outs o
                WHERE o.student_id = t.student_id AND o.kind = n.kind AND o.channel = t.channel
            ) OR EXISTS (
                SELECT FROM opt_outs o
                WHERE o.user_id = t.user_id AND o.kind = n.kind AND o.channel = t.channel
            ) THEN 'opted_out'
            WHEN EXISTS (
                SELECT FROM suppressions x
                WHERE x.channel = t.channel AND x.since <= placement_now()
                  AND x.address_index = p.address_index
                  AND (x.until IS NULL OR x.until > placement_now())
            ) THEN 'suppressed'
        END AS objection
    FROM taken t JOIN notices n ON n.id = t.notice_id
    CROSS JOIN LATERAL (
        SELECT uid AS person_uid, data_key AS person_key, name, voided_at IS NOT NULL AS gone,
            CASE t.channel WHEN 'mail' THEN email_sealed ELSE mobile_sealed END AS address,
            CASE t.channel WHEN 'mail' THEN email_index ELSE mobile_index END AS address_index
        FROM students WHERE id = t.student_id
        UNION ALL
        SELECT uid, data_key, display_name, disabled_at IS NOT NULL,
            CASE WHEN t.channel = 'mail' AND email_index IS NOT NULL THEN email_sealed END,
            CASE WHEN t.channel = 'mail' THEN email_index END
        FROM users WHERE id = t.user_id
    ) AS p
    ORDER BY t.priority, t.id
"""
_CLAIM_ANY = text(_CLAIM.format(pick=_PICK))
_CLAIM_BY_DOMAIN = text(_CLAIM.format(pick=_PICK_BY_DOMAIN))
# Each domain costs one look into the index, however many deliveries wait for it.
_DUE_DOMAINS = text(
    """
    WITH RECURSIVE seen AS (
        (SELECT domain FROM deliveries WHERE channel = :channel AND state = 'pending'
         AND domain IS NOT NULL ORDER BY domain LIMIT 1)
        UNION ALL
        SELECT (SELECT d.domain FROM deliveries d
                WHERE d.channel = :channel AND d.state = 'pending' AND d.domain > seen.domain
                ORDER BY d.domain LIMIT 1)
        FROM seen WHERE seen.domain IS NOT NULL
    )
    SELECT seen.domain FROM seen WHERE seen.domain IS NOT NULL AND EXISTS (
        SELECT FROM deliveries d
        WHERE d.channel = :channel AND d.state = 'pending' AND d.domain = seen.domain
          AND d.priority <= :priority AND d.next_try_at <= placement_now()
    )
    """
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sender got: deliveries, or how many seconds until a rate allows the next.

    Neither means that nothing is due.
    """

    deliveries: Sequence[Claimed]
    wait_seconds: float | None = None


def claim_deliveries(channel: Channel, *, owner: str, limit: int, settings: Settings) -> Claim:
    """Take up to `limit` due deliveries for `owner` under a lease of `settings.lease_seconds`.

    Those that must not go out are settled here; those without an address are skipped.
    """
    values = {
        "channel": channel.value,
        "owner": owner,
        "limit": limit,
        "lease": settings.lease_seconds,
        "priority": int(lowest_priority(channel, settings)),
    }
    rates = rates_of(channel, settings)
    if rates.limited:
        rows, wait = _claim_by_rate(channel, rates, values)
    else:
        rows, wait = db.session.execute(_CLAIM_ANY, values).all(), None
    objections = {row.id: row.objection for row in rows if row.objection}
    claimed = []
    for row in rows:
        if row.id in objections:
            continue
        found = open_claimed(row)
        if found is None:
            objections[row.id] = "no_address"
        else:
            claimed.append(found)
    settle_unsendable(objections, owner=owner)
    return Claim(claimed, None if claimed else 0.0 if rows else wait)


def _claim_by_rate(
    channel: Channel, rates: Rates, values: dict[str, Any]
) -> tuple[Sequence[Row[Any]], float | None]:
    """Claim as much as the buckets hold; else the seconds until they hold one message."""
    at = lock_buckets(channel)
    total: dict[str, float] = {}
    if rates.total:
        total = tokens_of([channel.value], rates.total, at=at)
        tokens = total[channel.value]
        if tokens < 1:
            due = some_due(channel, values["priority"])
            return [], (1 - tokens) / rates.total if due else None
        values = {**values, "limit": min(values["limit"], int(tokens))}
    if not rates.domain:
        rows = db.session.execute(_CLAIM_ANY, values).all()
        spend({key: tokens - len(rows) for key, tokens in total.items()}, at=at)
        return rows, None
    return _claim_by_domain(channel, rates, values, total, at)


def _claim_by_domain(
    channel: Channel, rates: Rates, values: dict[str, Any], total: dict[str, float], at: dt.datetime
) -> tuple[Sequence[Row[Any]], float | None]:
    domains = list(db.session.execute(_DUE_DOMAINS, values).scalars())
    if not domains:
        return [], None
    keys = {domain: f"{channel.value} {domain}" for domain in domains}
    tokens = tokens_of(list(keys.values()), rates.domain, at=at)
    allowed = {domain: int(tokens[key]) for domain, key in keys.items() if tokens[key] >= 1}
    rows = db.session.execute(
        _CLAIM_BY_DOMAIN,
        {**values, "domains": list(allowed), "tokens": list(allowed.values())},
    ).all()
    for row in rows:
        tokens[keys[row.domain]] -= 1
    spend(
        {key: left - len(rows) for key, left in total.items()}
        | {keys[row.domain]: tokens[keys[row.domain]] for row in rows},
        at=at,
    )
    if rows:
        return rows, None
    best = max(min(left, capacity(rates.domain)) for left in tokens.values())
    return [], min(_LONGEST_WAIT_SECONDS, max(0.01, (1 - best) / rates.domain))
