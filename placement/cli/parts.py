"""What `web`, `worker`, `beat` and `run` share: the beginning of a part, all parts side by side."""

import logging
import os
import sys
from collections.abc import Mapping, Sequence

from placement.cli.output import note
from placement.config import Settings, load_settings
from placement.errors import ServiceUnavailableError
from placement.services import Endpoints, last_known_endpoints, processes
from placement.services.ports import HOST, is_free
from placement.services.runner import CommandPart, run_parts
from placement.services.under_runner import join_runner

PORT = 8000
LOG_FORM = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def begin_part() -> Settings:
    """Join the runner if there is one, and write the log with moment, level and place."""
    join_runner()
    settings = load_settings()
    logging.basicConfig(level=settings.log_level, format=LOG_FORM, stream=sys.stderr, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return settings


def check_port(port: int, host: str = HOST) -> None:
    """Raise ServiceUnavailableError when another program listens on `port`."""
    if host == HOST and not is_free(port):
        raise ServiceUnavailableError(
            f"Port {port} is taken by another program.",
            remedy="End that program, or give another port with --port.",
        )


def run_everything(
    settings: Settings,
    endpoints: Endpoints,
    *,
    port: int,
    workers: int | None = None,
    environment: Mapping[str, str] | None = None,
    further: Sequence[CommandPart] = (),
) -> int:
    """Run web, worker and beat until a signal; return the exit code.

    The database must be migrated and this process attached. `workers` is the number of jobs at
    once, `environment` is added to that of the parts, `further` are parts beside them. Should
    the embedded servers come back at another port, the parts start anew.
    """
    address = f"http://{HOST}:{port}"
    added = {"PLACEMENT_BASE_URL": os.environ.get("PLACEMENT_BASE_URL", address)}
    added |= environment or {}
    jobs = str(workers or settings.worker_processes)
    commands = {
        "web": ["web", "--port", str(port)],
        "worker": ["worker", "--concurrency", jobs],
        "beat": ["beat"],
    }
    return run_parts(
        [
            CommandPart(name, processes.python_command("placement.cli", *words), added)
            for name, words in commands.items()
        ]
        + list(further),
        tell=note,
        on_ready=lambda: note(f"Placement is ready at {address}"),
        must_restart=lambda: _moved(settings, endpoints),
    )


def _moved(settings: Settings, endpoints: Endpoints) -> bool:
    """Tell whether the embedded servers have come back at other ports."""
    now = last_known_endpoints(settings)
    return now is not None and now != endpoints
