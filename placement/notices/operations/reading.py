"""What a student does with their messages."""

from collections.abc import Collection

from sqlalchemy import update

from placement.accounts.viewer import Viewer
from placement.db import SQL_NOW, db
from placement.notices.models import Channel, Delivery, NoticeKind
from placement.notices.operations.suppressing import opt_in, opt_out

KINDS_WITH_CHOICE = (NoticeKind.FAIR,)


def mark_read(delivery: Delivery) -> None:
    """Note when a message was opened first; opening it again changes nothing."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.read_at.is_(None))
        .values(read_at=SQL_NOW)
    )


def choose_channels(
    viewer: Viewer, wanted: Collection[Channel], *, offered: Collection[Channel]
) -> None:
    """Set by which of the offered channels a student hears of job fairs.

    The inbox always has them; a channel that was not offered keeps what was chosen before.
    """
    if viewer.student_id is None:
        return
    for kind in KINDS_WITH_CHOICE:
        for channel in offered:
            change = opt_in if channel in wanted else opt_out
            change(viewer.student_id, kind, channel)
