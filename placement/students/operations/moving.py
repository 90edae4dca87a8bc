"""Giving students to counselors: the one act behind hand-overs and reassignment of many."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import text, update

from placement import clock
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.students.models import HandOver, HandOverState

_END = text(
    "UPDATE assignments SET holds_to = greatest(holds_from, CAST(:today AS date))"
    " WHERE student_id = ANY (CAST(:students AS bigint[])) AND holds_to IS NULL"
)
_BEGIN = text(
    """
    INSERT INTO assignments (student_id, counselor_id, holds_from, assigned_by, reassignment_id)
    SELECT given.student, given.counselor, greatest(CAST(:today AS date), (
            SELECT max(holds_to) FROM assignments WHERE student_id = given.student)),
        :actor, :reassignment
    FROM unnest(CAST(:students AS bigint[]), CAST(:counselors AS bigint[]))
        AS given (student, counselor)
    """
)


def move_students(
    receivers: Mapping[int, int],
    *,
    actor: Viewer,
    today: dt.date,
    reassignment_id: int | None = None,
) -> None:
    """Make counselors responsible from `today` on; `receivers` is user by student.

    Whoever was responsible until now ceases to be on the same day, so that there is no day
    without anybody; open offers of these students lapse.
    """
    students = list(receivers)
    db.session.execute(_END, {"students": students, "today": today})
    db.session.execute(
        _BEGIN,
        {
            "students": students,
            "counselors": list(receivers.values()),
            "today": today,
            "actor": actor.user_id,
            "reassignment": reassignment_id,
        },
    )
    db.session.execute(
        update(HandOver)
        .where(HandOver.student_id.in_(students), HandOver.state == HandOverState.OFFERED)
        .values(state=HandOverState.WITHDRAWN, answered_at=clock.now())
    )
