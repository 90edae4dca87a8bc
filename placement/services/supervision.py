"""How the supervisor of an instance is found, started and let go."""

import os
import signal
import subprocess
import time
from pathlib import Path

from placement.errors import ServiceUnavailableError
from placement.services import processes
from placement.services.instance import Instance
from placement.services.locks import is_held_exclusively
from placement.services.processes import Process
from placement.services.troubles import log_tail

SUPERVISOR = "supervisor"
START_SECONDS = 15.0
STOP_SECONDS = 8.0
PAUSE_SECONDS = 0.02


def is_supervised(instance: Instance) -> bool:
    """Tell whether a supervisor lives: it holds its lock until the kernel takes it away."""
    return is_held_exclusively(instance.supervisor_lock_file)


def supervisor_process(instance: Instance) -> Process | None:
    """Return the process of the supervisor if it runs."""
    known = instance.read_state().get(SUPERVISOR) or {}
    return processes.found(known.get("pid") or 0, known.get("started") or "")


def start_supervisor(instance: Instance, old_programs: Path | None) -> None:
    """Start a supervisor unless somebody else does so at this moment.

    Raises ServiceUnavailableError when it does not come up.
    """
    start = instance.start_lock
    if not start.try_exclusive():
        start.forget()
        return
    try:
        if not is_supervised(instance):
            _run_supervisor(instance, old_programs)
            deadline = time.monotonic() + START_SECONDS
            while not is_supervised(instance):
                if time.monotonic() > deadline:
                    raise _no_supervisor(instance)
                time.sleep(PAUSE_SECONDS)
    finally:
        start.release()


def let_supervisor_go(instance: Instance) -> list[int]:
    """Wait until the supervisor of an unused instance has stopped its servers and left.

    Returns the processes that still use the instance and keep it from leaving.
    """
    process = supervisor_process(instance)
    if process is None:
        return []
    process.signal(signal.SIGUSR1)
    deadline = time.monotonic() + STOP_SECONDS
    while process.is_running() and time.monotonic() < deadline:
        others = set(instance.users()) - {process.pid, os.getpid()}
        if others:
            return sorted(others)
        time.sleep(PAUSE_SECONDS)
    return []


def _run_supervisor(instance: Instance, old_programs: Path | None) -> None:
    """Start a supervisor, which leaves this session, and return once it has done so."""
    command = processes.python_command("placement.services.supervisor", str(instance.folder))
    descriptor = instance.open_log(SUPERVISOR)
    try:
        offset = os.fstat(descriptor).st_size
        done = subprocess.run(
            command + ([str(old_programs)] if old_programs else []),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            env=processes.reduced_environment(),
            start_new_session=True,
            check=False,
        )
    finally:
        os.close(descriptor)
    if done.returncode != 0:
        raise _no_supervisor(instance, log_tail(instance.log_file(SUPERVISOR), offset))


def _no_supervisor(instance: Instance, said: str = "") -> ServiceUnavailableError:
    last = said.splitlines()[-1] if said else ""
    return ServiceUnavailableError(
        f"The supervisor of the embedded servers did not start. {last}".strip(),
        remedy=f"What it said is in {instance.log_file(SUPERVISOR)}.",
    )
