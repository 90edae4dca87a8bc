"""The rows of an announcement: one delivery a recipient and channel, all in one statement."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from placement import clock
from placement.config import Settings
from placement.db import db
from placement.notices.digests import Rhythm, next_digest
from placement.notices.models import ACCOUNT_KINDS, WAITING_KINDS, Channel, Priority, Recipient
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.hours import quiet_hours_of
from placement.notices.operations.recipients import Recipients

LONGEST = dt.timedelta(hours=72)
"""What waited for a digest may go out for so long after it."""
TO_ACT_ON_IT = dt.timedelta(hours=24)
"""What would come in a digest later than so long before it is over goes out at once."""

# What a delivery begins as. `objection` and `held` are the same rules that a sender asks again.
_JUDGED = """
    SELECT s.id AS person_id, c.domain, coalesce(c.uid, gen_random_uuid()) AS uid, c.sealed,
        coalesce(CAST(:language AS text), s.locale, :locale) AS locale,
        CASE
            WHEN {gone} THEN 'recipient_gone'
            WHEN :channel = 'inbox' THEN NULL
            WHEN s.data_key IS NULL THEN 'no_address'
            WHEN :channel = 'mail' AND c.domain IS NULL THEN 'no_address'
            WHEN :channel = 'sms' AND {no_mobile} THEN 'no_address'
            WHEN o.id IS NOT NULL THEN 'opted_out'
            WHEN x.id IS NOT NULL THEN 'suppressed'
        END AS objection,
        {digest_at} AS digest_at
    FROM unnest(CAST(:ids AS bigint[]), CAST(:uids AS uuid[]), CAST(:domains AS text[]),
        CAST(:sealed AS bytea[])) AS c (id, uid, domain, sealed)
    JOIN {table} s ON s.id = c.id
    {rhythm}
    LEFT JOIN opt_outs o ON o.{column} = s.id AND o.kind = :kind AND o.channel = :channel
    LEFT JOIN suppressions x ON x.channel = :channel
        AND x.address_index = CASE :channel WHEN 'mail' THEN s.email_index ELSE s.mobile_index END
        AND x.since <= placement_now() AND (x.until IS NULL OR x.until > placement_now())
"""
_INSERT = """
    WITH judged AS MATERIALIZED ({judged}), placed AS (
        SELECT j.*, CASE
            WHEN j.objection IS NOT NULL THEN 'skipped'
            WHEN :channel = 'inbox' THEN 'sent'
            WHEN j.digest_at IS NOT NULL THEN 'held'
            WHEN CAST(:quiet_until AS timestamptz) IS NOT NULL THEN 'held'
            ELSE 'pending' END AS state
        FROM judged j
    ), made AS (
        INSERT INTO deliveries (uid, notice_id, {column}, channel, state, reason, locale,
            message_id, domain, values_sealed, priority, expires_at, next_try_at, sent_at,
            finished_at)
        SELECT uid, :notice, person_id, :channel, state,
            CASE WHEN state <> 'held' THEN objection WHEN digest_at IS NULL THEN 'quiet_hours'
                ELSE 'digest' END, locale,
            '<' || replace(uid::text, '-', '') || '@' || :mail_domain || '>',
            CASE WHEN :channel = 'mail' THEN domain END,
            CASE WHEN state <> 'skipped' THEN sealed END, :priority,
            CASE WHEN digest_at IS NULL THEN :expires
                ELSE least(digest_at + :longest, :news_until) END,
            CASE state WHEN 'held' THEN coalesce(digest_at, CAST(:quiet_until AS timestamptz))
                ELSE placement_now() END,
            CASE state WHEN 'sent' THEN placement_now() END,
            CASE WHEN state IN ('sent', 'skipped') THEN placement_now() END
        FROM placed ORDER BY person_id
        RETURNING id, state, reason
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, to_state, worker, reason)
        SELECT id, state, 'announce', reason FROM made
    )
    SELECT state, count(*) FROM made GROUP BY state
"""
_COUNT = """
    SELECT CASE WHEN objection IS NOT NULL THEN 'skipped' WHEN :channel = 'inbox' THEN 'sent'
        ELSE 'pending' END AS state, count(*)
    FROM ({judged}) AS judged GROUP BY 1
"""
# Students taken out with an import were left out when the recipients were read; of staff no mobile
# number is kept.
_PLACES = {
    Recipient.STUDENT: {
        "table": "students",
        "column": "student_id",
        "gone": "false",
        "no_mobile": "s.mobile_sealed IS NULL",
        "rhythm": "LEFT JOIN mail_rhythms r ON r.student_id = s.id",
        "digest_at": "CASE r.rhythm WHEN 'daily' THEN CAST(:daily AS timestamptz)"
        " WHEN 'weekly' THEN CAST(:weekly AS timestamptz) END",
    },
    Recipient.STAFF: {
        "table": "users",
        "column": "user_id",
        "gone": "s.disabled_at IS NOT NULL",
        "no_mobile": "true",
        "rhythm": "",
        "digest_at": "CAST(NULL AS timestamptz)",
    },
}


def _for_each(statement: str) -> Mapping[Recipient, TextClause]:
    return {
        recipient: text(statement.format(judged=_JUDGED.format(**place), **place))
        for recipient, place in _PLACES.items()
    }


_INSERTS, _COUNTS = _for_each(_INSERT), _for_each(_COUNT)


@dataclass(frozen=True, slots=True)
class Batch:
    """What the deliveries of one announcement have in common; without notice, a preview."""

    notice_id: int | None
    recipients: Recipients
    announcement: Announcement
    expires_at: dt.datetime
    settings: Settings

    def values(self, channel: Channel) -> dict[str, Any]:
        """The values of the statements for `channel`."""
        return {
            **self.recipients.columns(channel, self.announcement.personal),
            "channel": channel.value,
            "kind": self.announcement.kind.value,
            "language": self.announcement.language,
            "locale": self.settings.default_locale,
            **_digest_moments(channel, self.announcement),
        }


def _digest_moments(channel: Channel, announcement: Announcement) -> dict[str, dt.datetime | None]:
    """When a mail that can wait would go out in each rhythm; none where it would be too late."""
    moments: dict[str, dt.datetime | None] = {}
    students = announcement.to is Recipient.STUDENT
    can_wait = students and channel is Channel.MAIL and announcement.kind in WAITING_KINDS
    for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
        moment = next_digest(rhythm, clock.now())
        in_time = moment is not None and moment + TO_ACT_ON_IT < announcement.expires_at
        moments[rhythm.value] = moment if can_wait and in_time else None
    return moments


def insert_deliveries(batch: Batch, channel: Channel) -> dict[str, int]:
    """Write a delivery by `channel` for each recipient with its line in the log, by states."""
    announcement, settings = batch.announcement, batch.settings
    at_once = announcement.kind in ACCOUNT_KINDS
    quiet_until = None if at_once else quiet_hours_of(channel, settings).ends_after(clock.now())
    values = {
        **batch.values(channel),
        "notice": batch.notice_id,
        "mail_domain": settings.mail_from.rpartition("@")[2],
        "priority": int(Priority.AT_ONCE if at_once else Priority.USUAL),
        "expires": batch.expires_at,
        "quiet_until": quiet_until,
        "longest": LONGEST,
        "news_until": announcement.expires_at,
    }
    return _by_state(_INSERTS[announcement.to], values)


def count_judged(batch: Batch, channel: Channel) -> dict[str, int]:
    """Count what `insert_deliveries` would write, by states."""
    return _by_state(_COUNTS[batch.announcement.to], batch.values(channel))


def _by_state(statement: TextClause, values: Mapping[str, Any]) -> dict[str, int]:
    return {state: int(count) for state, count in db.session.execute(statement, values)}
