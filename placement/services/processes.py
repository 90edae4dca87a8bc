"""Processes told apart by pid and start, so that a pid used again is never taken for ours."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from subprocess import Popen

PROC = Path("/proc")
PAUSE_SECONDS = 0.01
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
PASSED_ON_PREFIXES = ("LC_", "PYTHON", "COV_", "COVERAGE_")


@dataclass(slots=True)
class Process:
    """A process that we started (`child`) or found running."""

    pid: int
    started: str
    child: "Popen[bytes] | None" = None

    def is_running(self) -> bool:
        """Tell whether this very process still runs; a zombie does not."""
        if self.child is not None:
            return self.child.poll() is None
        return start_of(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        """Send a signal unless the process has ended."""
        if self.is_running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the process; False when it still runs after `seconds`."""
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        return True


def of_child(child: "Popen[bytes]") -> Process:
    """Describe a process that was just started from here."""
    return Process(child.pid, start_of(child.pid) or "", child)


def found(pid: int, started: str) -> Process | None:
    """Return the process `pid` if it runs and began at `started`."""
    process = Process(pid, started)
    return process if started and process.is_running() else None


def start_of(pid: int) -> str | None:
    """Return a mark of the moment at which `pid` began; None when it does not run.

    On Linux the boot and the clock ticks since then, elsewhere what ps prints.
    """
    if PROC.joinpath("self").exists():
        try:
            state, *rest = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            return None
        return None if state in "ZX" else f"{_boot()}:{rest[18]}"
    return _ps(pid, "lstart=") or None


def is_zombie(pid: int) -> bool:
    """Tell whether `pid` has ended and only waits for its parent to take note."""
    try:
        stat = PROC.joinpath(str(pid), "stat").read_text()
    except OSError:
        return not PROC.joinpath("self").exists() and _ps(pid, "stat=").startswith("Z")
    return stat.rpartition(")")[2].split()[0] == "Z"


def command_line(pid: int) -> str:
    """Return the command line of `pid` with blanks between the words, or nothing."""
    try:
        return PROC.joinpath(str(pid), "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return "" if PROC.joinpath("self").exists() else _ps(pid, "command=")


def marked(mark: str) -> list[Process]:
    """Find the running processes whose command line carries `mark`."""
    if PROC.joinpath("self").exists():
        pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    else:
        pids = [int(line) for line in _listing("pid=").split()]
    ours = [pid for pid in pids if pid != os.getpid() and mark in command_line(pid)]
    return [Process(pid, started) for pid in ours if (started := start_of(pid))]


def python_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of our modules, never one of the working folder."""
    return [sys.executable, "-P", "-m", module, *arguments]


def reduced_environment() -> dict[str, str]:
    """Return the environment for a process that must not see the secrets of its starter."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith(PASSED_ON_PREFIXES)
    }


@cache
def _boot() -> str:
    try:
        return PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "boot"


def _ps(pid: int, column: str) -> str:
    command = ["ps", "-p", str(pid), "-o", column]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _listing(column: str) -> str:
    command = ["ps", "-axo", column]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
