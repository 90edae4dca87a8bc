"""A dump, restored elsewhere, is the same register; one that cannot be is refused before."""

import base64
import json
import subprocess
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from placement.backup.programs import programs_for_restore
from placement.backup.restoring import restore
from placement.cli import main
from placement.keys import key_file
from tests.backup.places import Place
from tests.factories import make_student, make_university

SEALED = "transaction_id < (SELECT max(to_transaction) FROM audit_seals) ORDER BY id"


def nothing_in(place: Place) -> bool:
    """Whether the place is as it was made: a schema without people."""
    return place.ask("SELECT count(*) FROM students") == [(0,)]


def moment(place: Place) -> tuple[str, ...]:
    """The question of a report, known at a moment that holds wherever it is asked."""
    ((now,),) = place.ask("SELECT clock_timestamp()")
    return ("--class-year", "2016", "--as-of", "2016-12-31", "--known-at", now.isoformat())


def grow(place: Place, transactions: int = 3_000) -> None:
    """Let the numbers of transactions grow, as they do with time."""
    plain = place.endpoints.database_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        for _ in range(transactions):
            connection.execute("SELECT pg_current_xact_id()")


def test_restored_in_a_young_cluster_it_is_the_same_register(here, far_away, tmp_path):
    grow(here)
    question = moment(here)
    report = ("report", "rates", *question, "--by", "category")
    people = ("report", "people", *question, "--is", "placed", "--unmask", "--reason", "trial")
    verify = ("audit", "verify")
    *before, trail = here.answers(report, people, verify)
    file = here.dump(tmp_path / "all.dump")
    far_away.take_keys_of(here)

    restored, *after, again = far_away.answers(("db", "restore", str(file)), report, people, verify)

    assert restored == {"schema": "0001", "keys_tried": True}
    assert after == before
    assert before[0]["total"]["placed"] == len(before[1]["people"]) == 1
    assert (trail["ok"], again["ok"]) == (True, True)
    assert again["events"] > trail["events"]
    actions = [row[0] for row in far_away.ask(f"SELECT action FROM audit_events WHERE {SEALED}")]
    assert actions.index("database.restored") > actions.index("student.read")


def test_rights_and_policies_come_back_from_a_dump_of_a_restored_one(here, elsewhere, tmp_path):
    first = here.dump(tmp_path / "first.dump")
    url = elsewhere.endpoints.migrate_url
    restore(url, first, here.keyring, keys_place="")
    second = elsewhere.dump(tmp_path / "second.dump")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")

    restore(url, second, here.keyring, keys_place="")

    assert elsewhere.ask("SELECT count(*) FROM students") == [(1,)]
    assert elsewhere.ask("SELECT count(*) FROM students", scope="") == [(0,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        elsewhere.ask("UPDATE audit_events SET action = 'x' RETURNING id")
    assert second.stat().st_mode & 0o777 == 0o600


def test_trail_that_was_restored_by_hand_goes_on_above_what_it_holds(elsewhere, cluster):
    far_ahead = 10**12
    with cluster.connect(elsewhere.endpoints.database_url.rpartition("/")[2]) as superuser:
        superuser.execute(
            "INSERT INTO audit_events (transaction_id, actor_role, action, subject_type, origin)"
            f" VALUES ({far_ahead}, 'system', 'trial.begun', '', 'test')"
        )

    done = elsewhere.type("db", "upgrade")

    assert done.exit_code == 0, done.stderr
    assert elsewhere.ask(f"SELECT placement_transaction_id() > {far_ahead}") == [(True,)]


def test_commands_of_a_host_without_the_owner_of_the_tables_go_on(elsewhere):
    given = elsewhere.environment | {"PLACEMENT_MIGRATE_URL": ""}

    done = CliRunner(env=given).invoke(main, ["db", "upgrade"])

    assert done.exit_code == 0, done.stderr
    assert "up to date" in done.stdout


def test_no_key_and_no_clear_number_is_in_a_dump(here, tmp_path):
    make_student(make_university(), id_number="350000199301010027")
    file, script = here.dump(tmp_path / "all.dump"), tmp_path / "script.sql"
    ring = json.loads(key_file(here.instance).read_text())

    subprocess.run([programs_for_restore() / "pg_restore", f"--file={script}", file], check=True)

    text = script.read_text(encoding="utf-8")
    assert "20120001" in text
    secrets = [ring["index"], *ring["masters"].values()]
    raw = [base64.b64decode(secret).hex() for secret in secrets]
    assert not [word for word in (*secrets, *raw, "350000199301010027") if word in text]


def test_without_keys_it_is_refused_and_none_are_made(here, elsewhere, tmp_path):
    file = here.dump(tmp_path / "all.dump")

    done = elsewhere.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "The keys do not fit this dump: there are no keys here" in done.stderr
    assert str(key_file(elsewhere.instance)) in done.stderr
    assert not key_file(elsewhere.instance).exists()
    assert nothing_in(elsewhere)


def test_other_keys_are_refused(here, elsewhere, tmp_path):
    file = here.dump(tmp_path / "all.dump")
    elsewhere.take_keys_of(here)
    spoil(key_file(elsewhere.instance), "masters")

    done = elsewhere.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "The keys do not fit this dump: A data key does not open" in done.stderr
    assert nothing_in(elsewhere)


def test_another_index_key_is_refused_since_nobody_would_be_found(here, elsewhere, tmp_path):
    file = here.dump(tmp_path / "all.dump")
    elsewhere.take_keys_of(here)
    spoil(key_file(elsewhere.instance), "index")

    done = elsewhere.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "the index key is another one" in done.stderr
    assert nothing_in(elsewhere)


def spoil(path: Path, part: str) -> None:
    """Put other keys of the same names into a key ring."""
    other = "b3RoZXIga2V5IG90aGVyIGtleSBvdGhlciBrZXkgb3Q="
    ring = json.loads(path.read_text())
    ring[part] = other if part == "index" else dict.fromkeys(ring[part], other)
    path.write_text(json.dumps(ring))


def test_database_with_people_is_not_overwritten(here, tmp_path):
    file = here.dump(tmp_path / "all.dump")

    done = here.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "The database is not empty" in done.stderr
    assert here.ask("SELECT count(*) FROM students") == [(1,)]


def test_database_in_use_is_left_alone(here, elsewhere, tmp_path):
    file = here.dump(tmp_path / "all.dump")
    elsewhere.take_keys_of(here)

    with psycopg.connect(elsewhere.endpoints.database_url.replace("+psycopg", "")):
        done = elsewhere.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "The database is in use" in done.stderr
    assert nothing_in(elsewhere)


def test_dump_of_a_newer_program_is_refused(here, elsewhere, superuser, tmp_path):
    elsewhere.take_keys_of(here)
    superuser.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        file = here.dump(tmp_path / "newer.dump")
    finally:
        superuser.execute("UPDATE alembic_version SET version_num = '0001'")

    done = elsewhere.type("db", "restore", str(file))

    assert done.exit_code == 1
    assert "schema 9999, which is newer than this program" in done.stderr


@pytest.mark.parametrize("share", [0.1, 0.95])
def test_broken_dump_leaves_everything_as_it_was(here, elsewhere, tmp_path, share):
    elsewhere.take_keys_of(here)
    whole = here.dump(tmp_path / "all.dump").read_bytes()
    broken = tmp_path / "broken.dump"
    broken.write_bytes(whole[: int(len(whole) * share)])

    done = elsewhere.type("db", "restore", str(broken))

    assert done.exit_code == 1
    assert "pg_restore failed" in done.stderr
    assert nothing_in(elsewhere)
    assert elsewhere.ask("SELECT version_num FROM alembic_version") == [("0001",)]


def test_what_is_no_dump_is_refused(elsewhere, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("hello")

    for file, words in (
        (other, "is no dump of Placement"),
        (tmp_path / "nowhere", "There is no file"),
        (other / "below", "cannot be read: Not a directory"),
    ):
        done = elsewhere.type("db", "restore", str(file))

        assert done.exit_code == 1
        assert words in done.stderr
