"""`placement worker`: the part that does the jobs."""

import mmap
import sys

import click

from placement import migrate, queue
from placement.app import create_app
from placement.cli.output import note
from placement.cli.parts import begin_part
from placement.config import Settings
from placement.notices.lookout import Lookout, keep_lookout
from placement.services import attach
from placement.services.celery_parts import import_tasks, run_worker
from placement.services.endpoints import redis_answers
from placement.services.runner import ForkedPart, run_parts
from placement.services.under_runner import report_ready


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), help="Jobs at once; default by setting.")
@click.option(
    "--queue",
    "names",
    multiple=True,
    type=click.Choice([queue.SHORT, queue.LONG, queue.OFFICE]),
    help="Do the jobs of this queue alone.",
)
def worker(concurrency: int | None, names: tuple[str, ...]) -> None:
    """Do the jobs: short ones in several processes, long ones and the office's in one each."""
    settings = begin_part()
    endpoints = attach(settings, watch=False)
    migrate.check_current(endpoints.database_url)
    queue.configure(endpoints.redis_url, settings.queue_prefix)
    import_tasks("worker")
    jobs = concurrency or settings.worker_processes
    # A pool for each queue: mail that takes all processes must not keep an import waiting.
    # What an office waits for has its own, too: it must not wait behind the import of another.
    alone = jobs if len(names) == 1 else 1
    pools = {queue.SHORT: jobs, queue.LONG: alone, queue.OFFICE: alone}
    parts = [part for name in names or tuple(pools) for part in _pool(settings, name, pools[name])]
    if len(parts) == 1:
        sys.exit(parts[0].start())
    sys.exit(run_parts(parts, tell=note, on_ready=report_ready))


def _pool(settings: Settings, name: str, jobs: int) -> list[ForkedPart]:
    def work() -> int:
        return run_worker(name, [name], jobs, in_each_process=lambda: attach(settings))

    if name != queue.SHORT:
        return [ForkedPart(f"worker for {name} jobs", work)]
    stuck = _Flag()
    return [
        ForkedPart(f"worker for {name} jobs", work, must_restart=stuck.take),
        ForkedPart("lookout over the outbox", lambda: _look_out(settings, stuck)),
    ]


class _Flag:
    """One byte that the runner shares with the parts that it forks."""

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)

    def put(self) -> None:
        self._byte[0] = 1

    def take(self) -> bool:
        found, self._byte[0] = self._byte[0] != 0, 0
        return found


def _look_out(settings: Settings, stuck: _Flag) -> int:
    endpoints = attach(settings)
    with create_app(settings, endpoints=endpoints).app_context():
        report_ready()
        lookout = Lookout(
            settings, broker_answers=lambda: redis_answers(attach(settings).redis_url)
        )
        keep_lookout(lookout, stuck.put)
    return 0


commands: list[click.Command] = [worker]
