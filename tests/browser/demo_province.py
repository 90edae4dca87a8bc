"""A demo province that runs: its processes and its four people."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from placement.services.ports import choose_port

PATIENCE_SECONDS = 300
STUDENTS = 200


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

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._process.terminate()
        self._process.wait(60)
        self._log.close()
