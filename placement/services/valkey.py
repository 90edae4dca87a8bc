"""The embedded Redis-compatible server, Valkey, in the hands of the supervisor."""

import contextlib
import signal
import socket
from pathlib import Path

from placement.services import ports, processes
from placement.services.instance import REDIS
from placement.services.ownership import ServerUser, make_folder_for, user_for
from placement.services.processes import Process
from placement.services.programs import valkey_program_for
from placement.services.server import Answer, EmbeddedServer
from placement.services.troubles import name_aside, queue_is_broken

ANSWER_SECONDS = 2.0


class ValkeyServer(EmbeddedServer):
    """Valkey out of the wheel: the broker, which writes down every wake-up that it is given."""

    name = REDIS
    title = "Redis (Valkey)"
    stop_signals = (signal.SIGTERM,)

    def server_user(self) -> ServerUser:
        """Return the user who owns the data folder."""
        return user_for(self.folder)

    def make_passwords(self) -> None:
        """Make the one password."""
        self.instance.make_password(REDIS)

    def prepare(self) -> list[str | Path]:
        """Make the data folder and return the command; the configuration comes by `input`."""
        user = self.server_user()
        make_folder_for(user, self.folder)
        self.port = ports.choose_port(self.port)
        return [valkey_program_for(user, self.instance.folder), "-"]

    def input(self) -> bytes:
        """Return the configuration, which no other user can read on its way."""
        lines = [
            f"bind {ports.HOST}",
            f"port {self.port}",
            f"requirepass {self.instance.password(REDIS)}",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            f'proc-title-template "{{title}} {{listen-addr}} {self.label}"',
            "",
        ]
        return "\n".join(lines).encode()

    def ask(self) -> Answer:
        """Log in and ask for a sign of life."""
        requests = [f"AUTH {self.instance.password(REDIS)}", "PING", ""]
        try:
            with socket.create_connection((ports.HOST, self.port or 0), ANSWER_SECONDS) as link:
                link.settimeout(ANSWER_SECONDS)
                link.sendall("\r\n".join(requests).encode())
                answer = b""
                while answer.count(b"\r\n") < len(requests) - 1 and (part := link.recv(1024)):
                    answer += part
        except OSError:
            return Answer.SILENT
        if b"-LOADING" in answer:
            return Answer.BUSY
        return Answer.READY if b"+PONG" in answer else Answer.SILENT

    def adopt_port(self, process: Process) -> int | None:
        """Read the port out of the title that the server gives itself."""
        for word in processes.command_line(process.pid).split():
            host, _, port = word.rpartition(":")
            if host == ports.HOST:
                with contextlib.suppress(ValueError):
                    return int(port)
        return self.port

    def heal(self, said: str) -> None:
        """Set aside a file that cannot be read: it holds wake-ups only, the rows are the truth."""
        super().heal(said)
        broken = self.folder / "appendonlydir"
        if queue_is_broken(said) and broken.exists():
            broken.rename(name_aside(broken))
