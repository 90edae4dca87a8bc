"""Ranked lists as arrays: the pool that postings are allotted from, and what a student sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.interning import NONE
from placement.jobs.ranking.parts import SCALE, Meeting
from placement.jobs.ranking.variety import choose_varied, stages_of
from placement.jobs.ranking.weights import (
    ADJUSTMENT,
    CURRENT_VARIETY,
    CURRENT_WEIGHTS,
    Variety,
    Weights,
)

MOST_IN_POOL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How lists are made: the rule of scoring, the variety, and how long they are.

    `top` postings are visible, chosen among the `pool` best. Raises ValueError unless
    1 <= top <= pool <= 300.
    """

    rule: Weights = CURRENT_WEIGHTS
    variety: Variety = CURRENT_VARIETY
    top: int = 10
    pool: int = 100

    def __post_init__(self) -> None:
        """Refuse lengths that cannot be."""
        if not 1 <= self.top <= self.pool <= MOST_IN_POOL:
            raise ValueError(f"ask for 1 to {MOST_IN_POOL} postings, and no more than the pool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendations:
    """The lists of some students under one version of the weights.

    `postings` (students × pool) are rows of the prepared postings, best first, -1 where a list
    ends; `millionths` their scores. `feasible` counts what each student may be proposed at all.
    `visible` (students × top) are places in the pool, -1 where the list ends; `parts`
    (students × top × PARTS, then ADJUSTMENT) belong to the visible ones, NaN where unknown.
    """

    version: str
    seeker_ids: NDArray[np.int64]
    posting_ids: NDArray[np.int64]
    postings: NDArray[np.int32]
    millionths: NDArray[np.int32]
    feasible: NDArray[np.int32]
    visible: NDArray[np.int32]
    parts: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the students."""
        return len(self.seeker_ids)

    @property
    def visible_postings(self) -> NDArray[np.int32]:
        """Give the rows of the visible postings (students × top), -1 where a list ends."""
        rows: NDArray[np.int32] = np.where(self.visible >= 0, self.in_pool(self.postings), -1)
        return rows

    @property
    def visible_scores(self) -> NDArray[np.float64]:
        """Give the scores (0..1) of the visible postings, NaN where a list ends."""
        return np.where(self.visible >= 0, self.in_pool(self.millionths) / SCALE, np.nan)

    def in_pool(self, column: NDArray[Any]) -> NDArray[Any]:
        """Read a column of the pool at the visible places (anything where a list ends)."""
        places = np.maximum(self.visible, 0).astype(np.int64)
        return np.take_along_axis(column, places, axis=1)

    def listed(self, student: int) -> list[tuple[int, float]]:
        """Give the visible list of one row as (posting number, score 0..1), best first."""
        places = self.visible[student][self.visible[student] >= 0]
        ids = self.posting_ids[self.postings[student, places]]
        scores = self.millionths[student, places] / SCALE
        return list(zip(ids.tolist(), scores.tolist(), strict=True))


def nothing_found(
    seeker_ids: NDArray[np.int64], posting_ids: NDArray[np.int64], options: Options
) -> Recommendations:
    """Give each of these students an empty list."""
    students = len(seeker_ids)
    return Recommendations(
        version=options.rule.version,
        seeker_ids=seeker_ids,
        posting_ids=posting_ids,
        postings=np.full((students, options.pool), NONE, dtype=np.int32),
        millionths=np.zeros((students, options.pool), dtype=np.int32),
        feasible=np.zeros(students, dtype=np.int32),
        visible=np.full((students, options.top), NONE, dtype=np.int32),
        parts=np.full((students, options.top, ADJUSTMENT + 1), np.nan),
    )


def choose_visible(
    meeting: Meeting,
    options: Options,
    pool: NDArray[np.int32],
    choose: Callable[..., None] = choose_varied,
) -> NDArray[np.int32]:
    """Choose the visible list of each student of a block among the pool (students × pool).

    Answers places in the pool (students × top), -1 where a list ends. `choose` is
    `choose_varied` or the same compiled.
    """
    prepared = meeting.prepared
    known = pool >= 0
    employers = np.where(known, prepared.employers.codes[pool], NONE)
    occupations = prepared.occupation_groups[pool]
    rows = np.arange(len(pool))[:, np.newaxis]
    wished = meeting.block.occupation[rows, prepared.occupations.codes[pool]]
    related = known & (wished > 0.0) & (wished < 1.0)
    visible = np.full((len(pool), options.top), NONE, dtype=np.int32)
    choose(employers, occupations, related, stages_of(options.variety, options.top), visible)
    return visible


def join(pieces: Sequence[Recommendations]) -> Recommendations:
    """Lay the lists of consecutive students end to end; all must be of one run."""
    columns = ("seeker_ids", "postings", "millionths", "feasible", "visible", "parts")
    joined = {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in columns}
    return Recommendations(version=pieces[0].version, posting_ids=pieces[0].posting_ids, **joined)
