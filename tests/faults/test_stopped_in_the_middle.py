"""F10, F11, F12: stopped on purpose in the middle, or begun twice."""

import threading

from placement.accounts.queries import viewer_of
from placement.db import db, system_scope, transaction, use_scope
from placement.notices.models import Notice
from placement.notices.operations.announcement import AlreadyAnnouncedError
from placement.notices.operations.steering import cancel_notice
from tests.faults.arena import CONCURRENCY, count, unfinished, wait_until
from tests.faults.conftest import announce_to_all
from tests.faults.crowd import make_crowd
from tests.faults.invariants import check_all, doubts, read_log

PEOPLE = 1_500
END_SECONDS = 8


def test_a_cancelled_notice_stops_and_a_worker_asked_to_end_leaves_no_doubt(
    superuser, arena, announced, settings, cast
):
    announced(PEOPLE)
    arena.start_sink()
    arena.start_beat()
    arena.start_worker()
    wait_until(lambda: len(read_log(arena.log)) > 20, seconds=30, what="the first mails")

    with transaction():
        cancel_notice(db.session.query(Notice).one(), actor=viewer_of(cast.huang))
    at_that_moment = len(read_log(arena.log))
    wait_until(lambda: not unfinished(superuser), seconds=30, what="everything final")

    assert at_that_moment < PEOPLE
    assert len(read_log(arena.log)) <= at_that_moment + CONCURRENCY
    check_all(superuser, arena.log, people=PEOPLE, most_doubts=0)

    before = len(read_log(arena.log))
    announce_to_all(settings, again=True)
    wait_until(lambda: len(read_log(arena.log)) > before + 20, seconds=30, what="more mails")
    took = arena.end("worker", seconds=END_SECONDS)

    assert took < END_SECONDS
    assert count(superuser, "state IN ('claimed', 'sending')") == 0
    assert doubts(superuser) == 0
    assert count(superuser, "state = 'sent'") == len(read_log(arena.log))
    assert count(superuser, "state = 'pending'") > 0


def test_many_at_once_make_one_notice(app, superuser, settings, sent_jobs):
    make_crowd(superuser, PEOPLE)
    start, outcomes = threading.Barrier(4), []

    def tell() -> None:
        with app.app_context(), use_scope(system_scope("test")):
            start.wait()
            try:
                outcomes.append(announce_to_all(settings))
            except AlreadyAnnouncedError as refused:
                outcomes.append(refused.notice_id)

    db.session.rollback()
    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 4
    assert len(set(outcomes)) == 1
    assert count(superuser, "true") == PEOPLE
