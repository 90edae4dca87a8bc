"""Advisory locks: one list of what they are about, and how one is held beside a transaction."""

import contextlib
import enum
from collections.abc import Iterator

import psycopg

from placement.db import own_connection, system_scope


@enum.unique
class Lock(enum.IntEnum):
    """What a lock is about: the first part of its key; the second says which one of its kind.

    Two parts keep them apart from the writers of history, whose one-part locks reports look at.
    """

    MIGRATION = 7203401
    IMPORT = 7203402
    SWEEP = 7203403
    SEAL = 7203404
    ROTATION = 7203405
    FACTS = 7203406
    SENDER = 7203407
    RUN = 7203410
    CURRENT_RUN = 7203411
    ONE_LIST = 7203412
    QUEUEING_RUNS = 7203413


@contextlib.contextmanager
def held_beside(
    lock: Lock, number: int = 0, *, reason: str
) -> Iterator[psycopg.Connection[object] | None]:
    """Hold a lock on a connection of its own for as long as the block lasts, if it is free.

    Gives that connection, or None when somebody else holds the lock. Whoever dies frees it by
    dying. `reason` names the program's scope of the connection.
    """
    key = [lock.value, number]
    with own_connection(system_scope(reason)) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
        if not (row and row[0]):
            yield None
            return
        try:
            yield connection
        finally:
            # Said, not left to the end of the connection: whoever comes next would find it taken
            # until the server has noticed.
            with contextlib.suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock(%s, %s)", key)
