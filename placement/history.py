"""What is never overwritten: rows with the day they hold from and the moments they were known.

A correction is a new row; a withdrawal sets `voided_at`. `recorded_at` is what a report "known
at" a moment reads; `entered_at` is the database's clock and never given, so that a backdated
import is told apart.

A report without a given moment answers for the newest closed one: each writer of history holds
an advisory lock whose key is a moment before all that it records, so a reader that looks at the
locks first and at the data next can name a moment that no writer can still reach.
"""

import datetime as dt
from typing import TypedDict

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import db
from placement.errors import InvalidValueError

_LOCK = text(
    "SELECT pg_advisory_xact_lock_shared((extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
)
_MOMENT = text(
    "SELECT clock_timestamp()"
    " + coalesce(nullif(current_setting('placement.clock_offset', true), '')::interval, '0')"
)
_READER = text("SELECT clock_timestamp()")
_OLDEST_WRITER = text(
    "SELECT min((classid::bigint << 32) | objid::bigint) FROM pg_locks"
    " WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Historic:
    """Columns of a row of history: known from `recorded_at` on, until `voided_at` if set."""

    recorded_at: Mapped[dt.datetime]
    entered_at: Mapped[dt.datetime]
    voided_at: Mapped[dt.datetime | None]

    import_id: Mapped[int | None] = mapped_column(index=True)
    """The import that brought the row, if one did.

    Not a foreign key: imports are never deleted, and the check of each row would take a fifth
    of the time of a whole import.
    """


def history_moment() -> dt.datetime:
    """The moment at which this transaction records history; the same for all its rows.

    Takes the writer's lock first, so that no report can close a moment at or after it while
    this transaction is under way.
    """
    session = db.session()
    session.connection()
    known: tuple[object, dt.datetime] | None = session.info.get("history_moment")
    current = session.get_transaction()
    if known is not None and known[0] is current:
        return known[1]
    session.execute(_LOCK)
    moment: dt.datetime = session.execute(_MOMENT).scalar_one()
    session.info["history_moment"] = (current, moment)
    return moment


class Recorded(TypedDict):
    """The columns of `Historic` for a new row."""

    recorded_at: dt.datetime
    entered_at: dt.datetime
    import_id: int | None


def recorded(at: dt.datetime | None = None, *, import_id: int | None = None) -> Recorded:
    """The history columns of a row that this transaction adds.

    `at` is given by a backdated import only. Raises InvalidValueError if it lies in the future.
    """
    moment = history_moment()
    if at is not None and at > moment:
        raise InvalidValueError("The moment of recording lies in the future.")
    return {"recorded_at": at or moment, "entered_at": moment, "import_id": import_id}


def closed_moment() -> dt.datetime:
    """The newest moment whose answers no writer can still change.

    Ends the transaction under way, so that what is read next is a snapshot taken after it.
    """
    session = db.session()
    session.rollback()
    offset = session.execute(text("SELECT placement_now() - now()")).scalar_one()
    session.rollback()
    reader: dt.datetime = session.execute(_READER).scalar_one()
    oldest: int | None = session.execute(_OLDEST_WRITER).scalar_one()
    session.rollback()
    if oldest is not None:
        started = dt.datetime.fromtimestamp(0, tz=dt.UTC) + dt.timedelta(microseconds=oldest - 1)
        reader = min(reader, started)
    closed: dt.datetime = reader + offset
    return closed
