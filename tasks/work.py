"""Long work: takes up rows of `works`, one kind an operation, in steps of a minute at most."""

import logging
from collections.abc import Callable

from flask import current_app
from sqlalchemy import select

from placement import queue
from placement.db import db, transaction
from placement.demo.loading.loading import run_demo_work
from placement.errors import PlacementError
from placement.exporting.running import run_export_work
from placement.intake.operations import run_import_work
from placement.jobs.operations import run_recommend_work
from placement.queue import RUN_WORK, SWEEP_WORK
from placement.reports.snapshots.publishing import run_publish_work
from placement.reports.snapshots.taking import run_take_work
from placement.work.models import Work, WorkKind
from placement.work.operations import (
    LeaseLostError,
    Progress,
    WorkCancelledError,
    claim_work,
    fail_work,
    job_of,
    stop_work,
    worker_name,
)
from placement.work.queries import due_work
from tasks.context import job

log = logging.getLogger(__name__)


def _fill_demo(work: Work, progress: Progress) -> None:
    run_demo_work(work, progress, settings=current_app.config["SETTINGS"], tell=log.info)


HANDLERS: dict[WorkKind, Callable[[Work, Progress], None]] = {
    WorkKind.IMPORT: run_import_work,
    WorkKind.RECOMMEND: run_recommend_work,
    WorkKind.DEMO: _fill_demo,
    WorkKind.EXPORT: run_export_work,
    WorkKind.PUBLISH: run_publish_work,
    WorkKind.SNAPSHOT: run_take_work,
}


# An import is one transaction: a file of a million rows takes minutes, and its lease is renewed.
@job(RUN_WORK, soft_time_limit=3_600, time_limit=3_660)
def run_work(work_id: int) -> None:
    """Do one step of a piece of work, unless somebody else is at it."""
    owner = worker_name()
    with transaction():
        work = claim_work(work_id, owner=owner)
    if work is None:
        return
    try:
        HANDLERS[work.kind](work, Progress(work_id=work.id, owner=owner))
    except WorkCancelledError:
        _settle(lambda: stop_work(work))
    except LeaseLostError:
        log.warning("work %s was taken over by another worker", work_id)
    except PlacementError as error:
        told = str(error)
        _settle(lambda: fail_work(work, error=told))
    except Exception:
        log.exception("work %s failed", work_id)
        told = "Something went wrong; nothing was changed. Try again."
        _settle(lambda: fail_work(work, error=told))


def _settle(write: Callable[[], None]) -> None:
    # What failed may have left its transaction broken, in which nothing can be written any more.
    db.session.rollback()
    with transaction():
        write()


@job(SWEEP_WORK)
def sweep_work() -> None:
    """Wake a worker for everything that nobody holds."""
    due = due_work().subquery()
    for work_id, kind in db.session.execute(select(due.c.id, due.c.kind)):
        queue.send(job_of(kind), work_id)
