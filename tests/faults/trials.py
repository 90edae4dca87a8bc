"""The faults that take real processes, one function each: short in the suite, at size in `full`.

Each returns how many deliveries it may have put in doubt and, in words, what it measured.
"""

import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.faults.arena import CONCURRENCY, LEASE_SECONDS, Arena, count, unfinished, wait_until
from tests.faults.broker import Broker
from tests.faults.clocks import HostClock
from tests.faults.invariants import doubts
from tests.faults.small_disk import SmallDisk

SOON = 60.0
STILL = 2.0
_FIRST = 20


class Outcome(NamedTuple):
    """What a trial came to."""

    most_doubts: int
    figures: str


@dataclass(frozen=True)
class Trial:
    """Where it happens; `connect` gives the database to ask, `seconds` is the most it takes.

    A disk is filled so many `times`.
    """

    arena: Arena
    connect: Callable[[], psycopg.Connection]
    seconds: float = SOON
    times: int = 5

    def begin(self) -> None:
        """Start a mail server, a beat and a worker, and wait for the first mails."""
        self.arena.start_sink()
        self.arena.start_beat()
        self.arena.start_worker()
        self.wait_for_more(_FIRST)

    def taken(self) -> int:
        """How many mails the server has taken."""
        log = self.arena.log
        return log.read_bytes().count(b"\n") if log.exists() else 0

    def wait_for_more(self, mails: int = 1) -> float:
        """Wait until so many mails more are taken or nothing is left; how long it took."""
        began, before = time.monotonic(), self.taken()

        def moved() -> bool:
            self.arena.keep_up()
            return self.taken() >= before + mails or self.is_over()

        wait_until(moved, seconds=self.seconds, what="more mails")
        return time.monotonic() - began

    def wait_until_still(self) -> None:
        """Wait until nothing has been taken for a while."""
        last, since = self.taken(), time.monotonic()

        def still() -> bool:
            nonlocal last, since
            self.arena.keep_up()
            if self.taken() != last:
                last, since = self.taken(), time.monotonic()
            return time.monotonic() - since > STILL

        wait_until(still, seconds=self.seconds, what="standing still")

    def is_over(self) -> bool:
        """Whether every delivery is final; False while the database is away."""
        self.arena.keep_up()
        try:
            return not unfinished(self.connect())
        except psycopg.OperationalError:
            return False

    def end(self) -> None:
        """Wait until every delivery is final."""
        wait_until(self.is_over, seconds=self.seconds, what="everything final")


def lose_the_broker(
    trial: Trial, broker: Broker, *, times: int, away_seconds: float, web: bool = False
) -> Outcome:
    """F3: the broker is killed with all it holds, and the senders with it, again and again."""
    trial.begin()
    url = trial.arena.start_web() if web else ""
    waits, answers, killed = [], [], 0
    for _ in range(times):
        if trial.is_over():
            break
        broker.kill()
        killed += sum(trial.arena.kill_a_sender() for _ in range(CONCURRENCY))
        until = time.monotonic() + away_seconds
        while time.monotonic() < until:
            if url:
                answers.append(_asked(url))
            time.sleep(0.2)
        broker.start()
        broker.forget()
        waits.append(trial.wait_for_more())
    trial.end()
    slowest = max((seconds for _status, seconds in answers), default=0.0)
    wrong = [status for status, _seconds in answers if status >= 500]
    assert not wrong, wrong
    told = f"broker lost {len(waits)} times, sending again after {max(waits):.1f} s at most"
    if url:
        told += f", {len(answers)} pages meanwhile in {slowest:.2f} s at most, none failed"
    return Outcome(killed, told)


def lose_the_database(trial: Trial, break_off: Callable[[], None], *, times: int) -> Outcome:
    """F4: every connection to the database breaks off in the middle, again and again."""
    trial.begin()
    waits = []
    for _ in range(times):
        if trial.is_over():
            break
        break_off()
        waits.append(trial.wait_for_more(_FIRST))
        trial.arena.pause(0.3, 0.6)
    trial.end()
    told = f"database lost {len(waits)} times, sending again after {max(waits):.1f} s at most"
    return Outcome(len(waits) * CONCURRENCY, told)


def lose_the_mail_server(trial: Trial, *, away_seconds: float, wait_for_it: bool) -> Outcome:
    """F5: the mail server is away; nobody's attempts are burnt and it is hardly asked.

    Unless `wait_for_it`, the minutes of circuit and back-off are over once the server is back.
    """
    trial.begin()
    trial.arena.kill("sink")
    wait_until(lambda: _failures(trial) > 0, seconds=SOON, what="the circuit to open")
    time.sleep(away_seconds)
    asked = _failures(trial)
    trial.arena.start_sink()
    back = time.monotonic()
    if not wait_for_it:
        trial.connect().execute("UPDATE channel_statuses SET open_until = now()")
        trial.connect().execute("UPDATE deliveries SET next_try_at = now() WHERE state = 'pending'")
    trial.wait_for_more()
    resumed = time.monotonic() - back
    trial.end()
    most = count(trial.connect(), "attempts > 2")
    assert not most, f"{most} deliveries lost more than one attempt"
    assert asked <= 1 + away_seconds / 60
    told = f"server away {away_seconds:.0f} s, asked {asked} times, sending {resumed:.1f} s after"
    return Outcome(CONCURRENCY, told)


def hold_the_mail_server(trial: Trial) -> Outcome:
    """F4, F6: the mail server stands still for longer than a lease, and then answers."""
    trial.begin()
    trial.arena.freeze("sink")
    time.sleep(LEASE_SECONDS + 2)
    trial.arena.thaw("sink")
    trial.end()
    told = f"server stood still {LEASE_SECONDS + 2} s, in doubt {doubts(trial.connect())}"
    return Outcome(CONCURRENCY, told)


def roll_the_workers(trial: Trial, *, workers: int, beats: int) -> Outcome:
    """F10: many workers, several beats and at first none; each worker is asked to end in turn."""
    names = [f"worker-{number}" for number in range(workers)]
    trial.arena.start_sink()
    for name in names:
        trial.arena.start_worker(name)
    trial.wait_for_more(_FIRST)
    for number in range(beats):
        trial.arena.start_beat(f"beat-{number}")
    slowest = 0.0
    for name in names:
        slowest = max(slowest, trial.arena.end(name, seconds=10))
        trial.arena.start_worker(name)
    trial.end()
    told = f"{workers} workers rolled beside {beats} beats, the slowest ended in {slowest:.1f} s"
    return Outcome(0, told)


def shift_the_clocks(trial: Trial, folder: Path, *, hours: Sequence[int]) -> Outcome:
    """F8: two hosts ten minutes apart, whose clocks jump by `hours`, one after the other."""
    hosts = [HostClock(folder, "early", 300), HostClock(folder, "late", -300)]
    trial.arena.start_sink()
    trial.arena.start_beat()
    for number, host in enumerate(hosts):
        trial.arena.start_worker(f"worker-{number}", environment=host.environment)
    trial.wait_for_more(_FIRST)
    for hour in hours:
        for host in hosts:
            host.jump_to(hour * 3600)
            trial.wait_for_more(_FIRST)
    trial.end()
    return Outcome(0, f"clocks of 2 hosts 10 minutes apart, each jumped by {list(hours)} hours")


def fill_the_disk(trial: Trial, disk: SmallDisk) -> Outcome:
    """F9: the disk under database, broker and scratch files is full, again and again."""
    url = trial.arena.start_web()
    trial.begin()
    waits: list[float] = []
    pages: Counter[int] = Counter()
    for _ in range(trial.times):
        if trial.is_over():
            break
        disk.fill()
        pages.update(status for status, _seconds in (_asked(url) for _ in range(3)))
        trial.wait_until_still()
        pages.update(status for status, _seconds in (_asked(url) for _ in range(3)))
        disk.free()
        waits.append(trial.wait_for_more())
    trial.end()
    wrong = [status for status in pages if status not in {200, 503, 507}]
    assert not wrong, pages
    assert waits, "all was sent before the disk was full: take more people"
    shown = ", ".join(f"{count} times {status}" for status, count in sorted(pages.items()))
    told = f"disk full {len(waits)} times, sending again after {max(waits):.1f} s at most"
    return Outcome(len(waits) * CONCURRENCY, f"{told}, pages meanwhile answered {shown}")


def _failures(trial: Trial) -> int:
    row = trial.connect().execute("SELECT failures FROM channel_statuses").fetchone()
    return 0 if row is None else int(row[0])


def _asked(url: str) -> tuple[int, float]:
    """Ask for a page: its status and how long it took."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            status = int(answer.status)
    except urllib.error.HTTPError as error:
        status = error.code
    return status, time.monotonic() - began
