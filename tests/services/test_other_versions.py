"""Data of another PostgreSQL version: carried over, or left alone with clear words."""

import shutil
import signal
import subprocess
from pathlib import Path
from subprocess import Popen

import pytest

from placement import migrate
from placement.services import programs
from placement.services.cluster import ask, superuser_connection
from placement.services.ownership import make_folder_for, user_for
from placement.services.ports import choose_port
from placement.services.programs import major_of
from placement.services.server import Answer
from tests.services.machine import Machine, until

OLD_PROGRAMS = [
    server.parent
    for server in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if server.parent.parent.name < "18"
]


def test_data_of_another_major_version_say_how_to_upgrade(machine):
    machine.folder.joinpath("postgres", "PG_VERSION").write_text("13\n")

    refusal = machine.use().refusal

    assert "written by PostgreSQL 13" in refusal
    assert "PLACEMENT_OLD_POSTGRES" in refusal
    assert "Nothing was changed" in refusal


def test_data_of_a_newer_major_version_do_not_go_back(machine):
    machine.folder.joinpath("postgres", "PG_VERSION").write_text("99\n")

    assert "Install the program with PostgreSQL 99 again" in machine.use().refusal


def test_data_of_another_major_version_are_carried_over(machine, place):
    old = _programs_of_major_17(machine.folder / "postgres", place / "old")

    user = machine.use(PLACEMENT_OLD_POSTGRES=str(old))

    assert user.finds_row()
    assert machine.folder.joinpath("postgres-17-kept-1", "PG_VERSION").exists()
    user.leave(at_once=True)
    until(lambda: not machine.running())
    assert machine.use().finds_row()


def test_audit_trail_goes_on_above_what_the_old_cluster_numbered(machine, place):
    user = machine.use()
    migrate.upgrade(user.answer["migrate_url"])
    user.sql(
        "DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
    )
    user.sql(
        "INSERT INTO audit_events (actor_role, action, subject_type, origin)"
        " VALUES ('system', 'trial.begun', '', 'test')"
    )
    user.leave(at_once=True)
    until(lambda: not machine.running())
    old = _programs_of_major_17(machine.folder / "postgres", place / "old")

    user = machine.use(PLACEMENT_OLD_POSTGRES=str(old))

    newest = "(SELECT max(transaction_id) FROM audit_events)"
    system = "set_config('placement.scope', 'system', true) IS NOT NULL"
    assert user.sql(
        f"SELECT pg_current_xact_id()::text::bigint < {newest},"
        f" placement_transaction_id() > {newest} WHERE {system}"
    ) == [(True, True)]


def _programs_of_major_17(data: Path, folder: Path) -> Path:
    """Make data and programs that call themselves version 17, since the wheel has only one."""
    current = data.joinpath("PG_VERSION").read_text().strip()
    data.joinpath("PG_VERSION").write_text("17\n")
    folder.mkdir()
    server = folder / "postgres"
    server.write_text(
        "#!/bin/sh\n"
        '[ "$1" = --version ] && echo "postgres (PostgreSQL) 17.9" && exit\n'
        f"echo {current} > PG_VERSION\n"
        f'exec {programs.postgres_folder()}/bin/postgres "$@"\n'
    )
    server.chmod(0o755)
    return folder


@pytest.mark.skipif(not OLD_PROGRAMS, reason="the system has no PostgreSQL of another version")
def test_data_of_a_real_older_version_are_carried_over(machine):
    data = machine.folder / "postgres"
    shutil.rmtree(data)
    major = _make_old_cluster(machine, OLD_PROGRAMS[-1])

    user = machine.use()

    assert user.finds_row()
    assert user.sql("SHOW server_version_num") > [("180000",)]
    assert machine.folder.joinpath(f"postgres-{major}-kept-1").is_dir()


def _make_old_cluster(machine: Machine, old: Path) -> int:
    """Make what a program with an older PostgreSQL would have left, with the row in it."""
    data, instance = machine.folder / "postgres", machine.instance
    user = user_for(data)
    make_folder_for(user, data)
    password = machine.folder / "password"
    password.write_text(instance.password("postgres"))
    password.chmod(0o644)
    command = [old / "initdb", "-D", ".", "-U", "postgres", "--no-sync", f"--pwfile={password}"]
    subprocess.run(
        [*command, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"],
        cwd=data,
        check=True,
        stdout=subprocess.DEVNULL,
        **user.popen_arguments(),
    )
    statements = [
        *(
            f"CREATE ROLE {role} LOGIN PASSWORD '{instance.password(role)}'"
            for role in ("placement_owner", "placement_app")
        ),
        "CREATE DATABASE placement OWNER placement_owner",
    ]
    inside = [
        "SET ROLE placement_owner",
        "CREATE TABLE kept (word text)",
        "INSERT INTO kept VALUES ('一生一策')",
        "GRANT SELECT ON kept TO placement_app",
    ]
    port = choose_port(None)
    server = Popen(
        [old / "postgres", "-D", ".", "-p", str(port), "-k", "", "-F"],
        cwd=data,
        stderr=subprocess.DEVNULL,
        **user.popen_arguments(),
    )
    try:
        until(lambda: ask(instance, port) is Answer.READY)
        for database, texts in (("postgres", statements), ("placement", inside)):
            with superuser_connection(instance, port, database) as connection:
                for text in texts:
                    connection.execute(text)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    return major_of(old)


def test_killed_upgrade_is_finished_at_the_next_start(machine):
    data = machine.folder / "postgres"
    data.joinpath("placement-upgrade-complete").touch()
    data.rename(machine.folder / "postgres.new")

    assert machine.use().finds_row()
