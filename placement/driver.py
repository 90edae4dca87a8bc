"""How the database is reached: the connections, and how those in the pool are looked after.

They keep the statements they have prepared, give up the rights of a stronger log-in, and are
asked whether they are alive only after a pause.
"""

import time
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

APP_ROLE = "placement_app"
PAUSE_SECONDS = 1.0
"""After how long a connection that waited in the pool is asked before it is used again."""
MOST_PREPARED = 200
"""How many statements a connection keeps prepared; the least used one makes room."""


class KeepingConnection(psycopg.Connection[Any]):
    """A connection that keeps its prepared statements over a rollback.

    Every page ends with one, and psycopg forgets all it has prepared on that occasion, so that
    the server planned each statement anew for each page: half of the time of a list. PostgreSQL
    itself keeps them, since preparing is no part of a transaction.
    """

    def rollback(self) -> None:
        """Roll back; what failed or is unclear is left to psycopg, which then forgets."""
        with self.lock:
            healthy = self.pgconn.transaction_status == TransactionStatus.INTRANS
            if healthy and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                return
        super().rollback()


def use_driver(engine: Engine) -> None:
    """Let an engine make such connections, and look after those in its pool."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
        made = KeepingConnection.connect(*arguments, **options)
        made.prepared_max = MOST_PREPARED
        return made

    @event.listens_for(engine, "checkin")
    def note_time(_connection: Any, record: Any) -> None:
        record.info["rested_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        rested_at = record.info.get("rested_at")
        if rested_at is None or time.monotonic() - rested_at < PAUSE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "connect", take_app_role)


def take_app_role(dbapi_connection: Any, _record: Any) -> None:
    """Give up the rights of a stronger log-in as soon as a connection is made."""
    with dbapi_connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        if cursor.fetchone()[0] != APP_ROLE:
            cursor.execute(f"SET ROLE {APP_ROLE}")
    dbapi_connection.commit()
