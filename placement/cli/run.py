"""`placement run`, `web`, `worker`, `beat`: the program at work, all of it or a part."""

import logging
import os
import sys
from collections.abc import Mapping

import click

from placement import migrate, queue
from placement.app import create_app
from placement.cli.output import note
from placement.config import Settings, load_settings
from placement.errors import ServiceUnavailableError
from placement.services import Endpoints, attach, detach, last_known_endpoints, processes
from placement.services.celery_parts import import_tasks, run_beat, run_worker
from placement.services.ports import is_free
from placement.services.runner import CommandPart, ForkedPart, run_parts
from placement.services.under_runner import join_runner, report_ready
from placement.services.web_server import WebServer

PORT = 8000
HOST = "127.0.0.1"
PORT_OPTION = click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="Port of web."
)


@click.command()
@PORT_OPTION
@click.option("--workers", type=click.IntRange(1, 64), help="Jobs at once; default by setting.")
def run(port: int, workers: int | None) -> None:
    """Migrate, then run web, worker and beat until Ctrl-C."""
    settings = load_settings()
    check_port(port)
    endpoints = attach(settings)
    migrate.upgrade(endpoints.migrate_url)
    code = run_everything(settings, endpoints, port=port, workers=workers)
    detach(settings.instance, at_once=True)
    sys.exit(code)


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
) -> int:
    """Run web, worker and beat until a signal; return the exit code.

    The database must be migrated and this process attached. `environment` is added to that of
    the parts. Should the embedded servers come back at another port, the parts start anew.
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
        ],
        tell=note,
        on_ready=lambda: note(f"Placement is ready at {address}"),
        must_restart=lambda: _moved(settings, endpoints),
    )


@click.command()
@PORT_OPTION
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
def web(port: int, host: str) -> None:
    """Serve the pages."""
    settings = _begin_part()
    check_port(port, host)
    endpoints = attach(settings, watch=False)
    migrate.check_current(endpoints.database_url)
    WebServer(lambda: create_app(settings), settings, host=host, port=port).run()


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), help="Jobs at once; default by setting.")
@click.option(
    "--queue",
    "names",
    multiple=True,
    type=click.Choice([queue.SHORT, queue.LONG]),
    help="Do the jobs of this queue alone.",
)
def worker(concurrency: int | None, names: tuple[str, ...]) -> None:
    """Do the jobs: short ones in several processes, long ones in one of its own beside them."""
    settings = _begin_part()
    _prepare_jobs(settings, watch=False)
    import_tasks("worker")
    short = concurrency or settings.worker_processes
    # A pool for each queue: mail that takes all processes must not keep an import waiting.
    pools = {queue.SHORT: short, queue.LONG: short if names == (queue.LONG,) else 1}
    parts = [_pool(settings, name, pools[name]) for name in names or tuple(pools)]
    if len(parts) == 1:
        sys.exit(parts[0].start())
    sys.exit(run_parts(parts, tell=note, on_ready=report_ready))


def _pool(settings: Settings, name: str, concurrency: int) -> ForkedPart:
    def work() -> int:
        return run_worker(name, [name], concurrency, in_each_process=lambda: attach(settings))

    return ForkedPart(f"worker for {name} jobs", work)


@click.command()
def beat() -> None:
    """Wake the jobs that are due again and again; one for each installation is enough."""
    settings = _begin_part()
    _prepare_jobs(settings, watch=True)
    schedule = import_tasks("schedule").schedule_for(settings)
    sys.exit(run_beat(schedule))


def _begin_part() -> Settings:
    """Join the runner if there is one, and write the log with moment, level and place."""
    join_runner()
    settings = load_settings()
    form = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=settings.log_level, format=form, stream=sys.stderr, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return settings


def _prepare_jobs(settings: Settings, *, watch: bool) -> None:
    endpoints = attach(settings, watch=watch)
    migrate.check_current(endpoints.database_url)
    queue.configure(endpoints.redis_url, settings.queue_prefix)


def _moved(settings: Settings, endpoints: Endpoints) -> bool:
    """Tell whether the embedded servers have come back at other ports."""
    now = last_known_endpoints(settings)
    return now is not None and now != endpoints


commands: list[click.Command] = [run, web, worker, beat]
