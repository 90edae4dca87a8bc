"""The connections: they keep what they have prepared, and a dead one is never handed out."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from placement import driver
from placement.db import db

ASKED = text("SELECT 7 AS asked_again")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :like")


def ask_often(connection) -> None:
    for _ in range(8):
        connection.execute(ASKED)
        connection.rollback()


def count_prepared(connection) -> int:
    return connection.execute(PREPARED, {"like": "SELECT 7 AS asked_again%"}).scalar_one()


def test_prepared_statements_outlive_a_rollback_and_not_a_failure(app):
    with db.engine.connect() as connection:
        ask_often(connection)
        kept = count_prepared(connection)
        with pytest.raises(DataError):
            connection.execute(text("SELECT 1 / 0"))
        connection.rollback()
        after_failure = count_prepared(connection)
        ask_often(connection)

        assert (kept, after_failure, count_prepared(connection)) == (1, 0, 1)


def test_what_was_written_before_a_rollback_is_gone(app):
    count = text("SELECT count(*) FROM periodic_runs WHERE name = 'driver'")
    with db.engine.connect() as connection:
        connection.execute(text("SELECT set_config('placement.scope', 'system', false)"))
        connection.execute(text("INSERT INTO periodic_runs (name, slot) VALUES ('driver', now())"))
        assert connection.execute(count).scalar_one() == 1
        connection.rollback()

        assert connection.execute(count).scalar_one() == 0


def test_dead_connection_of_the_pool_is_replaced(app, superuser, monkeypatch):
    monkeypatch.setattr(driver, "PAUSE_SECONDS", 0)
    db.session.rollback()
    db.engine.dispose()
    process = text("SELECT pg_backend_pid()")
    with db.engine.connect() as connection:
        dead = connection.execute(process).scalar_one()
    superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [dead])

    with db.engine.connect() as connection:
        assert connection.execute(process).scalar_one() != dead
