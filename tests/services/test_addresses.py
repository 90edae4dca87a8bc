"""Servers that are given by URL, in place of the embedded ones."""

import pytest

from placement.config import load_settings
from placement.errors import ConfigurationError, ServiceUnavailableError
from placement.services import attach
from placement.services.ports import choose_port


def test_given_urls_are_used_and_nothing_is_started(running, tmp_path):
    given = {
        "DATABASE_URL": running.answer["database_url"].replace("+psycopg", ""),
        "REDIS_URL": running.answer["redis_url"],
        "PLACEMENT_INSTANCE": str(tmp_path / "instance"),
    }

    endpoints = attach(load_settings(given))

    assert endpoints.database_url == running.answer["database_url"]
    assert endpoints.migrate_url == endpoints.database_url
    assert endpoints.redis_url == given["REDIS_URL"]
    assert not tmp_path.joinpath("instance").exists()


def test_given_migration_log_in_is_used(running):
    given = {
        "DATABASE_URL": running.answer["database_url"],
        "PLACEMENT_MIGRATE_URL": running.answer["migrate_url"].replace("+psycopg", ""),
        "REDIS_URL": running.answer["redis_url"],
    }

    assert attach(load_settings(given)).migrate_url == running.answer["migrate_url"]


def test_database_that_cannot_be_reached_is_named_without_its_password():
    port = choose_port(None)
    given = {"DATABASE_URL": f"postgresql://chen:secret@127.0.0.1:{port}/placement"}

    with pytest.raises(ServiceUnavailableError) as refusal:
        attach(load_settings(given))

    assert f"chen:***@127.0.0.1:{port}" in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "DATABASE_URL" in refusal.value.remedy


def test_other_database_engine_is_refused():
    with pytest.raises(ConfigurationError, match="does not name a PostgreSQL server"):
        attach(load_settings({"DATABASE_URL": "mysql://chen@localhost/placement"}))


def test_broker_that_cannot_be_reached_stops_nobody(running, caplog):
    given = {
        "DATABASE_URL": running.answer["database_url"],
        "REDIS_URL": f"redis://:secret@127.0.0.1:{choose_port(None)}/0",
    }

    assert attach(load_settings(given)).redis_url == given["REDIS_URL"]

    assert "jobs wait for it" in caplog.text
    assert "secret" not in caplog.text


def test_only_the_server_without_a_url_is_started(machine, running):
    user = machine.use(DATABASE_URL=running.answer["database_url"])

    user.redis().ping()
    assert machine.pid("postgres") == 0
    assert user.sql("SELECT current_database()") == [("placement",)]
