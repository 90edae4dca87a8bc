"""The faults at full size: `python -m tests.faults.full [F1 F3 …] [--people N] [--log FILE]`.

Servers of its own, durable as in use. F1: 34,267 people, 100 kills, 10 of them of a whole worker
with all its processes, and a mail server that takes one mail in a thousand and hangs up. F9: all
servers on a small disk of their own, which takes root; exit code 3 where it cannot be had. F6 and
F7 ask besides, or alone, the table of answers that a mail server or an SMS gateway may give. The
others as `trials` and `acts` have them. Prints what happens as it happens and a line of figures
for each; the invariants are checked at the end of each.
"""

import argparse
import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg

from placement.app import create_app
from placement.config import load_settings
from placement.db import db, system_scope, use_scope
from placement.services import Instance, detach
from tests.faults.acts import (
    announce_at_once,
    die_at_each_point,
    freeze_the_senders,
    keep_the_rate,
    stop_in_the_middle,
)
from tests.faults.arena import CONCURRENCY, ROOT, Arena, count, unfinished, wait_until
from tests.faults.broker import Broker
from tests.faults.conftest import announce_to_all
from tests.faults.crowd import make_crowd
from tests.faults.invariants import (
    check_all,
    doubts,
    nothing_personal_in_the_broker,
    read_log,
    the_database_is_whole,
)
from tests.faults.small_disk import CannotMountError, SmallDisk
from tests.faults.trials import (
    Outcome,
    Trial,
    fill_the_disk,
    hold_the_mail_server,
    lose_the_broker,
    lose_the_database,
    lose_the_mail_server,
    roll_the_workers,
    shift_the_clocks,
)
from tests.servers import Cluster, start_cluster

KILLS = 100
GROUP_EVERY = 10
MAILS_BETWEEN = 240
HANG_UP_EVERY = 1000
DISK_MEGABYTES = 400
MINUTES = 30
TELL_SECONDS = 5.0
_SENT = "state = 'sent'"

Tell = Callable[[str], None]


def run(fault: str, folder: Path, given: argparse.Namespace, tell: Tell) -> None:
    """Run one fault with servers of its own in `folder`. Raises CannotMountError."""
    people: int = given.people
    with ExitStack() as held:
        place = folder
        if fault == "F9":
            disk = held.enter_context(SmallDisk(folder, DISK_MEGABYTES + people // 64))
            place = disk.folder
        held.callback(detach, place, at_once=True)
        cluster = start_cluster(place, durable=True)
        endpoints = cluster.clone("placement_faults")
        settings = load_settings(
            {},
            instance=place / "program",
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
        arena = held.enter_context(Arena(settings, endpoints, folder))
        trial = Trial(arena, Connector(cluster), seconds=60 * MINUTES, times=given.times)
        _try(fault, trial, place, people, tell)


def _try(fault: str, trial: Trial, place: Path, people: int, tell: Tell) -> None:
    """Let the fault happen, ask what must hold, and tell the figures."""
    arena, began = trial.arena, time.monotonic()
    told = _kill_senders(trial, tell) if fault == "F1" else FAULTS[fault](trial, place)
    took = time.monotonic() - began
    superuser = trial.connect()
    most = told.most_doubts + (people // 500 if fault == "F1" else 0)
    check_all(superuser, arena.log, people=people, most_doubts=most)
    if fault != "F3":
        nothing_personal_in_the_broker(arena.redis_url)
    if fault in {"F4", "F9"}:
        the_database_is_whole(superuser)
    if fault in TABLES:
        ask_the_table(fault, tell)
    tell(f"{fault}: {told.figures}; {_figures(superuser, arena, people, took)}")


def ask_the_table(fault: str, tell: Tell) -> None:
    """Give every answer of a table to a sender. Fails when one does not end as it must."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TABLES[fault]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    tell(f"{fault}: {passed[1]} answers and acts of {TABLES[fault]}, each with its right end")


class Connector:
    """Gives a connection to the trial's database, a new one after the last has broken."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._connection: psycopg.Connection | None = None

    def __call__(self) -> psycopg.Connection:
        """Return a connection that was whole a moment ago. Raises OperationalError."""
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return self._connection
        except psycopg.OperationalError:
            self._connection = None
        self._connection = self._cluster.connect("placement_faults")
        return self._connection


def _kill_senders(trial: Trial, tell: Tell) -> Outcome:
    """F1: kill senders and whole workers in the middle of sending."""
    arena = trial.arena
    arena.start_sink(hang_up_every=HANG_UP_EVERY)
    arena.start_beat()
    arena.start_worker()
    trial.wait_for_more()
    most = done = 0
    while done < KILLS:
        # Each kill hits senders that send: they are let go on for a while after the one before.
        trial.wait_for_more(arena.draw(1, MAILS_BETWEEN))
        assert unfinished(trial.connect()), f"all was sent after {done} kills: take more people"
        if (done + 1) % GROUP_EVERY == 0:
            arena.kill("worker")
            arena.start_worker()
            most += CONCURRENCY
        elif arena.kill_a_sender():
            most += 1
        else:
            continue
        done += 1
        tell(f"kill {done}: {trial.taken()} mails taken")
    _watch(trial, tell)
    return Outcome(most, f"{done} kills")


def _watch(trial: Trial, tell: Tell) -> None:
    """Wait for the end, saying now and then how far it is."""
    told = 0.0

    def over() -> bool:
        nonlocal told
        trial.arena.keep_up()
        left = unfinished(trial.connect())
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            tell(f"{left} to go")
        return not left

    wait_until(over, seconds=60 * MINUTES, what="the end")


def _lose_the_broker(trial: Trial, folder: Path) -> Outcome:
    broker = Broker(folder)
    trial.arena.redis_url = broker.url
    try:
        return lose_the_broker(trial, broker, times=16, away_seconds=3, web=True)
    finally:
        broker.kill()


def _lose_the_database(trial: Trial, folder: Path) -> Outcome:
    def stop_at_once() -> None:
        # What `pg_ctl stop -m immediate` sends; the supervisor brings the server back.
        pid = int(Instance.at(folder).pid_file("postgres").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)

    return lose_the_database(trial, stop_at_once, times=5)


def _fill_the_disk(trial: Trial, place: Path) -> Outcome:
    program = place / "program"
    before = set(program.rglob("*"))
    told = fill_the_disk(trial, SmallDisk(place.parent, 0))
    # What an interrupted writer would leave; the file of the newest seal is proven instead.
    left = set(program.rglob("*")) - before - {program / "audit-seal.txt"}
    assert not left, f"left behind: {left}"
    trial.arena.run("audit", "verify")
    return told


TABLES = {"F6": "tests/notices/test_replies.py", "F7": "tests/notices/test_sms.py"}
FAULTS: dict[str, Callable[[Trial, Path], Outcome]] = {
    "F2": lambda trial, _: die_at_each_point(trial),
    "F3": _lose_the_broker,
    "F4": _lose_the_database,
    "F5": lambda trial, _: lose_the_mail_server(trial, away_seconds=90, wait_for_it=True),
    "F6": lambda trial, _: hold_the_mail_server(trial),
    "F8": lambda trial, folder: shift_the_clocks(trial, folder, hours=(1, -1, 0)),
    "F9": _fill_the_disk,
    "F10": lambda trial, _: roll_the_workers(trial, workers=8, beats=2),
    "F11": lambda trial, _: announce_at_once(trial, count(trial.connect(), "true")),
    "F12": lambda trial, _: stop_in_the_middle(trial),
    "F13": lambda trial, _: keep_the_rate(trial),
    "F14": lambda trial, _: freeze_the_senders(trial, times=5),
}


def _figures(superuser: psycopg.Connection, arena: Arena, people: int, took: float) -> str:
    taken = read_log(arena.log)
    copies = Counter(mail.message_id for mail in taken)
    meant = people - count(superuser, "state = 'skipped'")
    lost = meant - len({mail.recipient for mail in taken})
    return (
        f"{meant} people in {took:.0f} s: lost {lost}, sent {count(superuser, _SENT)},"
        f" ever in doubt {doubts(superuser)}, sent once more"
        f" {count(superuser, 'uncertain_resends > 0')}, second copies that arrived"
        f" {sum(k - 1 for k in copies.values())} (all under their first number),"
        f" unannounced duplicates 0, most attempts {_most_attempts(superuser)}"
    )


def _most_attempts(superuser: psycopg.Connection) -> int:
    row = superuser.execute("SELECT max(attempts) FROM deliveries").fetchone()
    assert row is not None
    return int(row[0])


def main() -> None:
    """Read the options, run, clean up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", default=["F1"], choices=["F1", *FAULTS, "F7"])
    parser.add_argument("--people", type=int, default=34_267)
    parser.add_argument("--times", type=int, default=5, help="how often the disk of F9 is full")
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if given.log is not None:
            given.log.write_text("\n".join(lines) + "\n")

    for fault in given.faults:
        if fault not in FAULTS and fault != "F1":
            ask_the_table(fault, tell)
            continue
        folder = Path(tempfile.mkdtemp(prefix="placement-faults-"))
        try:
            run(fault, folder, given, tell)
        except CannotMountError as error:
            tell(f"{fault}: NOT TRIED, no small disk can be had here: {error}")
            sys.exit(3)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
