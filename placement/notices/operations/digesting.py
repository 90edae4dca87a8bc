"""Digests: what could wait for somebody's evening or week goes out as one mail.

A mail that waits is a delivery held for the digest. When its moment comes, one that is alone goes
out as it is; several of one person become the lines of one new mail, and each of them says in
which. The rows are locked while that is done, so that two sweepers cannot do it twice.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select, text

from placement import clock
from placement.config import Settings
from placement.db import db
from placement.notices.channels import is_offered
from placement.notices.models import Channel, Delivery, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import LONGEST_HOURS, announce
from placement.notices.rendering import subject_of
from placement.students.models import Student

_DUE = text(
    """
    SELECT d.id, d.student_id, d.locale, d.notice_id, n.kind, n.values
    FROM deliveries d JOIN notices n ON n.id = d.notice_id
    WHERE d.state = 'held' AND d.reason = 'digest' AND d.next_try_at <= placement_now()
      AND n.state = 'sending' AND d.expires_at > placement_now()
    ORDER BY d.student_id, d.id FOR UPDATE OF d SKIP LOCKED
    """
)
_LET_GO = text(
    """
    WITH changed AS (
        UPDATE deliveries SET state = 'pending', reason = NULL WHERE id = ANY(:ids) RETURNING id
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'held', 'pending', 'sweeper', 'digest_alone' FROM changed
    """
)
_MERGE = text(
    """
    WITH changed AS (
        UPDATE deliveries d SET state = 'skipped', reason = 'in_digest', digest_id = p.digest_id,
            finished_at = placement_now(), values_sealed = NULL
        FROM unnest(CAST(:ids AS bigint[]), CAST(:digests AS bigint[])) AS p (id, digest_id)
        WHERE d.id = p.id
        RETURNING d.id
    )
    INSERT INTO delivery_events (delivery_id, from_state, to_state, worker, reason)
    SELECT id, 'held', 'skipped', 'sweeper', 'in_digest' FROM changed
    """
)


def make_digests(settings: Settings) -> int:
    """Make the digests that are due, under the program's own scope; how many there are."""
    if not is_offered(Channel.MAIL, settings):
        return 0
    waiting: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_DUE):
        waiting[row.student_id].append(row)
    alone = [rows[0].id for rows in waiting.values() if len(rows) == 1]
    if alone:
        db.session.execute(_LET_GO, {"ids": alone})
    several = {student: rows for student, rows in waiting.items() if len(rows) > 1}
    if several:
        _merge(several, settings)
    return len(several)


def _merge(waiting: Mapping[int, Sequence[Row[Any]]], settings: Settings) -> None:
    told = announce(
        select(Student.id).where(Student.id == func.any(list(waiting))),
        Announcement(
            kind=NoticeKind.DIGEST,
            subject_id=None,
            values={"path": "/inbox"},
            channels=(Channel.MAIL,),
            audience={"once": uuid.uuid4().hex},
            expires_at=clock.now() + dt.timedelta(hours=LONGEST_HOURS),
            personal={
                student: {"items": [_item(row) for row in rows]}
                for student, rows in waiting.items()
            },
        ),
        actor=None,
        settings=settings,
    )
    made = select(Delivery.student_id, Delivery.id).where(Delivery.notice_id == told.notice_id)
    digests = {row[0]: row[1] for row in db.session.execute(made)}
    rows = [row for rows in waiting.values() for row in rows]
    db.session.execute(
        _MERGE,
        {"ids": [row.id for row in rows], "digests": [digests[row.student_id] for row in rows]},
    )


def _item(row: Row[Any]) -> dict[str, str]:
    """One line of a digest: what the mail would have been called, and where it leads."""
    title = subject_of(NoticeKind(row.kind), row.locale, row.values)
    return {"title": title, "path": row.values.get("path", "/inbox")}
