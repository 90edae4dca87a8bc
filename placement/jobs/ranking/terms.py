"""Texts as weighted terms: Chinese characters and pairs of them, Latin words as wholes.

No dictionary is needed: on real job titles characters with pairs beat word segmentation.
A term is a 64-bit number that depends on nothing but its text, so that vectors made on different
days or machines agree.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Terms = NDArray[np.int64]
Rows = NDArray[np.int32]
Reals = NDArray[np.float64]

_WORD = re.compile(r"[a-z0-9+#]*[a-z][a-z0-9+#]*")
_WIDE_PUNCTUATION = tuple(zip("，；：（）！？", ",;:()!?", strict=True))
_IDEOGRAPHS = ((0x3400, 0x9FFF), (0x20000, 0x3FFFF))
_PAIR_SHIFT = 21
_WORD_FLAG = 1 << 62


def fold(text: str) -> str:
    """Fold width and case and turn the separator of documents into a space."""
    # Full-width punctuation is in nearly every text and alone would force the slow way.
    for wide, narrow in _WIDE_PUNCTUATION:
        text = text.replace(wide, narrow)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.casefold().replace("\x00", " ")


def is_chinese(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell the ideographs among code points."""
    inside: NDArray[np.bool_] = np.logical_or.reduce(
        [(points >= low) & (points <= high) for low, high in _IDEOGRAPHS]
    )
    return inside


def _word_number(word: str) -> int:
    digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
    return _WORD_FLAG | (int.from_bytes(digest) >> 2)


def _chinese_terms(joined: str) -> tuple[Rows, Terms]:
    """Give the document number and the term of every ideograph and adjacent pair."""
    points = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4")
    documents = np.cumsum(points == 0, dtype=np.int32)
    chinese = is_chinese(points)
    single = np.flatnonzero(chinese)
    first = np.flatnonzero(chinese[:-1] & chinese[1:])
    terms = np.empty(len(single) + len(first), dtype=np.int64)
    terms[: len(single)] = points[single]
    pairs = terms[len(single) :]
    pairs[:] = points[first]
    pairs <<= _PAIR_SHIFT
    pairs |= points[first + 1]
    return np.concatenate([documents[single], documents[first]]), terms


def _word_terms(texts: Sequence[str]) -> tuple[Rows, Terms]:
    """Give the document number and the term of every Latin word."""
    documents: list[int] = []
    numbers: list[int] = []
    known: dict[str, int] = {}
    for document, text in enumerate(texts):
        for word in _WORD.findall(text):
            if word not in known:
                known[word] = _word_number(word)
            documents.append(document)
            numbers.append(known[word])
    return np.asarray(documents, dtype=np.int32), np.asarray(numbers, dtype=np.int64)


def _number(occurring: Terms) -> tuple[Terms, Rows]:
    """Give the distinct terms, sorted, and for each occurrence the place of its term in them.

    As `np.unique` with its inverse does, in half the time.
    """
    order = np.argsort(occurring, kind="stable")
    ordered = occurring[order]
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    columns = np.empty(len(ordered), dtype=np.int32)
    columns[order] = np.cumsum(is_first, dtype=np.int32) - 1
    return ordered[is_first], columns


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands in each text: rows are texts, columns are `terms`, sorted."""

    terms: Terms
    matrix: Any


def count_terms(texts: Sequence[str]) -> Counts:
    """Count the terms of folded texts; an empty text is an empty row."""
    found = [_word_terms(texts)]
    if texts:
        found.append(_chinese_terms("\x00".join(texts)))
    rows = np.concatenate([documents for documents, _ in found])
    occurring = np.concatenate([terms for _, terms in found])
    found.clear()  # the arrays are large, and the peak of memory is here
    terms, columns = _number(occurring)
    del occurring
    once = np.ones(len(columns), dtype=np.float32)
    matrix = sparse.coo_matrix((once, (rows, columns)), shape=(len(texts), len(terms))).tocsr()
    matrix.sort_indices()
    return Counts(terms, matrix.astype(np.float64))


@dataclass(frozen=True, slots=True)
class TermWeights:
    """How telling each term is: learnt from one set of postings, then kept.

    A new posting and a new student are measured by the weights that the others were measured
    by; a term never seen before counts as the rarest.
    """

    terms: Terms
    weights: Reals
    unseen: float

    def of(self, terms: Terms) -> Reals:
        """Give the weight of each of these terms."""
        if len(self.terms) == 0:
            return np.full(len(terms), self.unseen)
        at = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return np.where(self.terms[at] == terms, self.weights[at], self.unseen)


def learn_weights(counts: Counts) -> TermWeights:
    """Learn smoothed inverse document frequencies: ln((1 + n) / (1 + texts with it)) + 1."""
    texts = counts.matrix.shape[0]
    frequency = np.bincount(counts.matrix.indices, minlength=len(counts.terms))
    weights = np.log((1 + texts) / (1 + frequency)) + 1
    return TermWeights(counts.terms, weights, float(np.log(1 + texts) + 1))


def unit_vectors(counts: Counts, weights: TermWeights) -> Any:
    """Weigh the counts and scale each row to length 1; an empty row stays empty."""
    matrix = counts.matrix.copy()
    matrix.data *= weights.of(counts.terms)[matrix.indices]
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    # Summed one after the other, so that a text has one vector whatever stands beside it.
    squares = np.bincount(rows, weights=matrix.data**2, minlength=matrix.shape[0])
    matrix.data /= np.sqrt(squares)[rows]
    return matrix


def places_of(terms: Terms, among: Terms) -> NDArray[np.int64]:
    """Give where each of these terms stands among others (both sorted), -1 where it does not."""
    if len(among) == 0:
        return np.full(len(terms), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(among, terms), len(among) - 1)
    return np.where(among[at] == terms, at, -1)
