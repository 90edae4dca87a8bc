"""The postings of a day as columns, with the inverted index of their texts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.facts import (
    LEVEL_RANKS,
    PostingFacts,
    Tables,
    occupation_class,
    occupation_stem,
)
from placement.jobs.ranking.interning import NONE, Codes, Interned, Ragged, intern
from placement.jobs.ranking.terms import (
    Terms,
    TermWeights,
    count_terms,
    fold,
    learn_weights,
    unit_vectors,
)

FIELD_DIGITS = 2


@dataclass(frozen=True, slots=True)
class MajorDemand:
    """What a posting asks of a major: the classes and fields it names, and whether strictly.

    Without `stated` the classes come from the table of its occupation, and nothing is known
    where that has none.
    """

    classes: frozenset[str]
    fields: frozenset[str]
    stated: bool
    strict: bool

    @property
    def is_known(self) -> bool:
        """Say whether anything can be said about majors at all."""
        return bool(self.classes or self.fields)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The live postings as columns, in the order of their numbers, which breaks every tie.

    `facts[i]`, `ids[i]` and all columns speak of the same posting. `vectors` is postings ×
    terms, `index` the same by term: the inverted index. `by_city` lists the postings of each
    city. `pay` is the highest pay stated, in yuan a month, NaN where none is.
    """

    day: dt.date
    tables: Tables
    weights: TermWeights
    facts: tuple[PostingFacts, ...]
    texts: tuple[str, ...]
    ids: NDArray[np.int64]
    cities: Interned[str]
    occupations: Interned[str]
    occupation_classes: Interned[str]
    industries: Interned[str]
    majors: Interned[MajorDemand]
    reserved: Interned[frozenset[str]]
    accommodations: Interned[frozenset[str]]
    employers: Interned[int]
    occupation_groups: Codes
    level_ranks: Codes
    pay: NDArray[np.float64]
    terms: Terms
    vectors: Any
    index: Any
    by_city: Ragged

    def __len__(self) -> int:
        """Count the live postings."""
        return len(self.facts)

    @property
    def has_text(self) -> NDArray[np.bool_]:
        """Tell which postings have any term to compare."""
        lengths: NDArray[np.int64] = np.diff(self.vectors.indptr)
        return lengths > 0


def major_demand(posting: PostingFacts, tables: Tables) -> MajorDemand:
    """Read what a posting asks of majors, from its own list or else from its occupation."""
    codes = [code for code in posting.majors if code]
    if codes:
        finer = [code for code in codes if len(code) > FIELD_DIGITS]
        classes = frozenset(tables.major_class(code, posting.level) for code in finer)
        fields = frozenset(code for code in codes if len(code) == FIELD_DIGITS)
        return MajorDemand(classes, fields, stated=True, strict=posting.majors_strict)
    parts = occupation_stem(posting.occupation).split("-")
    for depth in range(len(parts), 0, -1):
        usual = tables.occupation_majors.get("-".join(parts[:depth]))
        if usual:
            return MajorDemand(frozenset(usual), frozenset(), stated=False, strict=False)
    return MajorDemand(frozenset(), frozenset(), stated=False, strict=False)


def prepare(
    postings: Iterable[PostingFacts],
    *,
    day: dt.date,
    tables: Tables | None = None,
    weights: TermWeights | None = None,
) -> Prepared:
    """Lay out the postings that are live on a local day for ranking.

    Those closed, past their deadline or of an unverified employer are left out. The order of
    `postings` does not matter. `weights` are term weights learnt before; without them they are
    learnt from these postings. Raises ValueError if two postings share a number.
    """
    tables = tables or Tables()
    live = sorted((p for p in postings if p.is_live(day)), key=lambda posting: posting.id)
    ids = np.asarray([posting.id for posting in live], dtype=np.int64)
    if np.any(ids[1:] == ids[:-1]):
        raise ValueError("two postings have the same number")
    texts = tuple(fold(f"{posting.title} {posting.description}") for posting in live)
    counts = count_terms(texts)
    weights = weights or learn_weights(counts)
    vectors = unit_vectors(counts, weights)
    index = vectors.tocsc()
    index.sort_indices()
    occupations = intern(posting.occupation for posting in live)
    cities = intern(posting.city for posting in live)
    return Prepared(
        day=day,
        tables=tables,
        weights=weights,
        facts=tuple(live),
        texts=texts,
        ids=ids,
        cities=cities,
        occupations=occupations,
        occupation_classes=intern(occupation_class(posting.occupation) for posting in live),
        industries=intern(posting.industry for posting in live),
        majors=_intern_majors(live, tables),
        reserved=intern(posting.reserved_for for posting in live),
        accommodations=intern(posting.accommodations for posting in live),
        employers=intern(posting.employer_id for posting in live),
        occupation_groups=_known_codes(occupations),
        level_ranks=np.asarray([_least_rank(posting) for posting in live], dtype=np.int32),
        pay=np.asarray([_highest_pay(posting) for posting in live], dtype=np.float64),
        terms=counts.terms,
        vectors=vectors,
        index=index,
        by_city=_rows_by_code(cities),
    )


def _intern_majors(live: list[PostingFacts], tables: Tables) -> Interned[MajorDemand]:
    """Read each distinct demand once: most postings share theirs with many others."""
    known: dict[object, MajorDemand] = {}
    demands = []
    for posting in live:
        key = (posting.majors, posting.majors_strict, posting.level, posting.occupation)
        demand = known.get(key)
        if demand is None:
            demand = known[key] = major_demand(posting, tables)
        demands.append(demand)
    return intern(demands)


def _least_rank(posting: PostingFacts) -> int:
    """Rank the level asked for: 0 where none is; a code that no table knows lets nobody in."""
    if not posting.level:
        return 0
    return LEVEL_RANKS.get(posting.level, max(LEVEL_RANKS.values()) + 1)


def _highest_pay(posting: PostingFacts) -> float:
    stated = [pay for pay in (posting.salary_min, posting.salary_max) if pay is not None]
    return float(max(stated)) if stated else float("nan")


def _known_codes(occupations: Interned[str]) -> Codes:
    """Give codes of occupations for the rule of variety, where an unknown one is like no other."""
    if "" not in occupations.values:
        return occupations.codes
    unknown = occupations.values.index("")
    return np.where(occupations.codes == unknown, NONE, occupations.codes).astype(np.int32)


def _rows_by_code(column: Interned[str]) -> Ragged:
    order = np.argsort(column.codes, kind="stable").astype(np.int32)
    starts = np.zeros(len(column.values) + 1, dtype=np.int64)
    np.cumsum(np.bincount(column.codes, minlength=len(column.values)), out=starts[1:])
    return Ragged(starts, order)
