"""Worker and beat: jobs in hand are finished at the end, a broker that is away stops nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import redis
from celery import Celery

from placement.services.processes import marked
from tests.services.machine import CHECKOUT, User, until

WAITING = "parts.parts.short"
IN_HAND = "parts.unacked"

Start = Callable[[str, User], "Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker or a beat on the broker of a user; it is gone after the test."""
    started: list[Popen[bytes]] = []

    def start_one(kind: str, user: User) -> "Popen[bytes]":
        script = str(Path(__file__).with_name("queue_process.py"))
        command = [sys.executable, script, kind, user.answer["redis_url"], str(tmp_path)]
        started.append(Popen(command, start_new_session=True))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.wait(10)
        until(lambda: not marked(str(tmp_path)))


@pytest.fixture
def broker(running: User) -> Iterator["redis.Redis[Any]"]:
    """The broker, empty."""
    with running.redis() as client:
        client.flushall()
        yield client


def _send(user: User, name: str, *arguments: str) -> None:
    sender = Celery("sender", broker=user.answer["redis_url"], set_as_current=False)
    sender.conf.broker_transport_options = {"global_keyprefix": "parts."}
    sender.send_task(name, args=arguments, queue="parts.short")
    sender.close()


def test_job_in_hand_is_told_and_finished_and_not_done_again(start, running, broker, tmp_path):
    worker = start("worker", running)
    _send(running, "test.patient", str(tmp_path))
    until(tmp_path.joinpath("begun").exists)
    _send(running, "test.note", str(tmp_path), "later")

    worker.send_signal(signal.SIGTERM)
    code = worker.wait(8)

    assert code == 0
    assert tmp_path.joinpath("process").exists()
    assert tmp_path.joinpath("finished").exists()
    assert broker.hlen(IN_HAND) == 0
    assert not tmp_path.joinpath("later").exists()
    assert broker.llen(WAITING) == 1


def test_job_that_does_not_end_is_broken_off_in_time(start, running, broker, tmp_path):
    worker = start("worker", running)
    _send(running, "test.endless", str(tmp_path))
    until(tmp_path.joinpath("begun").exists)

    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    code = worker.wait(20)

    assert code >= 0, "by itself, and not by its own alarm"
    assert time.monotonic() - begun < 8
    until(lambda: not marked(str(tmp_path)))


def test_job_of_a_killed_process_does_not_end_the_worker(start, running, broker, tmp_path):
    start("worker", running)
    _send(running, "test.endless", str(tmp_path))
    until(tmp_path.joinpath("begun").exists)
    (parent,) = [p.pid for p in marked(str(tmp_path)) if os.getsid(p.pid) == p.pid]

    for process in marked(str(tmp_path)):
        if process.pid != parent:
            process.signal(signal.SIGKILL)

    _send(running, "test.note", str(tmp_path), "after")
    until(tmp_path.joinpath("after").exists)


def test_frozen_job_is_killed_by_its_pool_and_others_are_done(start, running, broker, tmp_path):
    start("worker", running)
    _send(running, "test.frozen", str(tmp_path))
    until(tmp_path.joinpath("begun").exists)

    _send(running, "test.note", str(tmp_path), "after")

    until(tmp_path.joinpath("after").exists)


def test_beat_goes_on_when_the_broker_is_back(start, machine):
    user = machine.use()
    client = user.redis()
    beat = start("beat", user)
    until(lambda: client.llen(WAITING) > 1)

    killed = machine.kill("redis")
    until(lambda: machine.pid("redis") not in {0, killed}, seconds=10)
    before = until(lambda: _length(client))

    until(lambda: _length(client) > before, seconds=10)
    begun = time.monotonic()
    beat.terminate()
    assert beat.wait(5) == 0
    assert time.monotonic() - begun < 5
    client.close()


def _length(client: "redis.Redis[Any]") -> int:
    try:
        return int(client.llen(WAITING))
    except (redis.ConnectionError, redis.BusyLoadingError):
        return 0


@pytest.mark.parametrize("other", ["tasks.py", "tasks/__init__.py"])
def test_tasks_of_another_folder_are_refused_unread(tmp_path, other):
    path = tmp_path / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("print('this code was run')")
    code = "from placement.services.celery_parts import import_tasks; import_tasks('worker')"
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "not beside placement" in done.stderr
    assert "this code was run" not in done.stdout
