"""F2, F11 to F14 at size: deaths at exact points, doubled and cancelled notices, rates, ice."""

import dataclasses
import subprocess
import sys
import threading
import time
from itertools import pairwise

from placement.app import create_app
from placement.db import db, system_scope, use_scope
from placement.notices.operations.announcement import AlreadyAnnouncedError
from placement.services.processes import start_of
from tests.faults.arena import CONCURRENCY, LEASE_SECONDS, ROOT, count, wait_until
from tests.faults.conftest import announce_to_all
from tests.faults.invariants import Taken, read_log
from tests.faults.trials import Outcome, Trial

POINTS = (
    "before_claim",
    "after_claim",
    "after_rcpt",
    "before_sent_commit",
    "after_sending_commit",
    "after_354",
    "after_dot",
    "after_250",
)
ROUNDS = 12
OPTED_OUT = 500
RATE = 10
WINDOW_SECONDS = 10
WINDOWS = 6


def die_at_each_point(trial: Trial) -> Outcome:
    """F2: a sender dies at each of the points of its loop, each time a few mails further on.

    Each leaves a batch under its lease, so that it takes 6,000 people or more.
    """
    trial.arena.start_sink(plain=True)  # else no mail comes to the 354
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        cwd=ROOT,
        env=trial.arena.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    deaths = 0
    for nth in range(1, ROUNDS + 1):
        for point in POINTS:
            at = 1 if point in {"before_claim", "after_claim"} else nth
            process.stdin.write(f"{trial.arena.port} {point} {at}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "killed\n", point
            deaths += 1
    process.stdin.close()
    process.wait(10)
    process.stdout.close()
    trial.arena.start_beat()
    trial.arena.start_worker()
    trial.end()
    return Outcome(deaths, f"{deaths} deaths, {ROUNDS} at each of {len(POINTS)} points")


def announce_at_once(trial: Trial, people: int) -> Outcome:
    """F11: four people announce the same at once, and it was announced before."""
    settings = dataclasses.replace(trial.arena.settings, redis_url=trial.arena.redis_url)
    app = create_app(settings, endpoints=trial.arena.endpoints)
    trial.connect().execute("TRUNCATE notices, deliveries, delivery_events CASCADE")
    start, made, refused = threading.Barrier(4), [], []

    def tell() -> None:
        with app.app_context(), use_scope(system_scope("trial")):
            start.wait()
            began = time.monotonic()
            try:
                made.append((announce_to_all(settings), time.monotonic() - began))
            except AlreadyAnnouncedError as error:
                refused.append(error.notice_id)

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        db.engine.dispose()
    assert len(made) == 1
    assert refused == [made[0][0]] * 3
    assert count(trial.connect(), "true") == people
    trial.begin()
    trial.end()
    return Outcome(
        0, f"announced 4 times at once: 1 notice in {made[0][1]:.2f} s, 3 led to it, {people} rows"
    )


def stop_in_the_middle(trial: Trial) -> Outcome:
    """F12: people opt out while it goes out, and then it is cancelled."""
    trial.begin()
    out = trial.connect().execute(
        "WITH chosen AS (SELECT student_id FROM deliveries WHERE state = 'pending'"
        "  ORDER BY next_try_at DESC, id DESC LIMIT %s), made AS ("
        "  INSERT INTO opt_outs (student_id, kind, channel)"
        "  SELECT student_id, 'fair', 'mail' FROM chosen RETURNING student_id)"
        " SELECT d.message_id FROM deliveries d JOIN made USING (student_id)",
        [OPTED_OUT],
    )
    unwilling = {row[0] for row in out.fetchall()}
    trial.wait_for_more(OPTED_OUT)
    row = trial.connect().execute("SELECT max(id) FROM notices").fetchone()
    assert row is not None
    trial.arena.run("notice", "cancel", str(row[0]), "--yes")
    then = trial.taken()
    trial.end()
    late = trial.taken() - then
    told = sum(mail.message_id in unwilling for mail in read_log(trial.arena.log))
    assert late <= CONCURRENCY, late
    assert told <= CONCURRENCY, told
    return Outcome(
        0,
        f"{len(unwilling)} opted out in the middle, {told} of them told; cancelled after {then}"
        f" mails, {late} went out after the cancelling was committed",
    )


def keep_the_rate(trial: Trial) -> Outcome:
    """F13: ten a second and no more, counted in every window; then as fast as it goes.

    How few there are in a window hangs on the machine too, and is told, not demanded; that all
    is given which the rate allows is shown in tests/notices/test_rates.py.
    """
    trial.arena.changes["PLACEMENT_MAIL_RATE"] = str(RATE)
    trial.begin()
    seconds = WINDOW_SECONDS * WINDOWS
    began = time.time()
    wait_until(lambda: time.time() - began > seconds + 2, seconds=seconds + 30, what="the time")
    trial.arena.end("worker", seconds=LEASE_SECONDS + 4)
    slow = [mail for mail in read_log(trial.arena.log) if mail.moment >= began]
    least, most = windows_of(slow, began + seconds)
    assert most <= RATE * WINDOW_SECONDS * 1.05, most
    trial.arena.changes["PLACEMENT_MAIL_RATE"] = "0"
    before = trial.taken()
    trial.arena.start_worker()
    trial.wait_for_more()
    fast = time.monotonic()
    trial.end()
    rate = (trial.taken() - before) / (time.monotonic() - fast)
    return Outcome(
        0,
        f"at {RATE} a second {least} to {most} mails in any {WINDOW_SECONDS} s of {seconds} s;"
        f" without a limit {rate:,.0f} a second with {CONCURRENCY} senders",
    )


def freeze_the_senders(trial: Trial, times: int) -> Outcome:
    """F14: the pool and all its senders stand still, alive and deaf, again and again."""
    trial.arena.changes["PLACEMENT_STUCK_SECONDS"] = "1"
    trial.begin()
    waits = []
    for _ in range(times):
        trial.wait_for_more(RATE)
        frozen = trial.arena.freeze_senders()
        assert not trial.is_over()
        waits.append(trial.wait_for_more(CONCURRENCY + 1))
        assert [start_of(pid) for pid in frozen] == [None] * len(frozen)
    trial.end()
    return Outcome(
        times * CONCURRENCY,
        f"frozen {times} times, replaced and sending again after {max(waits):.1f} s at most",
    )


def windows_of(mails: list[Taken], until: float) -> tuple[int, int]:
    """The fewest and the most mails in any window that begins with one and ends by `until`."""
    moments = [mail.moment for mail in mails]
    assert all(before <= after for before, after in pairwise(moments))
    counts = [
        sum(begin <= moment < begin + WINDOW_SECONDS for moment in moments)
        for begin in moments
        if begin + WINDOW_SECONDS <= until
    ]
    return min(counts), max(counts)
