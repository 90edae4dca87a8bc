"""The runner: brings its parts up and back, ends all of them, leaves nothing."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from placement.services.processes import start_of
from tests.services.machine import until

Start = Callable[..., "Running"]


class Running:
    """A runner at work, and the lines that it has told so far."""

    def __init__(self, *arguments: str, end_seconds: int = 1) -> None:
        script = Path(__file__).with_name("runner_process.py")
        self.process = Popen(
            [sys.executable, script, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "END_SECONDS": str(end_seconds)},
            start_new_session=True,
        )
        self.lines: list[str] = []

    def line(self, pattern: str) -> "re.Match[str]":
        """Read on until a line that matches."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line matches {pattern}: {self.lines}")

    def pid(self, name: str) -> int:
        """Read on until a part is ready and return its pid."""
        return int(self.line(rf"{name}: ready.* \(pid (\d+)\)").group(1))

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, read the rest and return the exit code."""
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> int:
        """Read the rest and return the exit code."""
        assert self.process.stdout is not None
        self.lines += self.process.stdout.read().splitlines()
        return self.process.wait(20)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a runner; it is gone after the test."""
    started: list[Running] = []

    def start_one(*arguments: str, end_seconds: int = 1) -> Running:
        started.append(Running(*arguments, end_seconds=end_seconds))
        return started[-1]

    yield start_one
    for running in started:
        running.process.terminate()
        running.rest()
        assert running.process.stdout is not None
        running.process.stdout.close()


@pytest.mark.parametrize("part", ["steady", "own_command"])
def test_killed_part_is_started_again(start, part):
    runner = start(part)
    first = runner.pid(part)

    os.kill(first, signal.SIGKILL)

    runner.line(rf"{part}: ended \(signal 9\), started again in")
    second = runner.pid(part)
    assert second != first
    assert start_of(first) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_every_part(start, number):
    runner = start("steady,own_command")
    pids = [int(runner.line(r"ready \(pid (\d+)\)").group(1)) for _ in range(2)]
    runner.line("all ready")

    code = runner.end(number)

    assert code == 0
    assert {"steady: stopped", "own_command: stopped"} <= set(runner.lines)
    assert [start_of(pid) for pid in pids] == [None, None]


def test_part_that_does_not_end_is_killed(start):
    runner = start("stubborn,steady")
    runner.line("all ready")

    begun = time.monotonic()
    code = runner.end()

    assert code == 0
    assert time.monotonic() - begun < 3
    assert {"stubborn: killed", "steady: stopped"} <= set(runner.lines)


def test_second_signal_cuts_the_end_short(start):
    runner = start("steady,stubborn", end_seconds=60)
    pids = [int(runner.line(r"ready \(pid (\d+)\)").group(1)) for _ in range(2)]
    (steady,) = [pid for pid in pids if f"steady: ready (pid {pid})" in runner.lines]
    (stubborn,) = set(pids) - {steady}
    runner.line("all ready")
    runner.process.send_signal(signal.SIGINT)
    until(lambda: start_of(steady) is None)

    begun = time.monotonic()
    runner.end(signal.SIGINT)

    assert time.monotonic() - begun < 10
    assert start_of(stubborn) is None


def test_what_a_dead_part_leaves_behind_is_ended(start):
    runner = start("with_child")
    child = int(runner.line(r"child (\d+)").group(1))
    part = runner.pid("with_child")

    os.kill(part, signal.SIGKILL)

    runner.line("started again")
    until(lambda: start_of(child) is None)


def test_part_that_never_works_ends_the_runner(start):
    runner = start("steady,failing")

    code = runner.rest()

    assert code == 1
    assert "failing: ended (exit code 7) 5 times before it ever worked" in runner.lines
    assert "steady: stopped" in runner.lines


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of that")
@pytest.mark.parametrize("part", ["steady", "own_command"])
def test_parts_end_with_a_killed_runner(start, part):
    runner = start(part)
    pid = runner.pid(part)

    runner.process.kill()

    until(lambda: start_of(pid) is None)


def test_parts_start_anew_when_they_must(start, tmp_path):
    ask = tmp_path / "moved"
    runner = start("steady", str(ask))
    first = runner.pid("steady")

    ask.touch()

    runner.line("started again in 0 s")
    assert runner.pid("steady") != first


def test_one_part_starts_anew_alone_and_is_killed_when_it_does_not_end(start, tmp_path):
    runner = start("steady,stubborn", str(tmp_path / "moved"))
    pids = dict(runner.line(r"(\w+): ready \(pid (\d+)\)").groups() for _ in range(2))

    tmp_path.joinpath("moved.stubborn").touch()

    runner.line("stubborn: did not end within 1 s, killed")
    assert runner.pid("stubborn") != int(pids["stubborn"])
    assert start_of(int(pids["steady"])) is not None
    assert start_of(int(pids["stubborn"])) is None


def test_part_that_was_stopped_is_replaced_and_one_that_goes_on_is_not(start):
    runner = start("steady,own_command")
    pids = dict(runner.line(r"(\w+): ready \(pid (\d+)\)").groups() for _ in range(2))
    os.kill(int(pids["own_command"]), signal.SIGSTOP)
    os.kill(int(pids["own_command"]), signal.SIGCONT)

    os.kill(int(pids["steady"]), signal.SIGSTOP)

    runner.line("steady: stopped for 0.3 s, killed")
    runner.pid("steady")
    assert start_of(int(pids["steady"])) is None
    assert start_of(int(pids["own_command"])) is not None
