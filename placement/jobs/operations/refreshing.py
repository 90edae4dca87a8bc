"""The lists of single students computed anew, after their wishes or answers changed."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select

from placement.db import db
from placement.jobs.operations.runs import run_to_write
from placement.jobs.operations.writing import replace_list
from placement.jobs.queries import LONGEST_LIST, facts
from placement.jobs.ranking.explain import Explained, explain_list
from placement.jobs.ranking.facts import SeekerFacts
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.single import recommend_one
from placement.locks import Lock
from placement.students.models import Student

OPTIONS = Options(top=LONGEST_LIST)


def list_for(offers: Prepared, seeker: SeekerFacts) -> list[Explained]:
    """The list of one student before the postings laid out, explained, best first."""
    found = recommend_one(offers, seeker, options=OPTIONS)
    return explain_list(offers, seeker, found, 0, OPTIONS.rule)


def lock_lists(student_ids: Sequence[int]) -> None:
    """Be the only one who writes the lists of these students until the transaction ends.

    Two who write the same list at once would both delete it and both write theirs. Everybody
    takes the locks in the order of the numbers, so that nobody waits in a circle.
    """
    for student_id in sorted(student_ids):
        db.session.execute(select(func.pg_advisory_xact_lock(Lock.ONE_LIST, student_id)))


def refresh_lists(
    student_ids: Sequence[int], *, offers: Prepared, day: dt.date, run_id: int | None = None
) -> int:
    """Compute the lists of some students anew, in the current run of their class.

    `offers` are the live postings of the local `day`. Who does not look for work any more loses
    the list. Answers how many look for work. `run_id` names a run that is not current yet.
    """
    years = dict(
        db.session.execute(
            select(Student.id, Student.class_year).where(Student.id.in_(student_ids))
        ).all()
    )
    seekers = {s.id: s for s in facts.seekers(day=day, student_ids=list(years))}
    runs: dict[int, int] = {}
    lock_lists(list(years))
    for student_id in sorted(years):
        year = years[student_id]
        if run_id is None and year not in runs:
            runs[year] = run_to_write(year, day=day)
        seeker = seekers.get(student_id)
        explained = [] if seeker is None else list_for(offers, seeker)
        replace_list(run_id or runs[year], student_id, explained)
    return len(seekers)
