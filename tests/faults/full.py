"""F1 at full size: `python -m tests.faults.full [--people N] [--kills N] [--log FILE]`.

34,267 people, 100 kills, 10 of them of a whole worker with all its processes, and a mail server
that takes one mail in a thousand and hangs up. Prints what happened as it happens and ends with
one line of figures; the invariants are checked at the end.
"""

import argparse
import dataclasses
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg

from placement.app import create_app
from placement.config import load_settings
from placement.db import db, system_scope, use_scope
from placement.services import detach
from tests.faults.arena import CONCURRENCY, Arena, count, unfinished, wait_until
from tests.faults.conftest import announce_to_all
from tests.faults.crowd import make_crowd
from tests.faults.invariants import check_all, doubts, nothing_personal_in_the_broker, read_log
from tests.servers import start_cluster

GROUP_EVERY = 10
HANG_UP_EVERY = 1000
MINUTES = 30
TELL_SECONDS = 5.0
_SENT = "state = 'sent'"

Tell = Callable[[str], None]


def run(folder: Path, people: int, kills: int, tell: Tell) -> None:
    """Run the trial with servers of its own in `folder`."""
    cluster = start_cluster(folder)
    endpoints = cluster.clone("placement_faults")
    settings = load_settings(
        {},
        instance=folder / "program",
        mail_quiet_hours="off",
        mail_rate=0,
        mail_domain_rate=0,
        queue_prefix="full",
    )
    app = create_app(settings, endpoints=endpoints)
    with cluster.connect("placement_faults") as superuser, app.app_context():
        with use_scope(system_scope("trial")):
            make_crowd(superuser, people)
            announce_to_all(dataclasses.replace(settings, redis_url=endpoints.redis_url))
        db.engine.dispose()
        with Arena(settings, endpoints, folder) as arena:
            arena.start_sink(hang_up_every=HANG_UP_EVERY)
            arena.start_beat()
            arena.start_worker()
            began = time.monotonic()
            most = _kill(arena, superuser, kills, tell)
            _watch(arena, superuser, tell)
            took = time.monotonic() - began
            check_all(superuser, arena.log, people=people, most_doubts=most + people // 500)
            nothing_personal_in_the_broker(arena.redis_url)
            tell(_figures(superuser, arena, people, kills, took))


def _watch(arena: Arena, superuser: psycopg.Connection, tell: Tell) -> None:
    """Wait for the end, saying now and then how far it is."""
    told = 0.0

    def over() -> bool:
        nonlocal told
        arena.keep_up()
        left = unfinished(superuser)
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            tell(f"{left} to go")
        return not left

    wait_until(over, seconds=60 * MINUTES, what="the end")


def _kill(arena: Arena, superuser: psycopg.Connection, kills: int, tell: Tell) -> int:
    """Kill senders and whole workers; how many deliveries may be in doubt for it."""
    wait_until(lambda: bool(read_log(arena.log)), seconds=60, what="the first mail")
    most = done = 0
    while done < kills:
        assert unfinished(superuser), f"all was sent after {done} kills: take more people"
        if (done + 1) % GROUP_EVERY == 0:
            arena.kill("worker")
            arena.start_worker()
            most += CONCURRENCY
        elif arena.kill_a_sender():
            most += 1
        else:
            arena.pause(0.1, 0.3)
            continue
        done += 1
        tell(f"kill {done}: {len(read_log(arena.log))} mails taken")
        arena.pause(0.2, 0.8)
    return most


def _figures(
    superuser: psycopg.Connection, arena: Arena, people: int, kills: int, took: float
) -> str:
    taken = read_log(arena.log)
    copies = Counter(mail.message_id for mail in taken)
    lost = people - len({mail.recipient for mail in taken})
    return (
        f"{people} people, {kills} kills, {took:.0f} s: lost {lost},"
        f" sent {count(superuser, _SENT)}, ever in doubt {doubts(superuser)},"
        f" second copies {sum(k - 1 for k in copies.values())} (all under their first number),"
        f" unannounced duplicates 0, most attempts {_most_attempts(superuser)}"
    )


def _most_attempts(superuser: psycopg.Connection) -> int:
    row = superuser.execute("SELECT max(attempts) FROM deliveries").fetchone()
    assert row is not None
    return int(row[0])


def main() -> None:
    """Read the options, run, clean up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=34_267)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if given.log is not None:
            given.log.write_text("\n".join(lines) + "\n")

    folder = Path(tempfile.mkdtemp(prefix="placement-faults-"))
    try:
        run(folder, given.people, given.kills, tell)
    finally:
        detach(folder, at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
