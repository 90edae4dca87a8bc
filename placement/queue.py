"""The queue: jobs are wake-ups sent by name once the commit is through; the rows are the truth.

Publishing never fails or slows a request: what cannot be sent is dropped and found again by
the sweeper. After a failure no further try is made for a few seconds.
"""

import logging
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from celery import Celery

log = logging.getLogger(__name__)

SHORT = "short"
LONG = "long"
OFFICE = "office"
"""What somebody waits for on a page and takes more than a request, but never hours."""
_PAUSE_SECONDS = 5.0

celery = Celery("placement", set_as_current=False)


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its name and the queue it waits in."""

    name: str
    queue: str


DRAIN_DELIVERIES = Job("notices.drain_deliveries", SHORT)
SWEEP_DELIVERIES = Job("notices.sweep_deliveries", SHORT)
COLLECT_BOUNCES = Job("notices.collect_bounces", SHORT)
TELL_STUDENTS = Job("desk.tell_students", SHORT)
SEND_DRAFTS = Job("composing.send_drafts", SHORT)
RUN_WORK = Job("work.run_work", LONG)
RUN_OFFICE_WORK = Job("work.run_work", OFFICE)
SWEEP_WORK = Job("work.sweep_work", SHORT)
SEAL_AUDIT = Job("audit.seal_events", SHORT)
REFRESH_RECOMMENDATIONS = Job("jobs.refresh_recommendations", SHORT)
RECOMMEND_POSTING = Job("jobs.recommend_posting", SHORT)
QUEUE_RECOMMENDATIONS = Job("jobs.queue_recommendations", SHORT)
KEEP_FACTS = Job("reports.keep_facts", LONG)
CHECK_FACTS = Job("reports.check_facts", LONG)
DELETE_EXPIRED = Job("accounts.delete_expired", SHORT)
TAKE_SNAPSHOTS = Job("reports.take_snapshots", OFFICE)
MAIL_REPORTS = Job("reports.mail_due_reports", SHORT)
WRITE_TO_STAFF = Job("desk.write_to_staff", LONG)

JOBS = (
    DRAIN_DELIVERIES,
    SWEEP_DELIVERIES,
    COLLECT_BOUNCES,
    TELL_STUDENTS,
    SEND_DRAFTS,
    RUN_WORK,
    RUN_OFFICE_WORK,
    SWEEP_WORK,
    SEAL_AUDIT,
    REFRESH_RECOMMENDATIONS,
    RECOMMEND_POSTING,
    QUEUE_RECOMMENDATIONS,
    KEEP_FACTS,
    CHECK_FACTS,
    DELETE_EXPIRED,
    TAKE_SNAPSHOTS,
    MAIL_REPORTS,
    WRITE_TO_STAFF,
)

_waiting: ContextVar[list[tuple[Job, tuple[Any, ...]]] | None] = ContextVar("waiting", default=None)


class _Broker:
    """When publishing failed last, by the monotonic clock of this process."""

    failed_at = float("-inf")


def configure(redis_url: str, prefix: str) -> None:
    """Point the queue at a broker; `prefix` keeps several installations apart on one server."""
    celery.conf.update(
        broker_url=redis_url,
        # No results are kept: rows say what came of a job, and result keys would grow for ever.
        task_ignore_result=True,
        result_backend=None,
        # A job runs to its end or comes back; the rows make a second run harmless.
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        worker_prefetch_multiplier=1,
        # Only JSON: a pickle in the broker would be code in the worker.
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=f"{prefix}.{SHORT}",
        task_soft_time_limit=90,
        task_time_limit=120,
        worker_soft_shutdown_timeout=4,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "global_keyprefix": f"{prefix}.",
            "visibility_timeout": 600,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            # Without this a dead broker costs every act six seconds.
            "max_retries": 0,
            "socket_connect_timeout": 0.5,
            "socket_timeout": 5,
        },
        timezone="Asia/Shanghai",
        enable_utc=True,
    )


def queue_name(queue: str) -> str:
    """The name of a queue in the broker, prefix included."""
    prefix = str(celery.conf.task_default_queue).rpartition(".")[0]
    return f"{prefix}.{queue}"


def after_commit(job: Job, *arguments: Any) -> None:
    """Send `job` with JSON arguments once the transaction under way is committed."""
    waiting = _waiting.get()
    if waiting is None:
        waiting = []
        _waiting.set(waiting)
    if (job, arguments) not in waiting:
        waiting.append((job, arguments))


def discard() -> None:
    """Forget the jobs of a transaction that was rolled back."""
    _waiting.set(None)


def flush() -> None:
    """Send the jobs of the transaction just committed; never raises."""
    waiting, _ = _waiting.get(), _waiting.set(None)
    for job, arguments in waiting or ():
        if not send(job, *arguments):
            return


def send(job: Job, *arguments: Any) -> bool:
    """Publish one job now; False if the broker does not take it or failed a moment ago."""
    if time.monotonic() - _Broker.failed_at < _PAUSE_SECONDS:
        return False
    try:
        celery.send_task(job.name, args=arguments, queue=queue_name(job.queue), retry=False)
    except Exception as error:  # noqa: BLE001 - whatever a broker does must not reach the act
        _Broker.failed_at = time.monotonic()
        log.warning("job %s was not sent: %s; the sweeper will find its rows", job.name, error)
        return False
    return True
