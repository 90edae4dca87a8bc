"""Reads of long work."""

from sqlalchemy import Select, and_, or_, select

from placement.db import SQL_NOW
from placement.work.models import Work, WorkState


def due_work() -> Select[Work]:
    """Select what nobody holds: queued, or with a lease that has run out."""
    return (
        select(Work)
        .where(
            or_(
                Work.state == WorkState.QUEUED,
                and_(Work.state == WorkState.RUNNING, Work.lease_until < SQL_NOW),
            )
        )
        .order_by(Work.id)
    )
