"""What a part does for the runner that started it: report when it is ready, end with it."""

import contextlib
import ctypes
import os
import signal
import sys

READY_VARIABLE = "PLACEMENT_READY_FD"
RUNNER_VARIABLE = "PLACEMENT_RUNNER_PID"
PR_SET_PDEATHSIG = 1


class _Ready:
    """The descriptor to report on, taken from the environment once."""

    descriptor: int | None = None


def join_runner() -> None:
    """Take note of the runner, if there is one, and end when it ends, even by SIGKILL.

    To be called once, before anything is forked. Only Linux lets a process ask for that.
    """
    descriptor = os.environ.pop(READY_VARIABLE, None)
    runner = os.environ.pop(RUNNER_VARIABLE, None)
    if descriptor is not None:
        _Ready.descriptor = int(descriptor)
    if runner is not None:
        end_with(int(runner))


def end_with(parent: int) -> None:
    """Ask for SIGTERM at the end of the parent process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def report_ready() -> None:
    """Tell the runner that this part does its work."""
    if _Ready.descriptor is not None:
        # A runner that is gone needs no report.
        with contextlib.suppress(OSError):
            os.write(_Ready.descriptor, b"!")


def report_on(descriptor: int) -> None:
    """Report on `descriptor` from now on: for a part that its runner has forked."""
    _Ready.descriptor = descriptor
