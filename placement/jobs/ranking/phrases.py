"""The skills that a student wrote and a posting names too, in the student's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from placement.jobs.ranking.terms import TermWeights, count_terms, fold, is_chinese

MOST_SKILLS = 3
SHORTEST_RUN = 3
TELLING = 1 - np.log(0.05)
"""The weight of a term that stands in one posting of twenty: commoner ones tell nothing."""

_SEPARATORS = re.compile(r"[\s,;:/|.!?()\[\]、。；，：！？（）【】《》“”·]+")
_WORD_BEFORE = r"(?<![a-z0-9+#])"
_WORD_AFTER = r"(?![a-z0-9+#])"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece between two separators: as written, and folded for comparing."""

    written: str
    folded: str


def split_skills(skills: str) -> tuple[Phrase, ...]:
    """Split what a student wrote into phrases, each once, in their order."""
    pieces: dict[str, str] = {}
    for piece in _SEPARATORS.split(skills):
        if piece:
            pieces.setdefault(fold(piece), piece)
    return tuple(Phrase(written, folded) for folded, written in pieces.items())


def shared_skills(phrases: Sequence[Phrase], text: str, weights: TermWeights) -> tuple[str, ...]:
    """Give up to three phrases that a posting's folded text names.

    A phrase counts if it stands there as a whole: two ideographs or more, or a whole Latin word.
    Where none does, the longest telling pieces of the phrases that stand there are given, since
    some people write sentences. Every answer is found in both texts, folded.
    """
    whole = [phrase.written for phrase in phrases if _names(phrase.folded, text)]
    if whole:
        return tuple(whole[:MOST_SKILLS])
    runs = [run for phrase in phrases for run in _runs(phrase.folded, text)]
    telling = [run for run in dict.fromkeys(runs) if is_telling(run, weights)]
    return tuple(telling[:MOST_SKILLS])


def _names(phrase: str, text: str) -> bool:
    if phrase not in text:
        return False
    if not phrase.isascii():
        return len(phrase) > 1
    pattern = _WORD_BEFORE + re.escape(phrase) + _WORD_AFTER
    return re.search(pattern, text) is not None


def _runs(phrase: str, text: str) -> list[str]:
    """Find the longest pieces of a phrase in a text, from the left, without overlaps."""
    runs = []
    start = 0
    while start + SHORTEST_RUN <= len(phrase):
        end = start + SHORTEST_RUN
        if phrase[start:end] not in text:
            start += 1
            continue
        while end < len(phrase) and phrase[start : end + 1] in text:
            end += 1
        if _is_all_chinese(phrase[start:end]):
            runs.append(phrase[start:end])
        start = end
    return runs


def _is_all_chinese(run: str) -> bool:
    points = np.asarray([ord(character) for character in run], dtype=np.uint32)
    return bool(is_chinese(points).all())


def is_telling(run: str, weights: TermWeights) -> bool:
    """Say whether some term of this piece is rare enough among postings to mean anything.

    Among few postings a term that only one of them has is rare enough.
    """
    in_one_posting = weights.unseen - np.log(2)
    return bool(weights.of(count_terms([run]).terms).max() >= min(TELLING, in_one_posting))
