"""The runs: one at a time, readers see the current one only, the last two are kept."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, select, text, update

from placement.db import SQL_NOW, db
from placement.errors import PlacementError
from placement.jobs.models import Recommendation, RecommendationRun, RunState
from placement.jobs.queries import current_run
from placement.jobs.ranking.weights import CURRENT_WEIGHTS
from placement.locks import Lock, held_beside

KEPT_RUNS = 2

_COUNTS = text(
    """
    SELECT count(*) AS listed, count(*) FILTER (WHERE postings >= 3) AS with_three,
        coalesce(sum(postings), 0)::bigint AS recommendations
    FROM (
        SELECT count(*) AS postings FROM recommendations WHERE run_id = :run_id GROUP BY student_id
    ) lists
    """
)
_CHANGED_SINCE = text(
    """
    SELECT id FROM students
    WHERE class_year = :class_year AND (
        id IN (SELECT student_id FROM wishes WHERE updated_at >= :since)
        OR id IN (SELECT student_id FROM posting_responses
                  WHERE answered_at >= :since OR withdrawn_at >= :since)
        OR id IN (SELECT student_id FROM referrals WHERE referred_at >= :since))
    ORDER BY id
    """
)


class RunUnderWayError(PlacementError):
    """The recommendations of this class are being computed already."""

    code = "run_under_way"


@contextmanager
def only_run(class_year: int) -> Iterator[None]:
    """Be the only one who computes a class year; the lock goes with the connection.

    Raises RunUnderWayError.
    """
    with held_beside(Lock.RUN, class_year, reason="compute recommendations") as held:
        if held is None:
            raise RunUnderWayError(
                "The lists of this class are being computed already.",
                remedy="Wait until they are done.",
            )
        yield


def begin_run(class_year: int, *, as_of: dt.date, counts: dict[str, Any]) -> RecommendationRun:
    """Add a run that nobody sees yet; what an earlier one left half done goes.

    The caller is the only one who computes this class year.
    """
    db.session.execute(
        delete(RecommendationRun).where(
            RecommendationRun.class_year == class_year,
            RecommendationRun.state != RunState.DONE,
            ~RecommendationRun.is_current,
        )
    )
    run = RecommendationRun(
        class_year=class_year,
        as_of=as_of,
        weights_version=CURRENT_WEIGHTS.version,
        counts=counts,
    )
    db.session.add(run)
    db.session.flush()
    return run


def fail_run(run_id: int) -> None:
    """End a run that came to nothing; its lists go, that it was tried stays."""
    db.session.execute(delete(Recommendation).where(Recommendation.run_id == run_id))
    db.session.execute(
        update(RecommendationRun)
        .where(RecommendationRun.id == run_id)
        .values(state=RunState.FAILED, finished_at=SQL_NOW)
    )


def show_run(run_id: int) -> dict[str, Any]:
    """Let readers see a run in place of the one before, and delete what is older than that.

    Answers its counts: students, postings, listed (with any posting), with_three (with three or
    more), recommendations.
    """
    run = db.session.get_one(RecommendationRun, run_id, populate_existing=True)
    _lock_current(run.class_year)
    found = db.session.execute(_COUNTS, {"run_id": run_id}).mappings().one()
    db.session.execute(
        update(RecommendationRun)
        .where(RecommendationRun.class_year == run.class_year, RecommendationRun.is_current)
        .values(is_current=False)
    )
    run.is_current, run.state = True, RunState.DONE
    run.counts = {**run.counts, **found}
    run.finished_at = db.session.execute(select(SQL_NOW)).scalar_one()
    db.session.flush()
    kept = (
        select(RecommendationRun.id)
        .where(
            RecommendationRun.class_year == run.class_year,
            RecommendationRun.state == RunState.DONE,
        )
        .order_by(RecommendationRun.is_current.desc(), RecommendationRun.id.desc())
        .limit(KEPT_RUNS)
    )
    db.session.execute(
        delete(RecommendationRun).where(
            RecommendationRun.class_year == run.class_year,
            RecommendationRun.state == RunState.DONE,
            RecommendationRun.id.not_in(kept),
        )
    )
    return dict(run.counts)


def run_to_write(class_year: int, *, day: dt.date) -> int:
    """The number of the current run; one is begun where nobody has computed the class yet."""
    run = current_run(class_year)
    if run is None:
        _lock_current(class_year)
        run = current_run(class_year)
    if run is None:
        run = RecommendationRun(
            class_year=class_year,
            as_of=day,
            is_current=True,
            weights_version=CURRENT_WEIGHTS.version,
        )
        db.session.add(run)
        db.session.flush()
    return run.id


def changed_since(class_year: int, moment: dt.datetime) -> list[int]:
    """The students of a class year whose wishes or answers changed at a moment or later."""
    values = {"class_year": class_year, "since": moment}
    return list(db.session.execute(_CHANGED_SINCE, values).scalars())


def _lock_current(class_year: int) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(Lock.CURRENT_RUN, class_year)))
