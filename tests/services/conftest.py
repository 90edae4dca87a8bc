"""Real servers in folders of their own, used by real processes."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import site
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import psycopg
import pytest
import redis

import placement
from placement.services import Instance, processes

SOON_SECONDS = 15.0
MEMORY = Path("/dev/shm")  # noqa: S108 - folders with names of their own are made in it
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
            for pid in self.running(identity.parent.parent):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def _open_folder() -> Iterator[Path]:
    """Make a folder that every user may enter, unlike those that pytest makes.

    In memory where there is room: the tests copy many whole clusters.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = MEMORY if in_memory else None
    with tempfile.TemporaryDirectory(prefix="placement-services-", dir=folder) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def _machine(place: Path) -> Iterator[Machine]:
    machine = Machine(sys.executable, {}, place / "instance", _environment())
    try:
        yield machine
    finally:
        machine.clean()


@pytest.fixture(scope="module")
def running() -> Iterator[User]:
    """A user of an instance that the tests of a module look at and leave as it is."""
    with _open_folder() as place, _machine(place) as machine:
        user = machine.use()
        yield user


@pytest.fixture(scope="session")
def made_cluster() -> Iterator[Path]:
    """The folder of an instance after its first start, to be copied: faster than a first start."""
    with _open_folder() as place, _machine(place) as machine:
        user = machine.use()
        user.keep_row()
        with user.redis() as client:
            client.set("kept", "1")
        user.leave(at_once=True)
        until(lambda: not machine.running())
        for name in ("identity.json", "state.json"):
            machine.folder.joinpath("services", name).unlink()
        yield machine.folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture
def fresh_machine(place: Path) -> Iterator[Machine]:
    """The machine as the user who runs the tests sees it, without an instance."""
    with _machine(place) as machine:
        yield machine


@pytest.fixture
def machine(fresh_machine: Machine, made_cluster: Path) -> Machine:
    """The same with an instance that was used and stopped before; it holds a row and a key."""
    subprocess.run(["cp", "-a", made_cluster, fresh_machine.folder], check=True)
    return fresh_machine


@pytest.fixture
def ordinary_machine() -> Iterator[Machine]:
    """The machine as a user without rights sees it, when root runs the tests."""
    if os.geteuid() != 0:
        pytest.skip("root alone can become another user; everything else ran as an ordinary one")
    nobody = pwd.getpwnam("nobody")
    arguments = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    python = _python_for(arguments)
    environment = _environment()
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *site.getsitepackages()])
    with _open_folder() as place:
        instance = place / "instance"
        instance.mkdir()
        os.chown(instance, nobody.pw_uid, nobody.pw_gid)
        machine = Machine(python, arguments, instance, environment)
        yield machine
        machine.clean()


def _environment() -> dict[str, str]:
    given = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in given and not name.startswith("PLACEMENT_")
    }


def _python_for(arguments: dict[str, Any]) -> str:
    """Find a Python of this version that another user may run and that reads our packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (
        sys.executable,
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
    ):
        with contextlib.suppress(OSError):
            command = [python, "-c", "import ssl"]
            if subprocess.run(command, check=False, **arguments).returncode == 0:
                return python
    pytest.skip(f"no Python {version} that the user nobody may run")
