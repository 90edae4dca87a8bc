"""Advisory locks: each about one thing, held by one, and free the moment their holder lets go."""

from placement.db import db, transaction
from placement.locks import Lock, held_beside
from placement.notices.operations.sweeping import sweep
from placement.reports.keeping import begin_keeping


def test_who_comes_next_finds_the_lock_free(app):
    for _ in range(20):
        with held_beside(Lock.RUN, 2016, reason="test") as held:
            assert held is not None


def test_a_second_one_gets_nothing_and_frees_nothing(app):
    with held_beside(Lock.RUN, 2016, reason="test"):
        for _ in range(2):
            with held_beside(Lock.RUN, 2016, reason="test") as second:
                assert second is None
        with held_beside(Lock.RUN, 2017, reason="test") as other:
            assert other is not None


def test_a_holder_that_loses_its_connection_leaves_it_free(app, superuser):
    with held_beside(Lock.RUN, 2016, reason="test") as held:
        assert held is not None
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [held.info.backend_pid])

    with held_beside(Lock.RUN, 2016, reason="test") as again:
        assert again is not None


def test_notices_are_swept_while_facts_are_kept(app, settings, monkeypatch):
    followed = []
    monkeypatch.setattr(
        "placement.notices.operations.sweeping.follow_notices", lambda: followed.append(True)
    )
    with held_beside(Lock.FACTS, reason="test"):
        assert begin_keeping() is None, "the keeper has this lock"
        db.session.rollback()
        with transaction():
            sweep(settings)

    assert followed == [True]
