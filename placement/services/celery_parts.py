"""Worker and beat, run in this process: `celery -A` would put the working folder first."""

import contextlib
import importlib
import logging
import os
import signal
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from billiard import active_children  # type: ignore[import-untyped] # it has no types
from celery import signals
from celery.beat import Scheduler
from celery.exceptions import SecurityWarning

from placement import queue
from placement.errors import ConfigurationError
from placement.loading import loading
from placement.services.ending import announce_ending, begin_anew
from placement.services.under_runner import report_ready

PACKAGE_PARENT = Path(__file__).parents[2]
FINISH_SECONDS = 5.0
CANCEL_SECONDS = 1.5

log = logging.getLogger(__name__)


class PatientScheduler(Scheduler):
    """Celery's scheduler in memory; a broker that is away costs one wake-up, not the beat.

    Celery's own waits for the connection in a loop that goes on for half a minute after the
    broker has come back.
    """

    producer = None


def import_tasks(name: str) -> ModuleType:
    """Import a module of `tasks`, the one that lies beside `placement` and no other.

    Raises ConfigurationError when another one would be found.
    """
    spec = find_spec("tasks")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if [Path(place).resolve() for place in places] != [PACKAGE_PARENT / "tasks"]:
        found = places[0] if places else (spec.origin if spec else "nowhere")
        raise ConfigurationError(
            f"The package tasks was found in {found}, not beside placement in {PACKAGE_PARENT}.",
            remedy="Start the command from another folder, and take that one out of PYTHONPATH.",
        )
    with loading():
        return importlib.import_module(f"tasks.{name}")


def run_worker(
    name: str, queues: list[str], concurrency: int, *, in_each_process: Callable[[], object]
) -> int:
    """Do the jobs of `queues` in `concurrency` processes until SIGTERM; return the exit code.

    `in_each_process` is called at the start of each of them. The jobs must be registered and the
    queue configured. At SIGTERM no new job is begun, and `ending.is_ending` is true for those in
    hand, which have five seconds to finish; after that they are broken off, and come back when
    their lease is over.
    """
    begin_anew()
    # Celery's word on root is seven lines a process; jobs are JSON only, and docs/operations.md
    # says under which account a server runs them.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    queue.celery.conf.worker_soft_shutdown_timeout = 0
    _leave_logging_alone()
    signals.worker_process_init.connect(lambda **_: in_each_process(), weak=False)
    signals.worker_ready.connect(_on_ready)
    signals.worker_shutting_down.connect(_on_shutting_down)
    worker = queue.celery.Worker(
        hostname=f"{name}@%h",
        queues=[queue.queue_name(each) for each in queues],
        concurrency=concurrency,
        pool_cls="prefork",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    # Whatever was broken off is over: an alarm that rings while Python ends kills it by the signal.
    signal.setitimer(signal.ITIMER_REAL, 0)
    return int(worker.exitcode or 0)


def run_beat(schedule: Mapping[str, Mapping[str, Any]]) -> int:
    """Send the wake-ups of `schedule` until SIGTERM; return the exit code."""
    # One attempt: the next wake-up does what this one would have done.
    queue.celery.conf.update(beat_schedule=dict(schedule), task_publish_retry=False)
    _leave_logging_alone()
    signals.beat_init.connect(_on_ready)
    beat = queue.celery.Beat(scheduler=PatientScheduler, quiet=True)
    beat.run()
    return 0


def _leave_logging_alone() -> None:
    """Keep Celery from setting up logging, and from a line for every job unless debugging."""
    signals.setup_logging.connect(lambda **_: None, weak=False)
    if logging.getLogger().level > logging.DEBUG:
        logging.getLogger("celery").setLevel(logging.WARNING)


def _on_ready(**_: object) -> None:
    report_ready()


def _on_shutting_down(**_: object) -> None:
    """Let the jobs in hand know, and break them off when they take too long."""
    announce_ending()
    _alarm(FINISH_SECONDS, _cancel_jobs)


def _cancel_jobs(_number: int, _frame: FrameType | None) -> None:
    log.warning("jobs in hand take too long and are broken off")
    _alarm(CANCEL_SECONDS, _end_now)
    os.kill(os.getpid(), signal.SIGQUIT)


def _end_now(_number: int, _frame: FrameType | None) -> None:
    for child in active_children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    os._exit(1)


def _alarm(seconds: float, handler: Callable[[int, FrameType | None], None]) -> None:
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
