"""The students who look for work as columns, measured by the term weights of the postings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import LEVEL_RANKS, SeekerFacts, Tables
from placement.jobs.ranking.interning import (
    Codes,
    Interned,
    Lists,
    intern,
    intern_lists,
)
from placement.jobs.ranking.terms import (
    Terms,
    TermWeights,
    count_terms,
    fold,
    unit_vectors,
)

MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class MajorHeld:
    """The class and field of a student's major; empty where unknown."""

    code: str
    level: str
    major_class: str

    @property
    def field(self) -> str:
        """The field of study: the first two digits of the class."""
        return self.major_class[:2]


@dataclass(frozen=True, slots=True)
class PreparedSeekers:
    """Students as columns in the order in which they were given.

    `salary` and `distance_km` are NaN where nothing was said. `vectors` is students × terms.
    `has_history` marks those with postings or employers that are settled for them,
    `feedback_rows` the few whose feedback changes a factor.
    """

    facts: tuple[SeekerFacts, ...]
    texts: tuple[str, ...]
    ids: NDArray[np.int64]
    level_ranks: Codes
    majors: Interned[MajorHeld]
    homes: Interned[str]
    places: Lists[str]
    anywhere: NDArray[np.bool_]
    distance_km: NDArray[np.float64]
    salary: NDArray[np.float64]
    occupations: Lists[str]
    industries: Lists[str]
    needs: Interned[frozenset[str]]
    categories: Interned[frozenset[str]]
    has_history: NDArray[np.bool_]
    feedback_rows: tuple[int, ...]
    terms: Terms
    vectors: Any

    def __len__(self) -> int:
        """Count the students."""
        return len(self.facts)

    @property
    def has_text(self) -> NDArray[np.bool_]:
        """Tell which students wrote anything to compare."""
        lengths: NDArray[np.int64] = np.diff(self.vectors.indptr)
        return lengths > 0


def prepare_seekers(
    seekers: Iterable[SeekerFacts],
    *,
    weights: TermWeights,
    tables: Tables | None = None,
) -> PreparedSeekers:
    """Lay out students for ranking, by the term weights of the postings they will meet.

    Of the places wished for the first three count. Raises ValueError if two students share
    a number.
    """
    tables = tables or Tables()
    rows = tuple(seekers)
    ids = np.asarray([seeker.id for seeker in rows], dtype=np.int64)
    if len(np.unique(ids)) != len(ids):
        raise ValueError("two students have the same number")
    texts = tuple(fold(seeker.wishes.skills) for seeker in rows)
    counts = count_terms(texts)
    return PreparedSeekers(
        facts=rows,
        texts=texts,
        ids=ids,
        level_ranks=np.asarray([LEVEL_RANKS.get(s.level, 0) for s in rows], dtype=np.int32),
        majors=_intern_majors(rows, tables),
        homes=intern(seeker.home for seeker in rows),
        places=intern_lists([_stated(s.wishes.places)[:MOST_PLACES] for s in rows]),
        anywhere=np.asarray([seeker.wishes.anywhere for seeker in rows], dtype=np.bool_),
        distance_km=_numbers(seeker.wishes.distance_km for seeker in rows),
        salary=_numbers(seeker.wishes.salary or None for seeker in rows),
        occupations=intern_lists([_stated(seeker.wishes.occupations) for seeker in rows]),
        industries=intern_lists([_stated(seeker.wishes.industries) for seeker in rows]),
        needs=intern(seeker.wishes.needs for seeker in rows),
        categories=intern(seeker.categories for seeker in rows),
        has_history=np.asarray(
            [bool(s.excluded or s.feedback.blocked_employers) for s in rows],
            dtype=np.bool_,
        ),
        feedback_rows=tuple(
            at for at, s in enumerate(rows) if s.feedback.cities or s.feedback.occupations
        ),
        terms=counts.terms,
        vectors=unit_vectors(counts, weights),
    )


def _intern_majors(rows: Iterable[SeekerFacts], tables: Tables) -> Interned[MajorHeld]:
    known: dict[tuple[str, str], MajorHeld] = {}
    held = []
    for seeker in rows:
        key = (seeker.major_code, seeker.level)
        if key not in known:
            code = seeker.major_code
            known[key] = MajorHeld(*key, tables.major_class(*key) if code else "")
        held.append(known[key])
    return intern(held)


def _stated(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.asarray([np.nan if v is None else float(v) for v in values], dtype=np.float64)
