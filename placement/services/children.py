"""The processes of a runner: commands and forks, each in a group of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from subprocess import Popen
from typing import Protocol

from placement.services.under_runner import READY_VARIABLE, RUNNER_VARIABLE, end_with, report_on

STRAY_SECONDS = 1.0


class Child(Protocol):
    """A child of the runner."""

    pid: int

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, None while it runs."""


class ForkedChild:
    """A function running in a child of its own, with the interface of Popen that we use."""

    def __init__(self, function: Callable[[], int], ready: int) -> None:
        runner = os.getpid()
        self._code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(_run_forked(function, ready, runner))

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


def is_stopped(pid: int) -> bool:
    """Tell whether a child stands still by a signal; leaves what `poll` will read."""
    with contextlib.suppress(ChildProcessError):
        found = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
        return found is not None and found.si_code == os.CLD_STOPPED
    return False


def start_command(
    command: Sequence[str], environment: Mapping[str, str], ready: int
) -> "Popen[bytes]":
    """Start a command in a group of its own, to report on `ready` that it works."""
    own = {READY_VARIABLE: str(ready), RUNNER_VARIABLE: str(os.getpid())}
    return Popen(
        command,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment, **own},
        pass_fds=[ready],
        process_group=0,
    )


def _run_forked(function: Callable[[], int], ready: int, runner: int) -> int:
    """Run `function` in a fresh child of `runner` and return the exit code."""
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        end_with(runner)
        report_on(ready)
        return function()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # noqa: BLE001 - the child must not go on in its parent's code
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def send_signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_group(child: Child) -> None:
    """Kill a child with all of its group, and wait for its end for a second at most."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    deadline = time.monotonic() + STRAY_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def end_group(group: int) -> None:
    """End what a dead part has left of its group, which would hold its port or its job."""
    deadline = time.monotonic() + STRAY_SECONDS
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
