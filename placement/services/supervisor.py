"""The process that keeps the embedded servers running while somebody uses them.

Started by `attachment` as `python -m placement.services.supervisor FOLDER`; it leaves its
starter's session at once, so that killing the starter's group does not touch the servers.
"""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from placement.services import processes
from placement.services.instance import Instance
from placement.services.locks import FileLock
from placement.services.postgres import PostgresServer
from placement.services.server import EmbeddedServer
from placement.services.signals import SignalPipe
from placement.services.valkey import ValkeyServer

POLL_SECONDS = 0.25
POLL_SECONDS_WHILE_STARTING = 0.02
UNUSED_SECONDS = 2.0
NO_WAIT_SECONDS = 1.0
TAKE_OVER_SECONDS = 5.0

log = logging.getLogger(__name__)


class Supervisor:
    """Runs the wanted servers of one instance until nobody uses them any more.

    SIGTERM and SIGINT stop everything; SIGUSR1 says that a user has just left and nobody need
    wait two seconds for another.
    """

    def __init__(self, instance: Instance, servers: Sequence[EmbeddedServer]) -> None:
        self._instance = instance
        self._servers = servers
        self._users = instance.users_lock
        self._alone = FileLock(instance.supervisor_lock_file)
        self._signals = SignalPipe([signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
        self._process = processes.Process(os.getpid(), processes.start_of(os.getpid()) or "")
        self._no_wait_before = 0.0
        self._unused_since: float | None = None
        self._written: dict[str, Any] = {}

    def run(self) -> int:
        """Look after the servers until it is time to leave; return the exit code."""
        if not self._alone.wait_exclusive(TAKE_OVER_SECONDS):
            log.info("another supervisor is at work")
            return 0
        self._users.open()
        for server in self._servers:
            server.on_change = self._write_state
        self._instance.supervisor_lock_file.write_text(f"{self._process.pid}\n")
        log.info("supervisor (pid %s) looks after %s", self._process.pid, self._instance.folder)
        with self._signals:
            while not self._time_to_leave():
                for server in self._wanted():
                    server.tick()
                self._write_state()
                self._rest()
            self._leave()
        return 0

    def _wanted(self) -> list[EmbeddedServer]:
        return [s for s in self._servers if self._instance.wanted_file(s.name).exists()]

    def _rest(self) -> None:
        """Wait a moment, or less when a signal comes."""
        starting = any(server.process and not server.ready for server in self._wanted())
        pause = POLL_SECONDS_WHILE_STARTING if starting else POLL_SECONDS
        self._signals.wait(pause)

    def _time_to_leave(self) -> bool:
        received, self._signals.received = self._signals.received, []
        if {signal.SIGTERM, signal.SIGINT} & set(received):
            return True
        if signal.SIGUSR1 in received:
            self._no_wait_before = time.monotonic() + NO_WAIT_SECONDS
        if not self._users.still_names_file():
            log.warning("%s is gone", self._instance.folder)
            return True
        return self._is_unused() and self._users.try_exclusive()

    def _is_unused(self) -> bool:
        """Tell whether nobody has held the users' lock for two seconds and nobody asked to stay."""
        stay = self._instance.stay_file().exists()
        if stay or not self._users.try_exclusive():
            self._unused_since = None
            return False
        self._users.let_go()
        now = time.monotonic()
        self._unused_since = self._unused_since or now
        return now < self._no_wait_before or now - self._unused_since >= UNUSED_SECONDS

    def _leave(self) -> None:
        """Stop the servers; a user who comes meanwhile waits at the lock for a fresh start."""
        for server in reversed(self._servers):
            server.stop()
        # The folder may have been deleted under us; then there is nothing left to tidy.
        with contextlib.suppress(OSError):
            for server in self._servers:
                self._instance.wanted_file(server.name).unlink(missing_ok=True)
            self._write_state(running=False)
            self._instance.supervisor_lock_file.write_text("")
        log.info("supervisor leaves")

    def _write_state(self, *, running: bool = True) -> None:
        process = {"pid": self._process.pid, "started": self._process.started}
        state = {
            "supervisor": process if running else None,
            "servers": {server.name: server.report() for server in self._servers},
        }
        if state != self._written:
            try:
                self._instance.write_state(state)
            except OSError as error:
                log.warning("the state cannot be written: %s", error)
            else:
                self._written = state


def main(arguments: Sequence[str] | None = None) -> int:
    """Leave the starter's session, then supervise; arguments: FOLDER [OLD_POSTGRES_BIN]."""
    folder, *old_programs = sys.argv[1:] if arguments is None else arguments
    if os.fork():
        # The starter waits for this process alone; the supervisor has no parent to wait for it.
        os._exit(0)
    os.setsid()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr, force=True
    )
    instance = Instance(Path(folder))
    old = Path(old_programs[0]) if old_programs else None
    supervisor = Supervisor(instance, [PostgresServer(instance, old), ValkeyServer(instance)])
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
