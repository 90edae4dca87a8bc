"""F1: senders and whole workers are killed, again and again, in the middle of sending."""

from tests.faults.arena import CONCURRENCY, unfinished, wait_until
from tests.faults.invariants import (
    check_all,
    nothing_personal_in_the_broker,
    read_log,
)

PEOPLE = 800
KILLS = 8
GROUP_KILLS = 1


def test_nobody_is_missed_and_every_copy_is_announced(superuser, arena, announced):
    announced(PEOPLE)
    arena.start_sink()
    arena.start_beat()
    arena.start_worker()

    wait_until(lambda: len(read_log(arena.log)) > 20, seconds=30, what="the first mails")
    killed = 0
    while killed < KILLS and unfinished(superuser):
        killed += arena.kill_a_sender()
        arena.pause(0.1, 0.4)
    for _ in range(GROUP_KILLS):
        arena.kill("worker")
        arena.start_worker()
        arena.pause(1.0, 2.0)
    wait_until(lambda: not unfinished(superuser), seconds=60, what="everything final")

    most = killed + GROUP_KILLS * CONCURRENCY
    check_all(superuser, arena.log, people=PEOPLE, most_doubts=most)
    assert len({mail.recipient for mail in read_log(arena.log)}) == PEOPLE
    nothing_personal_in_the_broker(arena.redis_url)
