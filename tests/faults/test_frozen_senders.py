"""F14: senders that live and do nothing are found by the rows and replaced."""

from placement.services.processes import start_of
from tests.faults.arena import CONCURRENCY, unfinished, wait_until
from tests.faults.invariants import check_all, read_log

PEOPLE = 600
ENOUGH_SECONDS = 60


def test_frozen_senders_are_replaced_and_everything_goes_out_once(superuser, arena, announced):
    arena.changes["PLACEMENT_STUCK_SECONDS"] = "1"
    announced(PEOPLE)
    arena.start_sink()
    arena.start_beat()
    arena.start_worker()
    wait_until(lambda: len(read_log(arena.log)) > 20, seconds=30, what="the first mails")

    frozen = arena.freeze_senders()
    assert unfinished(superuser)
    wait_until(lambda: not unfinished(superuser), seconds=ENOUGH_SECONDS, what="everything final")

    assert len(frozen) == 1 + CONCURRENCY
    assert [start_of(pid) for pid in frozen] == [None] * len(frozen)
    assert "the senders begin anew" in arena.said("worker")
    check_all(superuser, arena.log, people=PEOPLE, most_doubts=CONCURRENCY)
