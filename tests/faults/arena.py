"""The arena: real workers, a beat and a mail server as processes that can be killed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import psycopg

from placement.config import Settings
from placement.services import Endpoints
from placement.services.ports import HOST, choose_port, is_free
from tests.commands import Begun, Commands

ROOT = Path(__file__).parents[2]
LEASE_SECONDS = 4
SWEEP_SECONDS = 1
CONCURRENCY = 2
_PREFIX = "faults"


class Arena:
    """Processes of one trial; on leaving it all of them are gone."""

    def __init__(
        self,
        settings: Settings,
        endpoints: Endpoints,
        folder: Path,
        commands: Commands | None = None,
    ) -> None:
        self.log = folder / "taken.log"
        self.port = 0
        self.redis_url = endpoints.redis_url
        self.settings = settings
        self.endpoints = endpoints
        self.changes: dict[str, str] = {}
        """Settings of the parts that begin from now on, by their variables."""
        self._folder = folder
        self._commands = commands
        self._held = contextlib.ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes] | Begun] = {}
        self._hosts: dict[str, Mapping[str, str]] = {}
        self._random = random.Random(20161126)

    def __enter__(self) -> "Arena":
        """Begin, with the program loaded once: that takes longer than most of what parts do."""
        if self._commands is None:
            self._commands = self._held.enter_context(Commands(self._folder))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Kill what still runs."""
        for name in list(self._processes):
            self.kill(name)
        self._held.close()

    @property
    def environment(self) -> dict[str, str]:
        """What the parts are told."""
        return os.environ | {
            "PLACEMENT_INSTANCE": str(self.settings.instance),
            "DATABASE_URL": self.endpoints.database_url,
            "PLACEMENT_MIGRATE_URL": self.endpoints.migrate_url,
            "REDIS_URL": self.redis_url,
            "PLACEMENT_QUEUE_PREFIX": f"{self.settings.queue_prefix}-{_PREFIX}",
            "PLACEMENT_SMTP_URL": f"smtp://127.0.0.1:{self.port}",
            "PLACEMENT_MAIL_FROM": "notices@placement.example",
            "PLACEMENT_MAIL_RATE": "0",
            "PLACEMENT_MAIL_DOMAIN_RATE": "0",
            "PLACEMENT_MAIL_QUIET_HOURS": "off",
            "PLACEMENT_LEASE_SECONDS": str(LEASE_SECONDS),
            "PLACEMENT_SWEEP_SECONDS": str(SWEEP_SECONDS),
            "PLACEMENT_SENDERS": str(CONCURRENCY),
            "PLACEMENT_LOG_LEVEL": "WARNING",
            **self.changes,
        }

    def start_sink(self, *, hang_up_every: int = 0, plain: bool = False) -> None:
        """Start the mail server, at the port it had before if there was one."""
        words = ["-m", "tests.faults.sink_process", str(self.log), str(self.port)]
        words += ["--hang-up-after-taking", str(hang_up_every), *["--plain"] * plain]
        sink = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE)
        assert sink.stdout is not None
        self.port = int(sink.stdout.readline())
        sink.stdout.close()
        self._processes["sink"] = sink

    def start_worker(
        self, name: str = "worker", *, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start a worker for the short jobs, mail among them, on a host with its `environment`."""
        self._hosts.setdefault(name, environment or {})
        self._start(name, "worker", "--concurrency", str(CONCURRENCY), "--queue", "short")

    def start_beat(self, name: str = "beat") -> None:
        """Start a beat."""
        self._start(name, "beat")

    def start_web(self) -> str:
        """Start the web part; the address of a page that answers."""
        port = choose_port(None)
        self._start("web", "web", "--port", str(port))
        url = f"http://{HOST}:{port}/sign-in"
        wait_until(lambda: not is_free(port), seconds=30, what="the web part")
        return url

    def run(self, *words: str) -> None:
        """Run a command of the program to its end. Fails when the command does."""
        assert self._commands is not None
        done = self._commands.run(*words, environment=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def freeze(self, name: str) -> None:
        """Let a part stand still."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a part go on."""
        self._processes[name].send_signal(signal.SIGCONT)

    def kill(self, name: str) -> None:
        """Kill a part with all that it has forked."""
        process = self._processes.pop(name)
        # Its pools have groups of their own: the runner first, which would start them again.
        for pid in [process.pid, *descendants_of(process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(10)

    def kill_a_sender(self) -> bool:
        """Kill one of the worker's processes at random; False when none is up yet."""
        self.keep_up()
        senders = self.senders()
        if not senders:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._random.choice(senders), signal.SIGKILL)
        return True

    def senders(self) -> list[int]:
        """The processes of the worker that do its jobs: the children of its pool."""
        pools = children_of(self._processes["worker"].pid)
        return [sender for pool in pools for sender in children_of(pool)]

    def freeze_senders(self) -> list[int]:
        """Let the pool and all its senders stand still, the runner above going on; their pids."""
        pools = [p for p in children_of(self._processes["worker"].pid) if children_of(p)]
        frozen = [pid for pool in pools for pid in [pool, *children_of(pool)]]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        return frozen

    def said(self, name: str) -> str:
        """What a part has written to its log."""
        return (self._folder / f"{name}.log").read_text()

    def keep_up(self) -> None:
        """Start the worker again if it has given up."""
        for name, process in list(self._processes.items()):
            if name.startswith("worker") and process.poll() is not None:
                self.start_worker(name)

    def end(self, name: str, *, seconds: float) -> float:
        """Ask a part to end by SIGTERM; how many seconds it took. Fails when that is too long."""
        process = self._processes.pop(name)
        began = time.monotonic()
        process.terminate()
        process.wait(seconds)
        return time.monotonic() - began

    def pause(self, least: float, most: float) -> None:
        """Let things happen for a random while."""
        time.sleep(self._random.uniform(least, most))

    def draw(self, least: int, most: int) -> int:
        """A random number, the same ones in each run."""
        return self._random.randint(least, most)

    def _start(self, name: str, *words: str) -> None:
        log = self._folder / f"{name}.log"
        if not self._hosts.get(name):
            assert self._commands is not None
            self._processes[name] = self._commands.begin(
                *words, environment=self.environment, output=log, errors=log
            )
            return
        # A host with a clock of its own has it from its first instruction on.
        with log.open("ab") as output:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "placement.cli", *words],
                cwd=ROOT,
                env=self.environment | self._hosts.get(name, {}),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


def children_of(pid: int) -> list[int]:
    """The processes that a process has forked."""
    with contextlib.suppress(OSError):
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def descendants_of(pid: int) -> list[int]:
    """The processes that a process has forked, and those that they have."""
    children = children_of(pid)
    return children + [each for child in children for each in descendants_of(child)]


def wait_until(holds: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for something to become true. Fails when it does not."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def count(connection: psycopg.Connection, where: str) -> int:
    """How many deliveries fulfil a condition."""
    row = connection.execute(f"SELECT count(*) FROM deliveries WHERE {where}").fetchone()
    assert row is not None
    return int(row[0])


def unfinished(connection: psycopg.Connection) -> int:
    """How many deliveries are still under way."""
    return count(connection, "state IN ('pending', 'claimed', 'sending', 'held', 'uncertain')")
