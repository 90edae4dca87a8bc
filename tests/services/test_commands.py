"""The commands `placement services …` and `placement run`, as typed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from subprocess import CompletedProcess, Popen
from typing import Any

import psycopg
import pytest

from placement.services.ports import choose_port
from tests.services.machine import Machine, until

PLACEMENT = [sys.executable, "-P", "-m", "placement.cli"]


def _run(machine: Machine, *words: str) -> "CompletedProcess[str]":
    return subprocess.run(
        [*PLACEMENT, *words],
        env={**machine.environment, "PLACEMENT_INSTANCE": str(machine.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _json(machine: Machine, *words: str) -> dict[str, Any]:
    done = _run(machine, *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_servers_stay_from_start_to_stop(machine):
    started = _json(machine, "services", "start")

    assert started["running"]
    assert started["supervisor"] == {"pid": machine.pid("supervisor"), "stays": True}
    for server in ("postgres", "redis"):
        assert started[server]["running"]
        assert started[server]["pid"] == machine.pid(server)
    with psycopg.connect(started["database_url"].replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("一生一策",)]

    os.kill(machine.pid("supervisor"), signal.SIGUSR1)  # leave at once if nobody uses it
    killed = machine.kill("redis")
    until(lambda: machine.pid("redis") not in {0, killed}, seconds=10)
    now = until(lambda: _json(machine, "services", "status"))
    assert now["supervisor"] == started["supervisor"]
    assert now["database_url"] == started["database_url"]

    stopped = _json(machine, "services", "stop")

    assert not stopped["running"]
    assert not stopped["postgres"]["running"]
    assert stopped["database_url"] is None
    assert not machine.running()


def test_text_shows_where_the_servers_are_and_no_password(machine):
    user = machine.use()

    shown = _run(machine, "services", "status")

    assert shown.returncode == 0
    assert f"pid {machine.pid('postgres')}" in shown.stdout
    assert f"used by       {user.process.pid}" in shown.stdout
    assert "placement_app:***@127.0.0.1" in shown.stdout
    for path in machine.folder.rglob("*.password"):
        assert path.read_text() not in shown.stdout


def test_servers_in_use_are_not_stopped(machine):
    user = machine.use()

    refused = _run(machine, "services", "stop")

    assert refused.returncode == 1
    assert f"in use by {user.process.pid} (" in refused.stderr
    assert user.finds_row()


def test_status_of_nothing_makes_nothing(fresh_machine):
    answer = _json(fresh_machine, "services", "status")

    assert not answer["running"]
    assert answer["users"] == []
    assert not fresh_machine.folder.exists()


def test_no_server_is_started_beside_those_that_are_given(fresh_machine):
    fresh_machine.environment |= {
        "DATABASE_URL": "postgresql://chen@127.0.0.1/placement",
        "REDIS_URL": "redis://127.0.0.1/0",
    }

    refused = _run(fresh_machine, "services", "start")

    assert refused.returncode == 1
    assert "servers of your own" in refused.stderr
    assert not fresh_machine.folder.exists()


def test_web_wants_a_database_that_is_up_to_date(machine):
    refused = _run(machine, "web", "--port", str(choose_port(None)))

    assert refused.returncode == 1
    assert "placement db upgrade" in refused.stderr


def test_taken_port_is_refused_before_anything_is_started(fresh_machine):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = _run(fresh_machine, "run", "--port", str(port))

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert not fresh_machine.folder.exists()


@pytest.fixture
def served(machine: Machine) -> Iterator[tuple[Machine, "Popen[str]", int]]:
    """`placement run` at work, and its port."""
    port = choose_port(None)
    process = Popen(
        [*PLACEMENT, "run", "--port", str(port), "--workers", "1"],
        env={**machine.environment, "PLACEMENT_INSTANCE": str(machine.folder)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield machine, process, port
    process.terminate()
    process.wait(20)
    assert process.stderr is not None
    process.stderr.close()


def _line(process: "Popen[str]", text: str) -> str:
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        if text in line:
            return line
    raise AssertionError("".join(seen))


def _status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def test_run_serves_brings_back_what_dies_and_leaves_nothing(served):
    machine, process, port = served
    _line(process, f"Placement is ready at http://127.0.0.1:{port}")
    assert _status(port, "/readyz") == 200
    assert _status(port, "/sign-in") == 200

    machine.kill("postgres")
    until(lambda: _status(port, "/readyz") == 200, seconds=10)

    web = machine.part(port)
    os.kill(web, signal.SIGKILL)
    _line(process, "web: ended (signal 9)")
    _line(process, "web: ready again")
    assert _status(port, "/readyz") == 200

    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert time.monotonic() - begun < 10
    assert not machine.running()
    assert _status(port, "/readyz") == 0
    assert not machine.instance.users()
