"""Rotation of the master key: every data key is wrapped anew, the data stay as they are.

Old master keys decrypt until no data key is wrapped under them. The blind indexes have a key
of their own, which is not rotated: they would have to be made anew from the clear values.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.errors import EditConflictError
from placement.keys import Keyring
from placement.locks import Lock, held_beside

STEP_ROWS = 1_000
TRIES_FOR_HELD_ROWS = 10
PAUSE_SECONDS = 0.5
_TABLES = text(
    "SELECT k.table_name FROM information_schema.columns k"
    " JOIN information_schema.columns u ON u.table_schema = k.table_schema"
    " AND u.table_name = k.table_name AND u.column_name = 'uid'"
    " WHERE k.table_schema = 'public' AND k.column_name = 'data_key' ORDER BY k.table_name"
)

# The names of tables come from the catalogue, nothing that anybody typed goes into a statement.
_MASTER = "convert_from(substr(data_key, 1, 4), 'UTF8')"
_KEPT = "data_key IS NOT NULL"
_OLD = f"{_KEPT} AND substr(data_key, 1, 4) <> :current"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: data keys wrapped anew by table, and those left under old keys."""

    rewrapped: dict[str, int]
    left: int


def data_keys_by_master() -> Counter[str]:
    """How many data keys are wrapped under each master key, by its id."""
    counts: Counter[str] = Counter()
    with transaction():
        for table in db.session.execute(_TABLES).scalars().all():
            count = f"SELECT {_MASTER}, count(*) FROM {table} WHERE {_KEPT} GROUP BY 1"  # noqa: S608 - see `_TABLES`
            rows = db.session.execute(text(count))
            for master, number in rows:
                counts[master] += number
    return counts


@contextmanager
def rotating_alone() -> Iterator[None]:
    """Hold the right to rotate. Raises EditConflictError while somebody else does."""
    with held_beside(Lock.ROTATION, reason="rotation of keys") as held:
        if held is None:
            raise EditConflictError(
                "Another rotation is under way.", remedy="Wait until it has come to its end."
            )
        yield


def rewrap_data_keys(keyring: Keyring, report: Callable[[int, int], None]) -> Rotation:
    """Wrap every data key under the current master key, each step of 1,000 rows committed.

    `report` gets the keys done and the keys to do. Rows that somebody else is just writing are
    not waited for but tried again a few times. A second run after a kill does the rest. Raises
    WrongKeyError for a key whose master is missing.
    """
    waiting = _waiting(keyring)
    total = waiting.total()
    rewrapped = dict.fromkeys(waiting, 0)
    for attempt in range(TRIES_FOR_HELD_ROWS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        for table in waiting:
            for changed in _steps(table, keyring):
                rewrapped[table] = rewrapped.get(table, 0) + changed
                report(sum(rewrapped.values()), total)
        waiting = _waiting(keyring)
        if not waiting.total():
            break
    with transaction():
        details = {"master": keyring.current, "rewrapped": rewrapped, "left": waiting.total()}
        record_event("keys.rotated", actor_id=None, details=details)
    return Rotation(rewrapped, waiting.total())


def _waiting(keyring: Keyring) -> Counter[str]:
    """How many data keys of each table are not under the current master key."""
    counts: Counter[str] = Counter()
    with transaction():
        for table in db.session.execute(_TABLES).scalars().all():
            found = db.session.execute(
                text(f"SELECT count(*) FROM {table} WHERE {_OLD}"),  # noqa: S608 - see `_TABLES`
                {"current": keyring.current.encode()},
            )
            counts[table] = found.scalar_one()
    return counts


def _steps(table: str, keyring: Keyring) -> Iterator[int]:
    """Wrap the old keys of a table in steps; yields how many each step changed."""
    after = 0
    while True:
        with transaction():
            last, changed = _step(table, after, keyring)
        if last is None:
            return
        yield changed
        after = last


def _step(table: str, after: int, keyring: Keyring) -> tuple[int | None, int]:
    """One step past the row `after`: the last row looked at, and how many were changed.

    The rows are locked, so that an erasure meanwhile is not undone; those that somebody holds
    are left out, so that nobody waits for anybody.
    """
    rows: Any = db.session.execute(
        text(
            f"SELECT id, uid, data_key FROM {table}"  # noqa: S608 - see `_TABLES`
            f" WHERE id > :after AND {_OLD} ORDER BY id LIMIT :step FOR UPDATE SKIP LOCKED"
        ),
        {"after": after, "step": STEP_ROWS, "current": keyring.current.encode()},
    ).all()
    if not rows:
        return None, 0
    statement = text(
        f"UPDATE {table} t SET data_key = n.data_key"  # noqa: S608 - see `_TABLES`
        " FROM unnest(:ids, :keys) n (id, data_key) WHERE t.id = n.id"
    ).bindparams(
        bindparam("ids", type_=ARRAY(BigInteger)), bindparam("keys", type_=ARRAY(LargeBinary))
    )
    fresh = [keyring.rewrap(row.uid, bytes(row.data_key)) for row in rows]
    db.session.execute(statement, {"ids": [row.id for row in rows], "keys": fresh})
    return rows[-1].id, len(rows)
