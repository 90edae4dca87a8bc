"""A new master key: every data key comes under it, whatever happens meanwhile."""

import json
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask

from placement.cli import keys as commands
from placement.config import Settings
from placement.db import db, transaction
from placement.files import StoredFile, read_file, store_file
from placement.keys import add_master_key, key_file, keyring, use_keyring
from placement.locks import Lock
from placement.rotation import STEP_ROWS
from tests.backup.places import Place
from tests.faults.arena import wait_until
from tests.faults.crowd import make_crowd
from tests.servers import Cluster

HELD = 4_711


@pytest.fixture
def command(typed):
    """Types `placement keys …` and gives what came of it."""

    def run(*words: str) -> Result:
        return typed(commands, "keys", *words, "--format", "json")

    return run


def answer(done: Result) -> dict:
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def keep_minutes() -> StoredFile:
    with transaction():
        return store_file(b"minutes", name="a.txt", content_type="text/plain", purpose="evidence")


def test_every_data_key_comes_under_a_new_master(command, cast):
    id_number, file = cast.lin_mei.id_number, keep_minutes()
    before = (bytes(cast.lin_mei.data_key), keyring().current)

    done = answer(command("rotate"))

    assert done["master"] != before[1]
    assert (done["rewrapped"], done["left"]) == (2, 0)
    assert (done["tables"]["students"], done["tables"]["stored_files"]) == (1, 1)
    assert cast.lin_mei.data_key != before[0]
    assert cast.lin_mei.id_number == id_number
    assert read_file(file) == b"minutes"
    counts = answer(command("status"))
    assert counts["data_keys"] == dict.fromkeys(keyring().masters, 0) | {done["master"]: 2}
    assert (counts["master"], counts["missing"]) == (done["master"], [])


def test_rotation_is_in_the_audit_trail_and_key_files_stay_closed(command, cast, settings):
    assert cast.lin_mei

    done = answer(command("rotate"))

    events = db.session.execute(
        db.text("SELECT action, details->>'master' FROM audit_events ORDER BY id")
    ).all()
    assert [tuple(event) for event in events[-2:]] == [
        ("keys.master_added", done["master"]),
        ("keys.rotated", done["master"]),
    ]
    assert key_file(settings.instance).stat().st_mode & 0o777 == 0o600


def test_key_of_an_erased_person_does_not_come_back(command, cast):
    with transaction():
        cast.lin_mei.data_key = None

    assert answer(command("rotate"))["rewrapped"] == 0
    assert cast.lin_mei.data_key is None


def test_row_that_somebody_holds_is_taken_once_it_is_free(command, cast, endpoints, monkeypatch):
    assert cast.lin_mei
    with psycopg.connect(endpoints.migrate_url.replace("+psycopg", "")) as holder:
        holder.execute("SELECT FROM students FOR UPDATE")
        monkeypatch.setattr("placement.rotation.time.sleep", lambda _seconds: holder.rollback())

        done = answer(command("rotate"))

    assert (done["tables"]["students"], done["left"]) == (1, 0)


def test_second_rotation_at_the_same_time_is_refused(command, cast, endpoints):
    masters = keyring().masters
    with psycopg.connect(endpoints.database_url.replace("+psycopg", "")) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [Lock.ROTATION.value])

        done = command("rotate")

    assert done.exit_code == 1
    assert "Another rotation is under way" in done.stderr
    assert keyring().masters == masters


def test_keys_of_the_environment_are_not_added_to(command, app, cast, settings, monkeypatch):
    given = settings.__class__(keys=key_file(settings.instance).read_text())
    monkeypatch.setitem(app.config, "SETTINGS", given)
    assert cast.lin_mei

    done = command("rotate")

    assert answer(done)["rewrapped"] == 0
    assert "put a new key at the end" in done.stderr


def test_running_process_reads_what_came_under_a_key_added_after_it(command, cast):
    """The web that was started before the rotation, with a ring of its own."""
    email, running = cast.lin_mei.email, keyring()
    answer(command("rotate"))
    file = keep_minutes()
    assert keyring() is not running

    use_keyring(running)

    assert cast.lin_mei.email == email
    assert read_file(file) == b"minutes"


def test_running_process_soon_writes_under_the_new_key(app, settings):
    running = keyring()
    fresh = add_master_key(key_file(settings.instance))

    wait_until(
        lambda: running.new_data_key(uuid.uuid4())[1].startswith(fresh.encode()),
        seconds=10,
        what="a data key under the new master key",
    )


PEOPLE = 2_500
MASTERS = "SELECT convert_from(substr(data_key, 1, 4), 'UTF8'), count(*) FROM students GROUP BY 1"


@pytest.fixture
def crowded(
    app: Flask, cluster: Cluster, process_name: str, settings: Settings, tmp_path: Path
) -> Iterator[tuple[Place, psycopg.Connection]]:
    """An installation of its own with many people; its database is dropped afterwards."""
    name = f"placement_crowded_{process_name}"
    place = Place(tmp_path / "crowded", cluster.clone(name))
    place.take_keys_of(Place(settings.instance, place.endpoints))
    with cluster.connect(name) as superuser:
        make_crowd(superuser, PEOPLE)
        yield place, superuser
    with cluster.connect() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_killed_rotation_loses_nothing_and_is_gone_on_with(crowded):
    place, superuser = crowded
    first = place.keyring
    block_at(superuser, PEOPLE // 2)
    process = subprocess.Popen(place.command("keys", "rotate"), env=place.environment)
    wait_until(lambda: len(by_master(superuser)) == 2, seconds=60, what="a first step")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    unblock(superuser)
    half, ring = by_master(superuser), place.keyring

    done = place.run("keys", "rotate", "--format", "json")

    assert half == {first.current: PEOPLE - STEP_ROWS, ring.current: STEP_ROWS}
    assert done.returncode == 0, done.stderr
    assert "goes on" in done.stderr
    assert place.keyring.masters == ring.masters == (*first.masters, ring.current)
    assert by_master(superuser) == {ring.current: PEOPLE}
    rows = superuser.execute("SELECT uid, data_key, email_sealed FROM students").fetchall()
    opened = {ring.data_key(u, k).open(sealed, "students.email", u) for u, k, sealed in rows}
    assert len(opened) == PEOPLE


def by_master(superuser: psycopg.Connection) -> dict[str, int]:
    return dict(superuser.execute(MASTERS).fetchall())


def block_at(superuser: psycopg.Connection, nth: int) -> None:
    """Have whoever changes the nth person wait for a lock that the test holds."""
    superuser.execute("SELECT pg_advisory_lock(%s)", [HELD])
    superuser.execute(
        "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" PERFORM pg_advisory_xact_lock({HELD}); RETURN NEW; END $$"
    )
    row = superuser.execute("SELECT id FROM students ORDER BY id OFFSET %s", [nth]).fetchone()
    superuser.execute(
        "CREATE TRIGGER wait_here BEFORE UPDATE ON students FOR EACH ROW"
        f" WHEN (NEW.id = {row[0]}) EXECUTE FUNCTION wait_here()"
    )


def unblock(superuser: psycopg.Connection) -> None:
    superuser.execute("SELECT pg_advisory_unlock(%s)", [HELD])
    superuser.execute("DROP FUNCTION wait_here() CASCADE")
