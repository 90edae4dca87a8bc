"""Writes of long work: queue, claim, report, finish; one mechanism for every kind.

A piece of work is claimed under a lease and done in steps of a minute at most. Whoever holds it
reports from a connection of its own, so that progress shows while a long transaction is open.
"""

import datetime as dt
import os
import secrets
import socket
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, func, or_, update

from placement import queue
from placement.db import SQL_NOW, db, side_transaction
from placement.errors import PlacementError
from placement.work.models import OFFICE_KINDS, Work, WorkKind, WorkState

LEASE = dt.timedelta(seconds=90)
MOST_ATTEMPTS = 5


class WorkCancelledError(PlacementError):
    """Somebody asked for the work to stop."""

    code = "cancelled"


class LeaseLostError(PlacementError):
    """Another worker has taken the work over; this one must stop."""

    code = "lease_lost"


def queue_work(
    kind: WorkKind,
    *,
    input: dict[str, Any],
    actor_id: int | None,
    university_id: int | None = None,
) -> Work:
    """Add a piece of work; a worker is woken once the transaction is committed.

    `input` holds ids and options, never personal data.
    """
    work = Work(kind=kind, input=input, actor_id=actor_id, university_id=university_id)
    db.session.add(work)
    db.session.flush()
    queue.after_commit(job_of(kind), work.id)
    return work


def job_of(kind: WorkKind) -> queue.Job:
    """The job that takes up work of a kind, in the lane of that kind."""
    return queue.RUN_OFFICE_WORK if kind in OFFICE_KINDS else queue.RUN_WORK


def claim_work(work_id: int, *, owner: str) -> Work | None:
    """Take up a piece of work that nobody holds; None if somebody does or it is finished."""
    free = or_(
        Work.state == WorkState.QUEUED,
        and_(Work.state == WorkState.RUNNING, Work.lease_until < SQL_NOW),
    )
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work_id, free)
        .values(
            state=WorkState.RUNNING,
            owner=owner,
            lease_until=_lease(),
            attempts=Work.attempts + 1,
            started_at=func.coalesce(Work.started_at, SQL_NOW),
        )
        .returning(Work)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if claimed is not None and claimed.attempts > MOST_ATTEMPTS:
        fail_work(claimed, error="The work was begun several times and never came to its end.")
        return None
    return claimed


def finish_work(work: Work, *, result: dict[str, Any]) -> None:
    """End a piece of work with what came of it."""
    _end(work, state=WorkState.DONE, result=result, error=None)


def fail_work(work: Work, *, error: str) -> None:
    """End a piece of work with why it failed, in words for whoever asked for it."""
    _end(work, state=WorkState.FAILED, result=None, error=error)


def stop_work(work: Work) -> None:
    """End a piece of work because somebody asked for it."""
    _end(work, state=WorkState.CANCELLED, result=None, error=None)


def hand_back(work: Work, *, position: dict[str, Any] | None = None) -> None:
    """Give up the lease after a step, so that the next one begins at `position`."""
    values: dict[str, Any] = {"state": WorkState.QUEUED, "owner": None, "lease_until": None}
    if position is not None:
        values |= {"position": position, "attempts": 0}
    db.session.execute(update(Work).where(*_held(work)).values(**values))
    queue.after_commit(job_of(work.kind), work.id)


def ask_to_cancel(work: Work) -> None:
    """Ask for a piece of work to stop; one that nobody holds stops at once."""
    db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.finished_at.is_(None))
        .values(cancel_asked_at=SQL_NOW)
    )
    db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.state == WorkState.QUEUED)
        .values(state=WorkState.CANCELLED, finished_at=SQL_NOW)
    )


def worker_name() -> str:
    """A name for the holder of a lease: host, process and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


@dataclass
class Progress:
    """Reports how far a piece of work is, renews its lease, and hears of a cancellation."""

    work_id: int
    owner: str
    done: int = 0
    total: int | None = None
    told: list[tuple[int, int | None]] = field(default_factory=list)

    def report(self, done: int, total: int | None = None) -> None:
        """Say that `done` of `total` units are done.

        Raises WorkCancelledError when somebody asked to stop and LeaseLostError when another
        worker holds the work.
        """
        self.done, self.total = done, total if total is not None else self.total
        with side_transaction("report progress") as connection:
            row = connection.execute(
                update(Work)
                .where(Work.id == self.work_id, Work.owner == self.owner)
                .values(done=self.done, total=self.total, lease_until=_lease())
                .returning(Work.cancel_asked_at)
            ).one_or_none()
        if row is None:
            raise LeaseLostError("Another worker holds this work.")
        if row[0] is not None:
            raise WorkCancelledError("The work was cancelled.")


def _lease() -> ColumnElement[dt.datetime]:
    return func.placement_now(type_=DateTime(timezone=True)) + LEASE


def _held(work: Work) -> tuple[Any, ...]:
    return Work.id == work.id, Work.owner == work.owner, Work.state == WorkState.RUNNING


def _end(work: Work, *, state: WorkState, result: dict[str, Any] | None, error: str | None) -> None:
    ended = db.session.execute(
        update(Work)
        .where(*_held(work))
        .values(
            state=state,
            result=result,
            error=error,
            owner=None,
            lease_until=None,
            finished_at=SQL_NOW,
        )
        .returning(Work.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if ended is None:
        raise LeaseLostError("Another worker holds this work.")
    db.session.expire(work)
