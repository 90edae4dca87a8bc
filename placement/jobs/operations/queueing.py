"""Runs as long work: asked for by somebody, or due because the day or an import made them old."""

import datetime as dt

from sqlalchemy import func, select, text

from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db, system_scope, use_scope
from placement.jobs.operations.runs import RunUnderWayError
from placement.locks import Lock
from placement.work.models import Work, WorkKind, WorkState
from placement.work.operations import queue_work

YEARS_KEPT = 2
"""Classes that graduated longer ago are history; their lists are computed by command only."""

# With open cases, and a run that is missing, of another day, or older than an imported row.
_DUE = text(
    """
    SELECT s.class_year
    FROM students s JOIN cases c ON c.student_id = s.id
    LEFT JOIN recommendation_runs r
        ON r.class_year = s.class_year AND r.is_current AND r.state = 'done'
    WHERE s.voided_at IS NULL AND c.voided_at IS NULL AND c.closed_on IS NULL
      AND s.class_year >= :oldest
      AND EXISTS (SELECT FROM postings)
    GROUP BY s.class_year
    HAVING bool_and(
        r.id IS NULL OR r.as_of < :day
        OR r.started_at < (SELECT max(published_at) FROM postings WHERE import_id IS NOT NULL)
        OR r.started_at < (SELECT max(updated_at) FROM wishes WHERE import_id IS NOT NULL)
    )
    ORDER BY s.class_year
    """
)


def queue_due_runs(day: dt.date) -> list[int]:
    """Queue a run for each class year whose lists are not of this local day; answers the years.

    A class whose run waits or is under way is left alone, so that any number of wake-ups does
    the work once.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(Lock.QUEUEING_RUNS, 0)))
    values = {"day": day, "oldest": day.year - YEARS_KEPT}
    due = list(db.session.execute(_DUE, values).scalars())
    queued = [year for year in due if open_run_work(year) is None]
    for year in queued:
        queue_work(WorkKind.RECOMMEND, input={"class_year": year}, actor_id=None)
    return queued


def ask_for_run(class_year: int, *, actor: Viewer) -> Work:
    """Queue a run because somebody asks for it. Raises RunUnderWayError."""
    db.session.execute(select(func.pg_advisory_xact_lock(Lock.QUEUEING_RUNS, 0)))
    if open_run_work(class_year) is not None:
        raise RunUnderWayError(
            "The lists of this class are being computed already.",
            remedy="Wait until they are done.",
        )
    work = queue_work(WorkKind.RECOMMEND, input={"class_year": class_year}, actor_id=actor.user_id)
    record_event("recommendations.asked", actor_id=actor.user_id, subject=work)
    return work


def open_run_work(class_year: int) -> Work | None:
    """The run of a class year that waits or is under way, whoever asked for it."""
    with use_scope(system_scope("look for a run")):
        return db.session.execute(
            select(Work)
            .where(
                Work.kind == WorkKind.RECOMMEND,
                Work.state.in_((WorkState.QUEUED, WorkState.RUNNING)),
                Work.input["class_year"].as_integer() == class_year,
            )
            .order_by(Work.id.desc())
            .limit(1)
        ).scalar_one_or_none()
