"""What a student does with their messages."""

from sqlalchemy import update

from placement.db import SQL_NOW, db
from placement.notices.models import Delivery


def mark_read(delivery: Delivery) -> None:
    """Note when a message was opened first; opening it again changes nothing."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.read_at.is_(None))
        .values(read_at=SQL_NOW)
    )
