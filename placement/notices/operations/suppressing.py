"""Addresses that are not written to any more, and kinds of notice that people do not want."""

from sqlalchemy import text

from placement.db import db
from placement.notices.models import Channel, NoticeKind

# One refusal may be a mistake of the other side; on a second day the address is given up.
_NOTE_BOUNCE = text(
    """
    INSERT INTO suppressions AS x (channel, address_index, reason, bounces, bounced_on)
    SELECT d.channel, CASE d.channel WHEN 'mail' THEN s.email_index ELSE s.mobile_index END,
        'hard_bounce', 1, placement_today()
    FROM deliveries d JOIN students s ON s.id = d.student_id
    WHERE d.id = :delivery
      AND CASE d.channel WHEN 'mail' THEN s.email_index ELSE s.mobile_index END IS NOT NULL
    ON CONFLICT (channel, address_index) DO UPDATE
    SET bounces = x.bounces + 1, bounced_on = excluded.bounced_on,
        since = coalesce(x.since, CASE WHEN x.bounces >= 1 THEN placement_now() END)
    WHERE x.bounced_on IS DISTINCT FROM excluded.bounced_on
    """
)
_SUPPRESS = text(
    """
    INSERT INTO suppressions (channel, address_index, reason, since)
    VALUES (:channel, :index, :reason, placement_now())
    ON CONFLICT (channel, address_index) DO UPDATE
    SET reason = excluded.reason, since = coalesce(suppressions.since, excluded.since), until = NULL
    """
)
_OPT_OUT = text(
    "INSERT INTO opt_outs (student_id, kind, channel) VALUES (:student, :kind, :channel)"
    " ON CONFLICT (student_id, kind, channel) DO NOTHING"
)
_OPT_IN = text(
    "DELETE FROM opt_outs WHERE student_id = :student AND kind = :kind AND channel = :channel"
)


def note_bounce(delivery_id: int) -> None:
    """Count that a student's address was refused for good; on the second day it is suppressed."""
    db.session.execute(_NOTE_BOUNCE, {"delivery": delivery_id})


def suppress_address(channel: Channel, address_index: bytes, *, reason: str) -> None:
    """Write no more to an address, by its blind index; `reason` is `complaint` or `manual`."""
    values = {"channel": channel.value, "index": address_index, "reason": reason}
    db.session.execute(_SUPPRESS, values)


def opt_out(student_id: int, kind: NoticeKind, channel: Channel) -> None:
    """Send a student no more notices of a kind by a channel; twice is as good as once."""
    values = {"student": student_id, "kind": kind.value, "channel": channel.value}
    db.session.execute(_OPT_OUT, values)


def opt_in(student_id: int, kind: NoticeKind, channel: Channel) -> None:
    """Send a student notices of a kind by a channel again."""
    values = {"student": student_id, "kind": kind.value, "channel": channel.value}
    db.session.execute(_OPT_IN, values)
