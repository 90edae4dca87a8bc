"""One new or changed posting against all students, in numpy, while the request waits."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import PostingFacts, Tables
from placement.jobs.ranking.parts import SCALE, meet, part_values, rules_kept, score_millionths
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.seekers import PreparedSeekers
from placement.jobs.ranking.terms import TermWeights, places_of
from placement.jobs.ranking.weights import ADJUSTMENT, CURRENT_WEIGHTS, Weights

_ONLY = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The students to whom a posting may be proposed, those it fits best first.

    `rows` are rows of the students, `millionths` the scores, in the same order; equal scores go
    by the student's number. `parts` has a row for each: PARTS, then ADJUSTMENT, NaN unknown.
    The score is the one that the posting would have in the student's own list: it says where it
    stands in that list and does not compare two students.
    """

    seeker_ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    millionths: NDArray[np.int64]
    parts: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the students."""
        return len(self.rows)

    @property
    def scores(self) -> NDArray[np.float64]:
        """Give the scores as shares 0..1."""
        return self.millionths / SCALE


def candidates_for_posting(
    posting: PostingFacts,
    seekers: PreparedSeekers,
    *,
    day: dt.date,
    weights: TermWeights,
    tables: Tables | None = None,
    rule: Weights = CURRENT_WEIGHTS,
) -> Candidates:
    """Find all students whom the hard rules let have a posting, with its score for each.

    `weights` are the term weights that the students were prepared with. A posting that is not
    live on `day` has no candidates.
    """
    prepared = prepare([posting], day=day, tables=tables, weights=weights)
    if len(prepared) == 0:
        nobody = np.zeros(0, dtype=np.int64)
        return Candidates(nobody, nobody, nobody, np.empty((0, ADJUSTMENT + 1)))
    rows = np.arange(len(seekers))
    meeting = meet(prepared, seekers, rule, rows)
    kept = np.all(list(rules_kept(meeting, rows, _ONLY).values()), axis=0)
    rows = rows[kept]
    word_weights = np.zeros(len(seekers.terms))
    places = places_of(prepared.terms, seekers.terms)[prepared.vectors.indices]
    word_weights[places[places >= 0]] = prepared.vectors.data[places >= 0]
    cosines = (seekers.vectors @ word_weights)[rows]
    values = part_values(meeting, rows, _ONLY, cosines)
    scores = score_millionths(values, rule)
    best = np.lexsort((seekers.ids[rows], -scores))
    return Candidates(seekers.ids[rows[best]], rows[best], scores[best], values[best])
