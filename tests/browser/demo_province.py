"""A demo province that runs: its processes and its four people."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from placement.config import Settings
from placement.services import Instance, superuser_url
from placement.services.ports import choose_port

PATIENCE_SECONDS = 300
STUDENTS = 200
# A process of its own: the queue of this one leads to the servers of other tests.
_SEND = """
import sys
from placement import queue
queue.configure(sys.argv[1], sys.argv[2])
assert queue.send(queue.TELL_STUDENTS)
"""


class Demo:
    """A demo province that runs on a port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = choose_port(None)
        self.home = f"http://127.0.0.1:{self.port}"
        self._log = (folder / "demo.log").open("w+", encoding="utf-8")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PLACEMENT_")}
        self._environment = {**environment, "PLACEMENT_INSTANCE": str(folder / "instance")}
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "placement.cli", "demo"),
                *("--port", str(self.port), "--students", str(STUDENTS)),
            ],
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until it says that it is ready."""
        until = time.monotonic() + PATIENCE_SECONDS
        while "is ready at" not in self.said():
            assert self._process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.2)

    def said(self) -> str:
        """What it has said so far."""
        self._log.seek(0)
        return self._log.read()

    def account(self, role: str) -> tuple[str, str]:
        """User name and password of one of its four people."""
        found = json.loads((self.folder / "instance" / "demo-accounts.json").read_text("utf-8"))
        return found[role]["username"], found[role]["password"]

    def let_a_day_pass_for_notices(self) -> None:
        """Make every notice a day older and let the demo's worker look for what is due.

        Returns when whoever was to be reminded by now has been.
        """
        told = subprocess.run(
            [*(sys.executable, "-m", "placement.cli"), "services", "status", "--format", "json"],
            env=self._environment,
            check=True,
            capture_output=True,
        )
        where = json.loads(told.stdout)
        server = superuser_url(Instance.at(self.folder / "instance")).rpartition("/")[0]
        url = f"{server}/{where['database_url'].rpartition('/')[2]}".replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute("UPDATE notices SET created_at = created_at - interval '1 day'")
            words = [where["redis_url"], Settings().queue_prefix]
            subprocess.run([sys.executable, "-c", _SEND, *words], check=True)
            until = time.monotonic() + PATIENCE_SECONDS
            waiting = "SELECT id FROM notices WHERE remind_after_days = 1 AND reminded_at IS NULL"
            while superuser.execute(waiting).fetchone():
                assert time.monotonic() < until, self.said()
                time.sleep(0.2)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._process.terminate()
        self._process.wait(60)
        self._log.close()
