"""Bulk writing: rows are copied into a temporary table and inserted from there.

COPY into a table under row-level security is refused by the database, and it is many times
faster than rows one by one. The writer works beside the reader: while the database takes one
batch of rows, the next is read and checked.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from psycopg import Connection, sql

from placement.db import db

StagedRow = tuple[Any, ...]
R = TypeVar("R")


def stage_rows(table: str, columns: Mapping[str, str], rows: Iterable[StagedRow]) -> None:
    """Fill the temporary table `table` with `rows` alone; it lasts until the transaction ends.

    `columns` are its names and types in the database, in the order of the values of each row.
    """
    connection = cast("Connection[Any]", db.session.connection().connection.driver_connection)
    name = sql.Identifier(table)
    typed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in columns.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DROP").format(
                name, typed
            )
        )
        cursor.execute(sql.SQL("TRUNCATE {}").format(name))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            for row in rows:
                copy.write_row(row)


class DatabaseDesk:
    """Does what is asked of the database, one act after the other, in a thread of its own.

    The thread works in the session and the scope of the one that opened the desk, which must
    leave the session alone until the desk is closed. Closing waits for what is under way, and
    raises what the last acts raised.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._last: Future[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=error is not None)
        if error is None:
            self._settle()

    def ask(self, act: Callable[..., R], *arguments: Any) -> R:
        """Do `act` after all that was handed over before, and return its answer."""
        answer = self._submit(act, *arguments)
        self._settle()
        return answer.result()

    def hand_over(self, act: Callable[..., None], *arguments: Any) -> None:
        """Have `act` done and go on at once; raises what the one before it raised."""
        self._settle()
        self._last = self._submit(act, *arguments)

    def _submit(self, act: Callable[..., R], *arguments: Any) -> Future[R]:
        return self._pool.submit(copy_context().run, act, *arguments)

    def _settle(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last.result()
