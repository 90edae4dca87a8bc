"""The machine and its users, as the tests of the servers see them."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import psycopg
import redis

import placement
from placement.services import Instance, processes

SOON_SECONDS = 15.0
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2_000_000_000
CHECKOUT = Path(placement.__file__).parent.parent


def until(condition: Callable[[], Any], seconds: float = SOON_SECONDS) -> Any:
    """Wait for `condition` and return what it answers; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.02)
    return answer


@dataclass
class User:
    """A process that uses an instance."""

    process: "Popen[str]"
    machine: "Machine"
    answer: dict[str, str] = field(default_factory=dict)

    def read(self) -> "User":
        """Wait for what the process has to say."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process ended without a word"
        self.answer = json.loads(line)
        return self

    @property
    def refusal(self) -> str:
        """Why the process could not use the instance."""
        return self.answer["refused"]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement as the application."""
        url = self.answer["database_url"].replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def owner_sql(self, statement: str) -> None:
        """Run one statement as the owner of the tables."""
        url = self.answer["migrate_url"].replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    def keep_row(self) -> None:
        """Write a row that must survive."""
        self.owner_sql("CREATE TABLE kept (word text)")
        self.owner_sql("INSERT INTO kept VALUES ('一生一策')")
        self.owner_sql("GRANT SELECT ON kept TO placement_app")

    def finds_row(self) -> bool:
        """Tell whether the row is there; False while the database does not answer."""
        try:
            return self.sql("SELECT word FROM kept") == [("一生一策",)]
        except psycopg.OperationalError:
            return False

    def redis(self) -> "redis.Redis[Any]":
        """Return a client of the broker."""
        return redis.Redis.from_url(self.answer["redis_url"])

    def leave(self, *, at_once: bool = False) -> None:
        """End the process in good order; `at_once` lets unused servers stop without a wait."""
        assert self.process.stdin is not None
        with self.process.stdin as pipe:
            pipe.write("at once" if at_once else "")
        self.process.wait(SOON_SECONDS)

    def kill(self) -> None:
        """End the process without a chance to tidy up."""
        self.process.kill()
        self.process.wait(SOON_SECONDS)


@dataclass
class Machine:
    """The machine as one of its users sees it: starts processes and looks at what runs."""

    python: str
    arguments: dict[str, Any]
    folder: Path
    environment: dict[str, str]
    users: list[User] = field(default_factory=list)

    @property
    def instance(self) -> Instance:
        """The instance of the test."""
        return Instance.at(self.folder)

    def start(
        self, folder: Path | None = None, *, durable: bool = False, **environment: str
    ) -> User:
        """Start a process that uses an instance, without waiting for its answer."""
        script = Path(__file__).with_name("user_process.py")
        process = Popen(
            [self.python, script, str(folder or self.folder), "durable" if durable else "test"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**self.environment, **environment},
            start_new_session=True,
            **self.arguments,
        )
        user = User(process, self)
        self.users.append(user)
        return user

    def use(self, folder: Path | None = None, *, durable: bool = False, **environment: str) -> User:
        """Start a process that uses an instance and wait for its answer."""
        return self.start(folder, durable=durable, **environment).read()

    def pid(self, name: str, folder: Path | None = None) -> int:
        """Return the pid of a server or of the supervisor; 0 when there is none."""
        with contextlib.suppress(OSError):
            return int((folder or self.folder).joinpath(f"{name}.pid").read_text() or 0)
        return 0

    def kill(self, name: str) -> int:
        """Kill a server or the supervisor and return the pid it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_everything(self, folder: Path | None = None) -> None:
        """Kill all servers and supervisors of an instance; one may be gone before its turn."""
        for pid in self.running(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def running(self, folder: Path | None = None) -> list[int]:
        """List the servers and supervisors of an instance that run."""
        instance = Instance.at(folder or self.folder)
        found = processes.marked(instance.mark)
        supervisors = processes.marked(f"supervisor {instance.folder}")
        return [process.pid for process in found + supervisors]

    def part(self, port: int) -> int:
        """Return the pid of the web part on `port`."""
        found = processes.marked(f"web --port {port}")
        return min(process.pid for process in found)

    def clean(self) -> None:
        """End everything that the test has started."""
        for user in self.users:
            user.kill()
            for pipe in (user.process.stdin, user.process.stdout):
                if pipe is not None:
                    pipe.close()
        for identity in self.folder.parent.rglob("services/identity.json"):
            self.kill_everything(identity.parent.parent)


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead away from the test's own instance."""
    given = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in given and not name.startswith("PLACEMENT_")
    }
