"""The embedded PostgreSQL in the hands of the supervisor."""

import contextlib
import signal
from pathlib import Path

from placement.services import ports, processes
from placement.services.cluster import (
    ask,
    create_cluster,
    data_major,
    ensure_roles_and_database,
    reset_superuser_password,
    server_command,
    superuser_connection,
)
from placement.services.instance import APPLICATION, OWNER, POSTGRES, SUPERUSER, Instance
from placement.services.ownership import ServerUser, make_folder_for, user_for
from placement.services.processes import Process
from placement.services.programs import major_of, postgres_programs_for
from placement.services.server import Answer, EmbeddedServer
from placement.services.upgrade import finish_interrupted_upgrade, upgrade_cluster


class PostgresServer(EmbeddedServer):
    """PostgreSQL out of the wheel, on the data folder of the instance.

    `old_programs` is the bin folder of the major version that made the data folder, when it is
    not the one of the wheel and stands in no usual place.
    """

    name = POSTGRES
    title = "PostgreSQL"
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, instance: Instance, old_programs: Path | None = None) -> None:
        super().__init__(instance)
        self._old_programs = old_programs
        self._new_passwords = False

    def server_user(self) -> ServerUser:
        """Return the user who owns the cluster."""
        return user_for(self.folder)

    def make_passwords(self) -> None:
        """Make the passwords of the three roles."""
        new = [self.instance.make_password(role) for role in (SUPERUSER, OWNER, APPLICATION)]
        self._new_passwords = self._new_passwords or any(new)

    def prepare(self) -> list[str | Path]:
        """Make, upgrade or mend the cluster and return the command of the server."""
        finish_interrupted_upgrade(self.folder)
        user = self.server_user()
        programs = postgres_programs_for(user, self.instance.folder)
        made_by, installed = data_major(self.folder), major_of(programs)
        if made_by is None:
            self.announce("Making the database cluster")
            create_cluster(self.instance, user, programs, self.folder)
        elif made_by != installed:
            self.announce(f"Upgrading the database from PostgreSQL {made_by} to {installed}")
            upgrade_cluster(self.instance, user, programs, self._old_programs)
        elif self._new_passwords:
            reset_superuser_password(self.instance, user, programs)
        make_folder_for(user, self.folder)
        self._drop_misleading_pid_file()
        self.port = ports.choose_port(self.port)
        return server_command(
            self.instance, user, programs, self.folder, self.port, label=self.label
        )

    def ask(self) -> Answer:
        """Log in as the superuser."""
        return ask(self.instance, self.port or 0)

    def on_ready(self) -> None:
        """Make the roles and the database that are not there yet."""
        with superuser_connection(self.instance, self.port or 0) as connection:
            ensure_roles_and_database(connection, self.instance, renew=self._new_passwords)
        self._new_passwords = False
        super().on_ready()

    def adopt_port(self, process: Process) -> int | None:
        """Read the port of a running postmaster out of its own pid file."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = self.folder.joinpath("postmaster.pid").read_text().splitlines()
            if int(lines[0]) == process.pid:
                return int(lines[3])
        return None

    def _drop_misleading_pid_file(self) -> None:
        """Remove a pid file whose number is a zombie's or belongs to some other program.

        PostgreSQL would take either for a running server and refuse to start: a number is soon
        used again after a restart of the machine or of a container, and where nobody waits for
        orphans a killed server stays a zombie. A file whose process is gone stays: PostgreSQL
        reads from it whether parts of the old server still run.
        """
        path = self.folder / "postmaster.pid"
        try:
            pid = int(path.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        command = processes.command_line(pid)
        stranger = bool(command) and "postgres" not in command
        if (stranger or processes.is_zombie(pid)) and not processes.marked(self.label):
            path.unlink()
