"""One embedded server in the hands of the supervisor: started, watched, brought back, stopped."""

import contextlib
import enum
import logging
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from placement.errors import ServiceUnavailableError
from placement.services import processes
from placement.services.instance import Instance
from placement.services.ownership import ServerUser
from placement.services.processes import Process
from placement.services.troubles import failed_start, from_os_error, log_tail, port_was_taken

LONGEST_PAUSE_SECONDS = 5.0
# An adopted server that does not answer for so long hangs, and is replaced.
PATIENCE_SECONDS = 15.0
STOP_SECONDS = 5.0
STRAY_SECONDS = 1.0
KILL_SECONDS = 2.0

log = logging.getLogger(__name__)


class Answer(enum.Enum):
    """What came of an attempt to log in; `BUSY` is alive, recovering or loading."""

    READY = enum.auto()
    BUSY = enum.auto()
    SILENT = enum.auto()


class EmbeddedServer(ABC):
    """A server that runs as a child of the supervisor, or was adopted from a dead supervisor.

    `tick` is called again and again and never waits long, so that one server's start does not
    keep the other from being looked after.
    """

    name: str
    title: str
    stop_signals: tuple[signal.Signals, ...]

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.process: Process | None = None
        self.ready = False
        self.trouble: ServiceUnavailableError | None = None
        self.failures = 0
        self.activity: str | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._in_a_row = 0
        self._next_try = 0.0
        self._log_offset = 0
        self._answered_at = 0.0
        report = instance.read_state().get("servers", {}).get(self.name, {})
        self.port: int | None = report.get("port")
        self._known = processes.found(report.get("pid") or 0, report.get("started") or "")

    @property
    def label(self) -> str:
        """The mark that tells this server among all processes of the machine."""
        return f"{self.name}:{self.instance.mark}"

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.instance.data_folder(self.name)

    @property
    def log_file(self) -> Path:
        """Where the server writes what it has to say."""
        return self.instance.log_file(self.name)

    def report(self) -> dict[str, Any]:
        """Describe the server for the state file."""
        return {
            "pid": self.process.pid if self.process else None,
            "started": self.process.started if self.process else None,
            "port": self.port,
            "ready": self.ready,
            "activity": self.activity,
            "message": self.trouble.message if self.trouble else None,
            "remedy": self.trouble.remedy if self.trouble else None,
            "failures": self.failures,
            "failures_in_a_row": self._in_a_row,
        }

    def tick(self) -> None:
        """Do what is due now: start, notice the end, or find out whether it answers."""
        try:
            if self.process is None:
                if time.monotonic() >= self._next_try:
                    self._begin()
            elif not self.process.is_running():
                self._note_end()
            elif not self.ready:
                self._ask()
        except ServiceUnavailableError as error:
            self._fail(error)
        except OSError as error:
            self._fail(from_os_error(self.title, error, self.folder))

    def stop(self) -> None:
        """End the server, in good order if it still can."""
        if self.process is not None:
            for number in self.stop_signals:
                self.process.signal(number)
                if self.process.wait(STOP_SECONDS):
                    break
            else:
                self.process.signal(signal.SIGKILL)
                self.process.wait(KILL_SECONDS)
            log.info("%s (pid %s) stopped", self.title, self.process.pid)
        self._forget_process()

    def announce(self, activity: str) -> None:
        """Let those who wait know what takes time."""
        if activity != self.activity:
            self.activity = activity
            log.info("%s: %s", self.title, activity)
            self.on_change()

    @abstractmethod
    def make_passwords(self) -> None:
        """Make the passwords that are not there."""

    @abstractmethod
    def prepare(self) -> list[str | Path]:
        """Make the data folder fit to run and choose a port; return the command."""

    @abstractmethod
    def server_user(self) -> ServerUser:
        """Return the user who runs the server."""

    @abstractmethod
    def ask(self) -> Answer:
        """Log in and tell what came of it."""

    @abstractmethod
    def adopt_port(self, process: Process) -> int | None:
        """Find the port of a server that a dead supervisor left, None if it cannot be ours."""

    def input(self) -> bytes:
        """Return what the server reads on its standard input."""
        return b""

    def on_ready(self) -> None:
        """Do what a server needs at its first answer."""
        log.info("%s (pid %s) answers", self.title, self.process and self.process.pid)

    def heal(self, said: str) -> None:
        """Put right, after a failed start, what the log says and the server cannot itself."""
        if port_was_taken(said):
            self.port = None

    def _begin(self) -> None:
        self._answered_at = time.monotonic()
        self.make_passwords()
        self.process = self._left_by_another() or self._launch()
        pid_file = self.instance.pid_file(self.name)
        self.instance.write_private(pid_file, f"{self.process.pid}\n")

    def _left_by_another(self) -> Process | None:
        """Find the server if a supervisor that died has left it running."""
        candidates = self._candidates()
        for process in candidates:
            port = self.adopt_port(process)
            if port is not None:
                self.port = port
                log.info("%s (pid %s) adopted", self.title, process.pid)
                return process
        # What is left of a server whose main process was killed holds its data folder.
        for process in candidates:
            process.signal(signal.SIGQUIT)
        for process in candidates:
            if not process.wait(STRAY_SECONDS):
                process.signal(signal.SIGKILL)
                process.wait(KILL_SECONDS)
        return None

    def _candidates(self) -> list[Process]:
        known = [self._known] if self._known and self._known.is_running() else []
        return processes.marked(self.label) or known

    def _launch(self) -> Process:
        command = self.prepare()
        descriptor = self.instance.open_log(self.name)
        try:
            self._log_offset = os.fstat(descriptor).st_size
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=descriptor,
                stderr=descriptor,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai"},
                process_group=0,
                **self.server_user().popen_arguments(),
            )
        finally:
            os.close(descriptor)
        if child.stdin is not None:
            # A server that ended at once says why in its log.
            with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
                pipe.write(self.input())
        log.info("%s (pid %s) started on port %s", self.title, child.pid, self.port)
        return processes.of_child(child)

    def _ask(self) -> None:
        answer = self.ask()
        if answer is Answer.READY:
            self.on_ready()
            self.ready = True
            self.trouble = None
            self.activity = None
            self._in_a_row = 0
        elif answer is Answer.BUSY:
            self._answered_at = time.monotonic()
            self.announce("Reading what was written before the last end")
        elif time.monotonic() - self._answered_at > PATIENCE_SECONDS:
            log.warning("%s does not answer and is replaced", self.title)
            self.stop()

    def _note_end(self) -> None:
        pid = self.process.pid if self.process else None
        was_ready = self.ready
        self._forget_process()
        if was_ready:
            log.warning("%s (pid %s) has ended and is started again", self.title, pid)
            return
        said = log_tail(self.log_file, self._log_offset)
        self.heal(said)
        raise failed_start(self.title, said, self.folder, self.log_file)

    def _fail(self, trouble: ServiceUnavailableError) -> None:
        self.trouble = trouble
        self.failures += 1
        self.activity = None
        self._in_a_row += 1
        pause = min(0.1 * 2**self._in_a_row, LONGEST_PAUSE_SECONDS)
        self._next_try = time.monotonic() + pause
        log.error("%s", trouble)

    def _forget_process(self) -> None:
        self.process = None
        self.ready = False
        self.instance.pid_file(self.name).unlink(missing_ok=True)
