"""Which occupation a title or a wish means: a few are suggested, a person confirms one.

On real titles the right class is among five suggestions far more often than it is the first, so
that nothing is assigned silently.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from placement.jobs.ranking.facts import occupation_stem
from placement.jobs.ranking.terms import (
    Terms,
    TermWeights,
    count_terms,
    fold,
    learn_weights,
    places_of,
    unit_vectors,
)
from placement.reference import occupations

SUGGESTED = 5
LEAST_ALIKE = 0.15
LEAST_OF_BEST = 0.45
"""Much less alike than the best one, a name shares a character by chance."""
MOST_WORDS = 4

_SEPARATORS = re.compile(r"[;,，；、/\s]+")


@dataclass(frozen=True, slots=True)
class _Catalogue:
    codes: tuple[str, ...]
    terms: Terms
    weights: TermWeights
    vectors: Any


@cache
def _catalogue() -> _Catalogue:
    codes = tuple(code for code in occupations.codes if occupations.level(code) != "major")
    counts = count_terms([fold(occupations.name(code)) for code in codes])
    weights = learn_weights(counts)
    stems = tuple(occupation_stem(code) for code in codes)
    return _Catalogue(stems, counts.terms, weights, unit_vectors(counts, weights))


def suggest_occupations(title: str, *, limit: int = SUGGESTED) -> list[str]:
    """Give the codes of the occupations whose names are most like a title, the likest first.

    Classes stand without the zeros that fill them up ('2-02'), as files and wishes have them.
    None are given where nothing is alike.
    """
    known = _catalogue()
    counts = count_terms([fold(title)])
    query = unit_vectors(counts, known.weights)
    places = places_of(counts.terms, known.terms)[query.indices]
    column = np.zeros(len(known.terms))
    column[places[places >= 0]] = query.data[places >= 0]
    alike = known.vectors @ column
    best = np.lexsort((np.arange(len(alike)), -alike))[:limit]
    least = max(LEAST_ALIKE, LEAST_OF_BEST * float(alike[best[0]]))
    return [known.codes[at] for at in best.tolist() if alike[at] >= least]


def suggest_for_words(words: str) -> list[str]:
    """Give suggestions for each of several wishes in one text, those of the first word first."""
    pieces = [piece for piece in _SEPARATORS.split(words) if piece][:MOST_WORDS]
    found = [code for piece in pieces for code in suggest_occupations(piece)]
    return list(dict.fromkeys(found))
