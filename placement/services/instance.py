"""The folder of an instance: where its servers keep data, ports, passwords and locks."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from placement.services.locks import FileLock, holders
from placement.services.ownership import give_to_folder_owner

POSTGRES = "postgres"
REDIS = "redis"
SERVERS = (POSTGRES, REDIS)
SUPERUSER = "postgres"
OWNER = "placement_owner"
APPLICATION = "placement_app"
LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Instance:
    """The files of one instance, by name. `folder` is absolute."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Instance":
        """Return the instance in `folder`, relative to the working folder if not absolute."""
        return cls(folder.expanduser().absolute())

    def make(self, *, durable: bool = True) -> None:
        """Make the folders and the identity that a first start needs.

        `durable` false lets the database skip the wait for the disk: for test data alone. It is
        decided here once and for all later starts. Raises OSError when nothing can be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self._services, self._logs):
            folder.mkdir(mode=0o700, exist_ok=True)
            give_to_folder_owner(folder, self.folder)
        if not self._identity.exists():
            identity = {"mark": f"placement-{secrets.token_hex(8)}", "durable": durable}
            self.write_private(self._identity, json.dumps(identity))

    @property
    def mark(self) -> str:
        """A word that the command lines of this instance's servers carry and no others."""
        return str(self._read_json(self._identity)["mark"])

    @property
    def durable(self) -> bool:
        """False for a test instance, whose database does not wait for the disk."""
        return bool(self._read_json(self._identity)["durable"])

    @property
    def users_lock(self) -> FileLock:
        """Held, shared, by everybody who uses the servers."""
        return FileLock(self.users_lock_file)

    @property
    def users_lock_file(self) -> Path:
        """The file behind `users_lock`."""
        return self.folder / "users.lock"

    def users(self) -> list[int]:
        """List the processes that use the servers; empty where the system does not tell."""
        return holders(self.users_lock_file)

    @property
    def start_lock(self) -> FileLock:
        """Held, alone, by whoever starts a supervisor."""
        return FileLock(self.folder / "start.lock")

    @property
    def supervisor_lock_file(self) -> Path:
        """Locked alone by the supervisor as long as it lives; holds its pid."""
        return self.folder / "supervisor.pid"

    def data_folder(self, server: str) -> Path:
        """Return the folder in which a server keeps its data."""
        return self.folder / server

    def pid_file(self, server: str) -> Path:
        """Return the file that names the pid of a running server."""
        return self.folder / f"{server}.pid"

    def log_file(self, name: str) -> Path:
        """Return the log of a server or of the supervisor."""
        return self._logs / f"{name}.log"

    def open_log(self, name: str) -> int:
        """Open a log for appending and return the descriptor; one of 10 MB is set aside first."""
        path = self.log_file(name)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        give_to_folder_owner(descriptor, self.folder)
        return descriptor

    def stay_file(self) -> Path:
        """Exists from `services start` to `services stop`: the servers stay without users."""
        return self._services / "stay"

    def wanted_file(self, server: str) -> Path:
        """Exists while the supervisor has to run this server."""
        return self._services / f"{server}.wanted"

    def password_file(self, role: str) -> Path:
        """Return the file with the password of a database role or of Redis."""
        return self._services / f"{role}.password"

    def password(self, role: str) -> str:
        """Return a password; raises FileNotFoundError before the first start."""
        return self.password_file(role).read_text().strip()

    def make_password(self, role: str) -> bool:
        """Make a password unless there is one; tell whether it is new."""
        path = self.password_file(role)
        if path.exists() and path.stat().st_size:
            return False
        self.write_private(path, secrets.token_urlsafe(24))
        return True

    def read_state(self) -> dict[str, Any]:
        """Return what the supervisor last wrote: {"supervisor": …, "servers": {name: report}}."""
        try:
            return self._read_json(self._state)
        except (OSError, ValueError):
            return {}

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace the state; the supervisor alone does so."""
        self.write_private(self._state, json.dumps(state, indent=1))

    def write_private(self, path: Path, text: str) -> None:
        """Put `text` into a file of mode 0600, whole or not at all."""
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
                give_to_folder_owner(file.fileno(), self.folder)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @property
    def _services(self) -> Path:
        return self.folder / "services"

    @property
    def _logs(self) -> Path:
        return self.folder / "logs"

    @property
    def _identity(self) -> Path:
        return self._services / "identity.json"

    @property
    def _state(self) -> Path:
        return self._services / "state.json"

    def _read_json(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(path.read_text())
        return content
