"""Taking a snapshot as long work: asked for on a page, frozen by a worker."""

import datetime as dt

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotAllowedError, PlacementError
from placement.reports.questions import ask
from placement.reports.snapshots.operations import OutOfOrderError, take_snapshot
from placement.work.models import Work, WorkKind, WorkState
from placement.work.operations import (
    LeaseLostError,
    Progress,
    WorkCancelledError,
    fail_work,
    finish_work,
    queue_work,
)


def ask_to_take(class_year: int, as_of: dt.date, *, taker: Viewer) -> Work:
    """Queue a snapshot of the taker's figures: the university's own, or the province's.

    Raises NotAllowedError for who looks after some colleges, InvalidValueError for a day to come
    or no class year, and OutOfOrderError while one is being taken.
    """
    if taker.colleges:
        raise NotAllowedError("Who looks after some colleges freezes no figures of them all.")
    if as_of > clock.today():
        raise InvalidValueError("The day has not come yet.", remedy="Give today or a day before.")
    ask(class_year, as_of)
    last = last_taking(taker)
    if last is not None and last.finished_at is None:
        raise OutOfOrderError("A snapshot is being taken.", remedy="Wait for it to end.")
    return queue_work(
        WorkKind.SNAPSHOT,
        input={
            "class_year": class_year,
            "as_of": as_of.isoformat(),
            "university_id": _university_of(taker),
            "taker_id": taker.user_id,
        },
        actor_id=taker.user_id,
        university_id=_university_of(taker),
    )


def last_taking(viewer: Viewer) -> Work | None:
    """The newest taking of the viewer's figures, under way or ended."""
    number = _university_of(viewer)
    whose = Work.university_id.is_(None) if number is None else Work.university_id == number
    return db.session.execute(
        select(Work).where(Work.kind == WorkKind.SNAPSHOT, whose).order_by(Work.id.desc()).limit(1)
    ).scalar_one_or_none()


def run_take_work(work: Work, progress: Progress) -> None:
    """Freeze the figures that a piece of work names; why it cannot be is kept with the work.

    All is read in one transaction, so that it is of one moment; between its steps the lease is
    renewed, and somebody's wish to stop is heard.
    """
    progress.report(0, 1)
    asked, number = work.input, work.input["university_id"]
    try:
        with transaction():
            taken = take_snapshot(
                int(asked["class_year"]),
                dt.date.fromisoformat(asked["as_of"]),
                university=None if number is None else db.session.get_one(University, number),
                taken_by=int(asked["taker_id"]),
                at_step=lambda: progress.report(0),
            )
            finish_work(work, result={"snapshot_id": taken.id})
    except (WorkCancelledError, LeaseLostError):
        raise
    except PlacementError as error:
        with transaction():
            work = db.session.get_one(Work, work.id)
            if work.state is WorkState.RUNNING:
                fail_work(work, error=error.message)


def _university_of(viewer: Viewer) -> int | None:
    return None if viewer.role is Role.PROVINCE else viewer.university_id
