"""The list of one student, in numpy: fast enough for a page, and without the compiler.

The same score and order as the run over everybody gives.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import SeekerFacts
from placement.jobs.ranking.parts import (
    RULES,
    Meeting,
    meet,
    part_values,
    rules_kept,
    score_millionths,
)
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.results import Options, Recommendations, choose_visible, nothing_found
from placement.jobs.ranking.seekers import PreparedSeekers, prepare_seekers
from placement.jobs.ranking.terms import places_of

_ONLY = np.zeros(1, dtype=np.int64)


def recommend_one(
    prepared: Prepared, seeker: SeekerFacts, *, options: Options | None = None
) -> Recommendations:
    """Rank the postings for one student; the answer has one row.

    A student without wishes gets a list too; one for whom no posting passes the hard rules gets
    an empty one: `limits` tells which rules stand in the way.
    """
    options = options or Options()
    if len(prepared) == 0:
        return nothing_found(np.asarray([seeker.id]), prepared.ids, options)
    meeting = _meet_one(prepared, seeker, options)
    everything = np.arange(len(prepared))
    kept = np.all(list(rules_kept(meeting, _ONLY, everything).values()), axis=0)
    feasible = np.flatnonzero(kept)
    cosines = compare_texts(prepared, meeting.seekers)
    values = part_values(meeting, _ONLY, feasible, cosines[feasible])
    scores = score_millionths(values, options.rule)
    best = np.lexsort((feasible, -scores))[: options.pool]
    ranked = feasible[best], scores[best], values[best]
    return _one_row(meeting, options, feasible, ranked)


def _meet_one(prepared: Prepared, seeker: SeekerFacts, options: Options) -> Meeting:
    seekers = prepare_seekers([seeker], weights=prepared.weights, tables=prepared.tables)
    return meet(prepared, seekers, options.rule, _ONLY)


def compare_texts(prepared: Prepared, seekers: PreparedSeekers) -> NDArray[np.float64]:
    """Give the cosine of the first student's text with that of each posting."""
    cosines = np.zeros(len(prepared))
    columns = places_of(seekers.terms, prepared.terms)[seekers.vectors.indices]
    index = prepared.index
    for column, weight in zip(columns.tolist(), seekers.vectors.data.tolist(), strict=True):
        if column >= 0:
            entries = slice(index.indptr[column], index.indptr[column + 1])
            cosines[index.indices[entries]] += index.data[entries] * weight
    return cosines


def _one_row(
    meeting: Meeting,
    options: Options,
    feasible: NDArray[np.int64],
    ranked: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
) -> Recommendations:
    """Lay out what was ranked (rows of postings, scores, parts, best first) as one row."""
    best, scores, values = ranked
    found = nothing_found(meeting.seekers.ids, meeting.prepared.ids, options)
    found.postings[0, : len(best)] = best
    found.millionths[0, : len(best)] = scores
    found.feasible[0] = len(feasible)
    found.visible[:] = choose_visible(meeting, options, found.postings)
    chosen = found.visible[0][found.visible[0] >= 0]
    found.parts[0, : len(chosen)] = values[chosen]
    return found


@dataclass(frozen=True, slots=True)
class Limits:
    """What stands between a student and the live postings.

    `feasible` postings pass every rule. `only` counts by rule (level, major, reserved,
    accommodations, place, history) the postings that this rule alone keeps away.
    """

    postings: int
    feasible: int
    only: dict[str, int]


def limits(prepared: Prepared, seeker: SeekerFacts, *, options: Options | None = None) -> Limits:
    """Tell which hard rules keep postings from a student: the ladder for a short list."""
    meeting = _meet_one(prepared, seeker, options or Options())
    kept = np.asarray(list(rules_kept(meeting, _ONLY, np.arange(len(prepared))).values()))
    broken = np.sum(~kept, axis=0)
    only = np.sum(~kept & (broken == 1), axis=1)
    return Limits(
        postings=len(prepared),
        feasible=int(np.sum(broken == 0)),
        only=dict(zip(RULES, only.tolist(), strict=True)),
    )
