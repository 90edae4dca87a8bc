"""The lists of a whole class year, computed in one go or in steps, shown when they are whole."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from placement import clock
from placement.db import db, transaction
from placement.errors import InvalidValueError
from placement.jobs.laid_out import live_offers
from placement.jobs.models import RecommendationRun, RunState
from placement.jobs.operations.refreshing import OPTIONS, refresh_lists
from placement.jobs.operations.runs import (
    begin_run,
    changed_since,
    fail_run,
    only_run,
    show_run,
)
from placement.jobs.operations.writing import write_lists
from placement.jobs.queries import facts
from placement.jobs.ranking.batch import CHUNK, recommend_in_chunks
from placement.jobs.ranking.explain import explain_all
from placement.jobs.ranking.facts import SeekerFacts
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.seekers import prepare_seekers
from placement.students.models import Student
from placement.work.models import Work
from placement.work.operations import Progress, finish_work, hand_back

STEP_SECONDS = 45.0

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to: people who look for work, live postings, people with three or more."""

    run_id: int
    students: int
    postings: int
    with_three: int
    recommendations: int

    @classmethod
    def of(cls, run_id: int, counts: dict[str, Any]) -> "RunSummary":
        """Read the counts that `show_run` gives."""
        names = ("students", "postings", "with_three", "recommendations")
        return cls(run_id, *(int(counts.get(name, 0)) for name in names))


@dataclass(slots=True)
class _Step:
    """One stretch of a run: what is laid out, whose lists are still to write, how far it is."""

    run_id: int
    as_of: dt.date
    offers: Prepared
    waiting: list[SeekerFacts]
    total: int

    @property
    def done(self) -> int:
        """How many students are through."""
        return self.total - len(self.waiting)

    def write(self) -> Iterator[int]:
        """Write chunk after chunk, each in a transaction; yield how many students are through."""
        seekers = prepare_seekers(
            self.waiting, weights=self.offers.weights, tables=self.offers.tables
        )
        chunks = recommend_in_chunks(self.offers, seekers, options=OPTIONS, chunk=CHUNK)
        for found in chunks:
            with transaction():
                write_lists(self.run_id, explain_all(self.offers, seekers, found, OPTIONS.rule))
            del self.waiting[: len(found)]
            yield self.done


def run_recommendations(
    class_year: int, *, as_of: dt.date, report: Report | None = None
) -> RunSummary:
    """Compute and show the lists of everybody of a class year who looks for work on a local day.

    Runs to its end, in several transactions of its own; readers see the run before until this
    one is whole. After each chunk `report(done, total)` is told how many people are through.
    Raises RunUnderWayError, and InvalidValueError for a class year without students.
    """
    with only_run(class_year):
        with transaction():
            step = _begin(class_year, as_of)
        with _failing(step.run_id):
            for done in step.write():
                if report is not None:
                    report(done, step.total)
            with transaction():
                return _finish(step)


def run_recommend_work(work: Work, progress: Progress) -> None:
    """Do one step of a piece of work of kind `recommend`.

    Its input is `{"class_year", "as_of"}`; without a day it is today's. A step ends after
    three quarters of a minute and the next one goes on behind the last student written.
    """
    class_year = int(work.input["class_year"])
    with only_run(class_year):
        position = _do_step(work, class_year, progress)
    if position is not None:
        # The next worker is woken by this, and must find the class free.
        with transaction():
            hand_back(work, position=position)


def _do_step(work: Work, class_year: int, progress: Progress) -> dict[str, int] | None:
    """Write for three quarters of a minute: where the next step goes on, or None at the end."""
    started = time.monotonic()
    with transaction():
        step = _resume(work) or _begin(class_year, _day_of(work))
    with _failing(step.run_id):
        progress.report(step.done, step.total)
        for done in step.write():
            progress.report(done, step.total)
            if step.waiting and time.monotonic() - started > STEP_SECONDS:
                return {"run_id": step.run_id, "next": step.waiting[0].id}
        with transaction():
            summary = _finish(step)
            finish_work(
                work,
                result={
                    "run_id": summary.run_id,
                    "students": summary.students,
                    "postings": summary.postings,
                    "with_three": summary.with_three,
                },
            )
    return None


def _day_of(work: Work) -> dt.date:
    given = work.input.get("as_of")
    return dt.date.fromisoformat(given) if given else clock.today()


def _begin(class_year: int, as_of: dt.date) -> _Step:
    known = db.session.execute(
        select(exists().where(Student.class_year == class_year, Student.voided_at.is_(None)))
    ).scalar_one()
    if not known:
        raise InvalidValueError(
            "There are no students of the class of %(year)s.",
            remedy="Import the students' file first.",
            year=class_year,
        )
    offers = live_offers(as_of)
    seekers = facts.seekers(day=as_of, class_year=class_year)
    counts = {"students": len(seekers), "postings": len(offers)}
    run = begin_run(class_year, as_of=as_of, counts=counts)
    return _Step(run.id, as_of, offers, seekers, len(seekers))


def _resume(work: Work) -> _Step | None:
    """Take up a run where the step before left it, unless another run has swept it away."""
    run = db.session.get(RecommendationRun, work.position.get("run_id", 0))
    if run is None or run.state is not RunState.RUNNING:
        return None
    offers = live_offers(run.as_of)
    seekers = facts.seekers(day=run.as_of, class_year=run.class_year)
    first = int(work.position["next"])
    waiting = [seeker for seeker in seekers if seeker.id >= first]
    return _Step(run.id, run.as_of, offers, waiting, len(seekers))


def _finish(step: _Step) -> RunSummary:
    """Compute anew who changed wishes or answers meanwhile, then show the run."""
    run = db.session.get_one(RecommendationRun, step.run_id)
    changed = changed_since(run.class_year, run.started_at)
    if changed:
        refresh_lists(changed, offers=step.offers, day=step.as_of, run_id=run.id)
    return RunSummary.of(run.id, show_run(run.id))


@contextmanager
def _failing(run_id: int) -> Iterator[None]:
    """Leave no half list behind when the computing fails or is cancelled."""
    try:
        yield
    except BaseException:
        with transaction():
            fail_run(run_id)
        raise
