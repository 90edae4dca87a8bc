"""Announcing: one notice to an audience, all its deliveries at once or none.

The address is not copied here. It is read when a delivery is claimed and kept, sealed, by the
commit that marks it `sending`: an address that is corrected while a notice waits for its rate or
for the morning is used, and what is kept is where the message really went. Only the domain is
taken now, for its rate.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, TextClause, text

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import InvalidValueError
from placement.notices.channels import require_offered
from placement.notices.models import ACCOUNT_KINDS, Channel, NoticeState, Priority
from placement.notices.operations.announcement import (
    AlreadyAnnouncedError,
    Announced,
    Announcement,
)
from placement.notices.operations.hours import quiet_hours_of
from placement.notices.operations.recipients import Recipients, read_recipients
from placement.notices.operations.sweeping import wake_senders
from placement.notices.rendering import has_sms

LONGEST_HOURS = 72
"""A notice that could not go out for so long is no news any more."""


_INSERT_NOTICE = text(
    """
    INSERT INTO notices (uid, kind, subject_id, state, audience, audience_key, round,
        audience_size, values, university_id, uncertain_policy, expires_at, created_by,
        version)
    SELECT gen_random_uuid(), CAST(:kind AS text), CAST(:subject AS bigint), :state,
        CAST(:audience AS jsonb), :key,
        CASE WHEN :again THEN coalesce(max(round), 0) + 1 ELSE 1 END,
        :size, CAST(:values AS jsonb), CAST(:university AS bigint), :policy, :expires,
        CAST(:actor AS bigint), 1
    FROM notices
    WHERE kind = CAST(:kind AS text) AND subject_id IS NOT DISTINCT FROM CAST(:subject AS bigint)
      AND audience_key = :key
    ON CONFLICT (kind, subject_id, audience_key, round) DO NOTHING
    RETURNING id
    """
)
_FIND_NOTICE = text(
    """
    SELECT id FROM notices
    WHERE kind = CAST(:kind AS text) AND subject_id IS NOT DISTINCT FROM CAST(:subject AS bigint)
      AND audience_key = :key
    ORDER BY round DESC LIMIT 1
    """
)
# What a delivery begins as. `objection` and `held` are the same rules that a sender asks again.
_JUDGED = """
    SELECT s.id AS student_id, c.domain, coalesce(c.uid, gen_random_uuid()) AS uid, c.sealed,
        coalesce(s.locale, :locale) AS locale,
        CASE
            WHEN :channel = 'inbox' THEN NULL
            WHEN s.data_key IS NULL THEN 'no_address'
            WHEN :channel = 'mail' AND c.domain IS NULL THEN 'no_address'
            WHEN :channel = 'sms' AND s.mobile_sealed IS NULL THEN 'no_address'
            WHEN o.id IS NOT NULL THEN 'opted_out'
            WHEN x.id IS NOT NULL THEN 'suppressed'
        END AS objection
    FROM unnest(CAST(:ids AS bigint[]), CAST(:uids AS uuid[]), CAST(:domains AS text[]),
        CAST(:sealed AS bytea[])) AS c (id, uid, domain, sealed)
    JOIN students s ON s.id = c.id
    LEFT JOIN opt_outs o ON o.student_id = s.id AND o.kind = :kind AND o.channel = :channel
    LEFT JOIN suppressions x ON x.channel = :channel
        AND x.address_index = CASE :channel WHEN 'mail' THEN s.email_index ELSE s.mobile_index END
        AND x.since <= placement_now() AND (x.until IS NULL OR x.until > placement_now())
"""
_INSERT_DELIVERIES = text(
    f"""
    WITH judged AS MATERIALIZED ({_JUDGED}), placed AS (
        SELECT j.*, CASE
            WHEN j.objection IS NOT NULL THEN 'skipped'
            WHEN :channel = 'inbox' THEN 'sent'
            WHEN CAST(:quiet_until AS timestamptz) IS NOT NULL THEN 'held'
            ELSE 'pending' END AS state
        FROM judged j
    ), made AS (
        INSERT INTO deliveries (uid, notice_id, student_id, channel, state, reason, locale,
            message_id, domain, values_sealed, priority, expires_at, next_try_at, sent_at,
            finished_at)
        SELECT uid, :notice, student_id, :channel, state,
            CASE state WHEN 'held' THEN 'quiet_hours' ELSE objection END, locale,
            '<' || replace(uid::text, '-', '') || '@' || :mail_domain || '>',
            CASE WHEN :channel = 'mail' THEN domain END,
            CASE WHEN state <> 'skipped' THEN sealed END, :priority, :expires,
            CASE state WHEN 'held' THEN CAST(:quiet_until AS timestamptz) ELSE placement_now() END,
            CASE state WHEN 'sent' THEN placement_now() END,
            CASE WHEN state IN ('sent', 'skipped') THEN placement_now() END
        FROM placed ORDER BY student_id
        RETURNING id, state, reason
    ), logged AS (
        INSERT INTO delivery_events (delivery_id, to_state, worker, reason)
        SELECT id, state, 'announce', reason FROM made
    )
    SELECT state, count(*) FROM made GROUP BY state
    """  # noqa: S608 - put together from constants
)
_COUNT_JUDGED = text(
    f"""
    SELECT CASE WHEN objection IS NOT NULL THEN 'skipped' WHEN :channel = 'inbox' THEN 'sent'
        ELSE 'pending' END AS state, count(*)
    FROM ({_JUDGED}) AS judged GROUP BY 1
    """  # noqa: S608 - put together from constants
)


def announce(
    chosen: Select[Any],
    announcement: Announcement,
    *,
    actor: Viewer | None,
    settings: Settings,
    again: bool = False,
) -> Announced:
    """Make a notice and a delivery for each of the `chosen` and each channel.

    `chosen` selects student ids and is read with the scope in force, so that nobody outside it
    is written to. Who has no address, opted out or is suppressed gets a row that says so. The
    inbox is delivered at once. Senders are woken after the commit.

    Raises AlreadyAnnouncedError for the same to the same audience unless `again` (a second
    submit finds the first), ChannelNotOfferedError, and InvalidValueError for nobody or no
    channel.
    """
    ids = _chosen_ids(chosen, announcement, settings)
    with use_scope(system_scope("announce to a chosen audience")):
        notice_id = _insert_notice(announcement, len(ids), actor, settings, again=again)
        recipients = read_recipients(ids, with_domains=Channel.MAIL in announcement.channels)
        states = {
            channel: _insert_deliveries(notice_id, channel, recipients, announcement, settings)
            for channel in dict.fromkeys(announcement.channels)
        }
        wake_senders(settings)
    record_event(
        "notice.announced",
        actor_id=actor.user_id if actor else None,
        subject="notices",
        subject_id=notice_id,
        details={"kind": announcement.kind.value, "audience": len(ids)},
    )
    return Announced(notice_id, len(ids), states)


def preview(chosen: Select[Any], announcement: Announcement, *, settings: Settings) -> Announced:
    """Count what `announce` would do, and write nothing. Raises the same but for a repetition."""
    ids = _chosen_ids(chosen, announcement, settings)
    with use_scope(system_scope("announce to a chosen audience")):
        recipients = read_recipients(ids, with_domains=Channel.MAIL in announcement.channels)
        states = {
            channel: _counts(_COUNT_JUDGED, _judged(channel, recipients, announcement, settings))
            for channel in dict.fromkeys(announcement.channels)
        }
    return Announced(None, len(ids), states)


def _chosen_ids(chosen: Select[Any], announcement: Announcement, settings: Settings) -> list[int]:
    if not announcement.channels:
        raise InvalidValueError("No channel was chosen.", remedy="Choose mail, SMS or the inbox.")
    for channel in announcement.channels:
        require_offered(channel, settings)
    if Channel.SMS in announcement.channels and not has_sms(announcement.kind):
        raise InvalidValueError("There is no SMS text for this kind of notice.")
    if announcement.expires_at <= clock.now():
        raise InvalidValueError("It is too late to announce this: it is over.")
    ids = list(dict.fromkeys(db.session.execute(chosen).scalars()))
    if not ids:
        raise InvalidValueError("Nobody is in this audience.", remedy="Choose a wider one.")
    return ids


def _expiry(announcement: Announcement) -> dt.datetime:
    return min(announcement.expires_at, clock.now() + dt.timedelta(hours=LONGEST_HOURS))


def _insert_notice(
    announcement: Announcement, size: int, actor: Viewer | None, settings: Settings, *, again: bool
) -> int:
    values = {
        "kind": announcement.kind.value,
        "subject": announcement.subject_id,
        "state": NoticeState.SENDING.value,
        "audience": json.dumps(announcement.audience, default=list),
        "key": announcement.audience_key,
        "again": again,
        "size": size,
        "values": json.dumps(announcement.values),
        "university": announcement.university_id,
        "policy": settings.uncertain_policy,
        "expires": _expiry(announcement),
        "actor": actor.user_id if actor else None,
    }
    made: int | None = db.session.execute(_INSERT_NOTICE, values).scalar()
    if made is None:
        raise AlreadyAnnouncedError(int(db.session.execute(_FIND_NOTICE, values).scalar_one()))
    return made


def _judged(
    channel: Channel, recipients: Recipients, announcement: Announcement, settings: Settings
) -> dict[str, Any]:
    return {
        **recipients.columns(channel, announcement.personal),
        "channel": channel.value,
        "kind": announcement.kind.value,
        "locale": settings.default_locale,
    }


def _insert_deliveries(
    notice_id: int,
    channel: Channel,
    recipients: Recipients,
    announcement: Announcement,
    settings: Settings,
) -> dict[str, int]:
    at_once = announcement.kind in ACCOUNT_KINDS
    quiet_until = None if at_once else quiet_hours_of(channel, settings).ends_after(clock.now())
    values = {
        **_judged(channel, recipients, announcement, settings),
        "notice": notice_id,
        "mail_domain": settings.mail_from.rpartition("@")[2],
        "priority": int(Priority.AT_ONCE if at_once else Priority.USUAL),
        "expires": _expiry(announcement),
        "quiet_until": quiet_until,
    }
    return _counts(_INSERT_DELIVERIES, values)


def _counts(statement: TextClause, values: Mapping[str, Any]) -> dict[str, int]:
    return {state: int(count) for state, count in db.session.execute(statement, values)}
