"""Announcing: one notice to an audience, all its deliveries at once or none.

The address is not copied here. It is read when a delivery is claimed and kept, sealed, by the
commit that marks it `sending`: an address that is corrected while a notice waits for its rate or
for the morning is used, and what is kept is where the message really went. Only the domain is
taken now, for its rate.
"""

import datetime as dt
import json
from typing import Any

from sqlalchemy import Select, text

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import InvalidValueError
from placement.notices.channels import require_offered
from placement.notices.models import Channel, NoticeState, Recipient
from placement.notices.operations.announcement import (
    AlreadyAnnouncedError,
    Announced,
    Announcement,
)
from placement.notices.operations.delivery_rows import Batch, count_judged, insert_deliveries
from placement.notices.operations.recipients import read_recipients
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


def announce(
    chosen: Select[Any],
    announcement: Announcement,
    *,
    actor: Viewer | None,
    settings: Settings,
    again: bool = False,
) -> Announced:
    """Make a notice and a delivery for each of the `chosen` and each channel.

    `chosen` selects ids of whom the announcement goes `to`, students or staff, and is read with
    the scope in force, so that nobody outside it is written to. Who has no address, opted out or
    is suppressed gets a row that says so. The
    inbox is delivered at once. Senders are woken after the commit.

    Raises AlreadyAnnouncedError for the same to the same audience unless `again` (a second
    submit finds the first), ChannelNotOfferedError, and InvalidValueError for nobody or no
    channel.
    """
    ids = _chosen_ids(chosen, announcement, settings)
    with use_scope(system_scope("announce to a chosen audience")):
        notice_id = _insert_notice(announcement, len(ids), actor, settings, again=again)
        recipients = read_recipients(ids, announcement)
        batch = Batch(notice_id, recipients, announcement, _expiry(announcement), settings)
        states = {channel: insert_deliveries(batch, channel) for channel in recipients.channels}
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
        recipients = read_recipients(ids, announcement)
        batch = Batch(None, recipients, announcement, _expiry(announcement), settings)
        states = {channel: count_judged(batch, channel) for channel in recipients.channels}
    return Announced(None, len(ids), states)


def announced_before(announcement: Announcement) -> int | None:
    """The newest notice of the same to the same audience, if there is one."""
    values = {
        "kind": announcement.kind.value,
        "subject": announcement.subject_id,
        "key": announcement.audience_key,
    }
    found: int | None = db.session.execute(_FIND_NOTICE, values).scalar()
    return found


def _chosen_ids(chosen: Select[Any], announcement: Announcement, settings: Settings) -> list[int]:
    if not announcement.channels:
        raise InvalidValueError("No channel was chosen.", remedy="Choose mail, SMS or the inbox.")
    if announcement.to is Recipient.STAFF and set(announcement.channels) != {Channel.MAIL}:
        raise InvalidValueError("Staff are written to by mail alone.")
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
