"""The web part: gunicorn in this process, its workers forked before they make the application."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from placement.config import Settings
from placement.errors import PlacementError
from placement.services.under_runner import report_ready

MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes an unnamed file in it
TIMEOUT_SECONDS = 120
FINISH_SECONDS = 6
KEEP_ALIVE_SECONDS = 5
# Gunicorn's own code for a worker that cannot boot: its master then ends as well.
BOOT_ERROR = 3


class WebServer(BaseApplication):
    """Serves the application that `make_app` returns, made anew in every process.

    A process must not share the connections of another, so nothing is made before the fork.
    """

    def __init__(
        self, make_app: Callable[[], Any], settings: Settings, *, host: str, port: int
    ) -> None:
        self._make_app = make_app
        self._options = {
            "bind": f"{host}:{port}",
            "workers": settings.web_processes,
            "worker_class": settings.web_worker_class,
            "threads": settings.web_threads if settings.web_worker_class == "gthread" else 1,
            "timeout": TIMEOUT_SECONDS,
            "graceful_timeout": FINISH_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else None,
            "post_worker_init": lambda _worker: report_ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of one process; what stands in the way is said in one line."""
        try:
            return self._make_app()
        except PlacementError as error:
            sys.stderr.write(f"placement: {error}\n")
            raise SystemExit(BOOT_ERROR) from error
