"""Addresses that are not written to any more, and kinds of notice that people do not want."""

from sqlalchemy import text

from placement.db import db
from placement.notices.models import Channel, NoticeKind

# One refusal may be a mistake of the other side; on a second day the address is given up.
_NOTE_BOUNCE = text(
    """
    INSERT INTO suppressions AS x (channel, address_index, reason, bounces, bounced_on)
    SELECT d.channel, i.address_index, 'hard_bounce', 1, placement_today()
    FROM deliveries d LEFT JOIN students s ON s.id = d.student_id
    LEFT JOIN users u ON u.id = d.user_id
    CROSS JOIN LATERAL (
        SELECT CASE d.channel WHEN 'mail' THEN coalesce(s.email_index, u.email_index)
            ELSE s.mobile_index END AS address_index
    ) AS i
    WHERE d.id = :delivery AND i.address_index IS NOT NULL
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
    "INSERT INTO opt_outs (student_id, user_id, kind, channel)"
    " VALUES (:student, :user, :kind, :channel) ON CONFLICT DO NOTHING"
)
_OPT_IN = text(
    "DELETE FROM opt_outs WHERE (student_id = :student OR user_id = :user)"
    " AND kind = :kind AND channel = :channel"
)


def note_bounce(delivery_id: int) -> None:
    """Count that a person's address was refused for good; on the second day it is suppressed."""
    db.session.execute(_NOTE_BOUNCE, {"delivery": delivery_id})


def suppress_address(channel: Channel, address_index: bytes, *, reason: str) -> None:
    """Write no more to an address, by its blind index; `reason` is `complaint` or `manual`."""
    values = {"channel": channel.value, "index": address_index, "reason": reason}
    db.session.execute(_SUPPRESS, values)


def opt_out(
    student_id: int | None, kind: NoticeKind, channel: Channel, *, user_id: int | None = None
) -> None:
    """Send a person no more notices of a kind by a channel; twice is as good as once.

    The person is a student, or with `user_id` and no student a member of staff.
    """
    db.session.execute(_OPT_OUT, _choice(student_id, user_id, kind, channel))


def opt_in(
    student_id: int | None, kind: NoticeKind, channel: Channel, *, user_id: int | None = None
) -> None:
    """Send a person notices of a kind by a channel again; the person as in `opt_out`."""
    db.session.execute(_OPT_IN, _choice(student_id, user_id, kind, channel))


def _choice(
    student_id: int | None, user_id: int | None, kind: NoticeKind, channel: Channel
) -> dict[str, object]:
    names = {"kind": kind.value, "channel": channel.value}
    return {"student": student_id, "user": user_id, **names}
