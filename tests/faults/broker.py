"""A broker of a trial's own, which forgets everything when it is killed."""

import subprocess
from pathlib import Path

import redis

from placement.services.ownership import user_for
from placement.services.ports import HOST, choose_port
from placement.services.programs import valkey_program_for
from tests.faults.arena import wait_until


class Broker:
    """A server without a file: what it held is gone with it."""

    def __init__(self, folder: Path) -> None:
        self.port = choose_port(None)
        self.url = f"redis://{HOST}:{self.port}/0"
        self._program = valkey_program_for(user_for(folder), folder)
        self.start()

    def start(self) -> None:
        """Start it, empty, at the port it had."""
        words = [str(self._program), "--port", str(self.port), "--bind", HOST]
        words += ["--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        wait_until(self._answers, seconds=10, what="the broker")

    def kill(self) -> None:
        """Kill it with all that it holds."""
        self._process.kill()
        self._process.wait(10)

    def forget(self) -> None:
        """Forget everything while it runs."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
