"""What must hold whatever is killed, as questions to the tables and to the mail server's log."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis


@dataclass(frozen=True)
class Taken:
    """One mail that the server took."""

    moment: float
    message_id: str
    recipient: str
    answer: str


@dataclass(frozen=True)
class Rows:
    """A delivery as the invariants need it."""

    message_id: str
    state: str
    resends: int


FINAL = {
    "sent",
    "delivered",
    "bounced",
    "failed",
    "skipped",
    "expired",
    "uncertain_final",
}
MAY_HAVE_IT = {"sent", "sending", "uncertain", "uncertain_final", "delivered", "bounced"}


def read_log(path: Path) -> list[Taken]:
    """The mails that the server took, in order."""
    if not path.exists():
        return []
    lines = (line.split() for line in path.read_text().splitlines())
    return [Taken(float(moment), number, to, answer) for moment, number, to, answer in lines]


def read_rows(connection: psycopg.Connection) -> list[Rows]:
    """All mail deliveries."""
    query = "SELECT message_id, state, uncertain_resends FROM deliveries WHERE channel = 'mail'"
    return [Rows(*row) for row in connection.execute(query).fetchall()]


def nobody_is_missed_or_doubled(connection: psycopg.Connection, people: int) -> None:
    """I1: one row a person and channel, no more and no less."""
    row = connection.execute(
        "SELECT count(*), count(DISTINCT (notice_id, student_id, channel)) FROM deliveries"
    ).fetchone()

    assert row == (people, people)


def copies_are_announced(rows: list[Rows], taken: list[Taken]) -> None:
    """I2: a message arrives once, and once more for each announced second copy; one a person."""
    resends = {row.message_id: row.resends for row in rows}
    arrived = Counter(mail.message_id for mail in taken)
    doubled = {n: k for n, k in arrived.items() if k > 1 + resends[n]}
    numbers = defaultdict(set)
    for mail in taken:
        numbers[mail.recipient].add(mail.message_id)

    assert not doubled
    assert not [to for to, its in numbers.items() if len(its) > 1]


def sent_means_arrived(rows: list[Rows], taken: list[Taken]) -> None:
    """I3: what is called sent is at the server, without exception."""
    arrived = {mail.message_id for mail in taken}

    assert not [r.message_id for r in rows if r.state == "sent" and r.message_id not in arrived]


def arrived_is_never_denied(rows: list[Rows], taken: list[Taken]) -> None:
    """I4: what is at the server is never called unsent."""
    states = {row.message_id: row.state for row in rows}

    assert not [m for m in taken if states[m.message_id] not in MAY_HAVE_IT]


def doubts(connection: psycopg.Connection) -> int:
    """I5: how many deliveries were ever in doubt."""
    row = connection.execute(
        "SELECT count(*) FROM delivery_events WHERE to_state = 'uncertain'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def everything_is_final(rows: list[Rows]) -> None:
    """I6: nothing is left under way."""
    assert not Counter(row.state for row in rows if row.state not in FINAL)


def the_log_replays(connection: psycopg.Connection) -> None:
    """I10: every change of state has its line, and the lines lead to the state."""
    broken = connection.execute(
        """
        WITH steps AS (
            SELECT delivery_id, from_state, to_state,
                lag(to_state) OVER (PARTITION BY delivery_id ORDER BY id) AS before,
                row_number() OVER (PARTITION BY delivery_id ORDER BY id DESC) AS from_last
            FROM delivery_events
        )
        SELECT count(*) FROM deliveries d LEFT JOIN steps s ON s.delivery_id = d.id
        WHERE s.delivery_id IS NULL OR s.before IS DISTINCT FROM s.from_state
           OR (s.from_last = 1 AND s.to_state <> d.state)
        """
    ).fetchone()

    assert broken == (0,)


def nothing_personal_in_the_broker(redis_url: str) -> None:
    """I11: the broker holds wake-ups and nobody's name, number or address."""
    with redis.Redis.from_url(redis_url) as broker:
        held = b"".join(key + (broker.dump(key) or b"") for key in broker.scan_iter())

    for secret in ("林梅", "student", "domain", ".example", "2012"):
        assert secret.encode() not in held


def the_database_is_whole(connection: psycopg.Connection) -> None:
    """Every table and every index of the database, read block by block, holds together."""
    connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    broken = connection.execute(
        "SELECT c.relname, v.msg FROM pg_class c, verify_heapam(c.oid) v"
        " WHERE c.relkind = 'r' AND c.relpersistence = 'p'"
    ).fetchall()
    connection.execute(
        "SELECT bt_index_check(i.indexrelid, heapallindexed => true)"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
        " WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisvalid"
    )

    assert broken == []


def check_all(connection: psycopg.Connection, log: Path, *, people: int, most_doubts: int) -> None:
    """Ask everything once all is quiet."""
    rows, taken = read_rows(connection), read_log(log)
    everything_is_final(rows)
    nobody_is_missed_or_doubled(connection, people)
    copies_are_announced(rows, taken)
    sent_means_arrived(rows, taken)
    arrived_is_never_denied(rows, taken)
    the_log_replays(connection)

    assert doubts(connection) <= most_doubts
