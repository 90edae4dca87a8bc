"""Installations, as their operators use them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import psycopg
from click.testing import CliRunner, Result

from placement.cli import main
from placement.config import load_settings
from placement.keys import Keyring, find_keyring, key_file
from placement.services import Endpoints

__all__ = ["Place", "load_settings"]
SECONDS = 120
ONE_AFTER_THE_OTHER = """
import json, sys
from placement.cli import main
for words in json.load(sys.stdin):
    if code := main(words, standalone_mode=False):
        sys.exit(code)
"""


@dataclass
class Place:
    """An installation: a database and a folder with its keys."""

    instance: Path
    endpoints: Endpoints

    @property
    def environment(self) -> dict[str, str]:
        """What its commands are told."""
        given = {
            "DATABASE_URL": self.endpoints.database_url,
            "PLACEMENT_MIGRATE_URL": self.endpoints.migrate_url,
            "REDIS_URL": self.endpoints.redis_url,
            "PLACEMENT_INSTANCE": str(self.instance),
        }
        return {k: v for k, v in os.environ.items() if k != "PLACEMENT_KEYS"} | given

    def command(self, *words: str, before: tuple[str, ...] = ()) -> list[str]:
        """A command as a process of its own."""
        return [*before, sys.executable, "-P", "-m", "placement.cli", *words]

    def run(
        self, *words: str, before: tuple[str, ...] = (), **environment: str
    ) -> "CompletedProcess[str]":
        """Run a command of it as its operator types it."""
        return subprocess.run(
            self.command(*words, before=before),
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def answers(self, *commands: tuple[str, ...]) -> list[dict[str, Any]]:
        """What commands, one after the other, answer as JSON; all must succeed.

        They share a process, since to load the whole program takes longer than they do.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-c", ONE_AFTER_THE_OTHER],
            env=self.environment,
            input=json.dumps([[*words, "--format", "json"] for words in commands]),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def type(self, *words: str) -> Result:
        """Type a command that needs no application, so no process of its own either."""
        return CliRunner(env=self.environment).invoke(main, list(words))

    def dump(self, file: Path) -> Path:
        """Make a dump."""
        done = self.type("db", "dump", str(file), "--format", "json")
        assert done.exit_code == 0, done.stderr
        assert json.loads(done.stdout) == {"file": str(file), "bytes": file.stat().st_size}
        return file

    def ask(self, statement: str, *, scope: str = "system") -> list[tuple[Any, ...]]:
        """Ask the database as the application does."""
        plain = self.endpoints.database_url.replace("+psycopg", "")
        with psycopg.connect(plain) as connection:
            connection.execute("SELECT set_config('placement.scope', %s, true)", [scope])
            return connection.execute(statement).fetchall()

    def take_keys_of(self, other: "Place") -> None:
        """Copy the key ring of another installation."""
        target = key_file(self.instance)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(key_file(other.instance).read_text())

    @property
    def keyring(self) -> Keyring:
        """The key ring as it is now."""
        found = find_keyring(load_settings({}, instance=self.instance))
        assert found is not None
        return found
