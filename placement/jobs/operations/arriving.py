"""One posting that is new, changed or closed, taken into the lists of those whom it concerns."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Row, bindparam, delete, insert, select, text

from placement.db import db
from placement.jobs.laid_out import KeptSeekers, kept_seekers, live_offers
from placement.jobs.models import Recommendation, RecommendationRun
from placement.jobs.operations.refreshing import OPTIONS, list_for, lock_lists, refresh_lists
from placement.jobs.operations.runs import changed_since
from placement.jobs.operations.writing import values_of
from placement.jobs.queries import LONGEST_LIST, facts
from placement.jobs.ranking.arrival import candidates_for_posting
from placement.jobs.ranking.explain import Explained
from placement.jobs.ranking.facts import PostingFacts, SeekerFacts
from placement.jobs.ranking.interning import NONE
from placement.jobs.ranking.parts import SCALE
from placement.jobs.ranking.postings import Prepared, prepare
from placement.jobs.ranking.seekers import PreparedSeekers, prepare_seekers
from placement.jobs.ranking.variety import choose_varied, stages_of
from placement.work.models import WorkKind
from placement.work.operations import queue_work

MOST_AT_ONCE = 1000
"""So many lists are changed by one job; for more the whole class is computed anew."""

# The rank of LONGEST_LIST stands in the text, so that the index of full lists serves.
_ABOVE_THE_LAST = text(
    """
    SELECT c.student_id
    FROM unnest(CAST(:students AS bigint[]), CAST(:scores AS float8[])) AS c (student_id, score)
    LEFT JOIN recommendations r
        ON r.run_id = :run_id AND r.rank = 10 AND r.student_id = c.student_id
    WHERE r.score IS NULL OR c.score > r.score
    """
)
_LISTS = text(
    """
    SELECT r.student_id, r.posting_id, r.score, p.employer_id,
        coalesce(p.occupation_code, '') AS occupation,
        CAST(r.parts ->> 'occupation' AS double precision) AS wished
    FROM recommendations r JOIN postings p ON p.id = r.posting_id
    WHERE r.run_id = :run_id AND r.student_id = ANY (:student_ids)
    ORDER BY r.student_id, r.rank
    """
)
_RANK = text(
    """
    UPDATE recommendations r SET rank = o.rank
    FROM (
        SELECT id, row_number() OVER (PARTITION BY student_id ORDER BY score DESC, posting_id) rank
        FROM recommendations WHERE run_id = :run_id AND student_id = ANY (:student_ids)
    ) o
    WHERE o.id = r.id AND o.rank <> r.rank
    """
)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """The posting before the students of one class year."""

    posting: PostingFacts
    alone: Prepared
    run_id: int
    kept: KeptSeekers


def recommend_posting(posting_id: int, *, day: dt.date) -> int:
    """Bring the lists up to date with a posting as it stands on a local day.

    A live one enters the lists in which it stands high enough; for one that takes nobody any more
    the lists that held it are computed anew. Answers how many lists it entered or left. Where
    these are very many, a run of the whole class is queued instead.
    """
    found = facts.offers_of([posting_id])
    if not found:
        return 0
    posting = found[0]
    if not posting.is_live(day):
        return _leave(posting_id, day)
    runs = db.session.execute(
        select(RecommendationRun.id, RecommendationRun.class_year).where(
            RecommendationRun.is_current
        )
    ).all()
    entered = 0
    for run in runs:
        kept = kept_seekers(run.class_year, day)
        alone = prepare([posting], day=day, tables=kept.offers.tables, weights=kept.offers.weights)
        entered += _enter(_Arrival(posting, alone, run.id, kept), run.class_year)
    return entered


def _leave(posting_id: int, day: dt.date) -> int:
    holders = db.session.execute(
        select(Recommendation.student_id, RecommendationRun.class_year)
        .join(RecommendationRun, RecommendationRun.id == Recommendation.run_id)
        .where(RecommendationRun.is_current, Recommendation.posting_id == posting_id)
    ).all()
    if len(holders) > MOST_AT_ONCE:
        for class_year in sorted({row.class_year for row in holders}):
            _queue_run(class_year)
    elif holders:
        students = [row.student_id for row in holders]
        refresh_lists(students, offers=live_offers(day), day=day)
    return len(holders)


def _enter(arrival: _Arrival, class_year: int) -> int:
    """Take the posting into the lists of one class; out of them first, if it was changed."""
    _take_out(arrival)
    fitting = _fitting(arrival, class_year)
    seekers = _above_the_last(arrival, fitting)
    if len(seekers) > MOST_AT_ONCE:
        _queue_run(class_year)
        return 0
    if not seekers:
        return 0
    lock_lists([seeker.id for seeker in seekers])
    fresh = {s.id: found for s in seekers for found in list_for(arrival.alone, s)}
    lists: dict[int, list[Row[tuple[int, int, float, int, str, float | None]]]] = {}
    values = {"run_id": arrival.run_id, "student_ids": list(fresh)}
    for row in db.session.execute(_LISTS, values):
        lists.setdefault(row.student_id, []).append(row)
    entering = []
    leaving: list[tuple[int, int]] = []
    for student_id, found in fresh.items():
        chosen, left = _merge(arrival.posting, found, lists.get(student_id, []))
        if chosen:
            entering.append(values_of(arrival.run_id, student_id, found))
            leaving += [(student_id, other) for other in left]
    _rewrite(arrival.run_id, entering, leaving)
    return len(entering)


def _take_out(arrival: _Arrival) -> None:
    removed = db.session.execute(
        delete(Recommendation)
        .where(
            Recommendation.run_id == arrival.run_id,
            Recommendation.posting_id == arrival.posting.id,
        )
        .returning(Recommendation.student_id)
    ).scalars()
    values = {"run_id": arrival.run_id, "student_ids": list(removed)}
    if values["student_ids"]:
        db.session.execute(_RANK, values)


def _fitting(arrival: _Arrival, class_year: int) -> dict[int, tuple[float, SeekerFacts]]:
    """Find whom the hard rules let have the posting: score and facts by the student's number."""
    kept = arrival.kept
    stale = set(changed_since(class_year, kept.read_at))
    fresh = facts.seekers(day=kept.day, student_ids=sorted(stale)) if stale else []
    found = _candidates(arrival, kept.seekers)
    for student_id in stale:
        found.pop(student_id, None)
    if fresh:
        weights, tables = kept.offers.weights, kept.offers.tables
        found |= _candidates(arrival, prepare_seekers(fresh, weights=weights, tables=tables))
    return found


def _candidates(
    arrival: _Arrival, seekers: PreparedSeekers
) -> dict[int, tuple[float, SeekerFacts]]:
    found = candidates_for_posting(
        arrival.posting,
        seekers,
        day=arrival.kept.day,
        weights=arrival.kept.offers.weights,
        tables=arrival.kept.offers.tables,
    )
    ids, rows = found.seeker_ids.tolist(), found.rows.tolist()
    scores = (found.millionths / SCALE).tolist()
    return {
        number: (score, seekers.facts[row])
        for number, score, row in zip(ids, scores, rows, strict=True)
    }


def _above_the_last(
    arrival: _Arrival, fitting: dict[int, tuple[float, SeekerFacts]]
) -> list[SeekerFacts]:
    """Keep those with room in the list, or whose last posting is worse than this one."""
    values = {
        "run_id": arrival.run_id,
        "students": list(fitting),
        "scores": [score for score, _ in fitting.values()],
    }
    return [fitting[number][1] for number in db.session.execute(_ABOVE_THE_LAST, values).scalars()]


def _merge(
    posting: PostingFacts,
    found: Explained,
    rows: Sequence[Row[tuple[int, int, float, int, str, float | None]]],
) -> tuple[bool, list[int]]:
    """Choose anew among a list and the posting: whether it stays, and which postings leave."""
    wished = found.parts.get("occupation")
    pool = [(r.score, r.posting_id, r.employer_id, r.occupation, r.wished) for r in rows]
    pool.append((found.score, posting.id, posting.employer_id, posting.occupation, wished))
    pool.sort(key=lambda one: (-one[0], one[1]))
    known = list(dict.fromkeys(one[3] for one in pool if one[3]))
    visible = np.full((1, LONGEST_LIST), NONE, dtype=np.int32)
    choose_varied(
        np.asarray([[one[2] for one in pool]], dtype=np.int64),
        np.asarray([[known.index(one[3]) if one[3] else NONE for one in pool]], dtype=np.int64),
        np.asarray([[one[4] is not None and 0.0 < one[4] < 1.0 for one in pool]]),
        stages_of(OPTIONS.variety, LONGEST_LIST),
        visible,
    )
    kept = {pool[place][1] for place in visible[0].tolist() if place >= 0}
    left = [one[1] for one in pool if one[1] not in kept and one[1] != posting.id]
    return posting.id in kept, left


def _rewrite(
    run_id: int, entering: list[dict[str, object]], leaving: list[tuple[int, int]]
) -> None:
    if not entering:
        return
    db.session.execute(insert(Recommendation), entering)
    if leaving:
        db.session.execute(
            delete(Recommendation.__table__).where(  # type: ignore[arg-type] # core, many rows at once
                Recommendation.run_id == run_id,
                Recommendation.student_id == bindparam("student"),
                Recommendation.posting_id == bindparam("posting"),
            ),
            [{"student": student, "posting": posting} for student, posting in leaving],
        )
    students = [values["student_id"] for values in entering]
    db.session.execute(_RANK, {"run_id": run_id, "student_ids": students})


def _queue_run(class_year: int) -> None:
    queue_work(WorkKind.RECOMMEND, input={"class_year": class_year}, actor_id=None)
