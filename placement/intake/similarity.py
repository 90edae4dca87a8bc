"""How alike two names are: written otherwise, mistyped, partly hidden, or quite another."""

import enum
import re

from placement.reference.names import fold_name
from placement.students.names import read_title

_HIDDEN = re.compile("[*\uff0a?\uff1f×某]")
_SIMILAR = 0.6
"""From this share of agreeing signs on: one of three characters may differ, not two."""


class NameLikeness(enum.Enum):
    """How alike two names are, from the same name to quite another."""

    SAME = "same"
    MASKED = "masked"
    SOUND = "sound"
    SIMILAR = "similar"
    OTHER = "other"


def likeness(one: str, other: str) -> NameLikeness:
    """Compare two names, each with its variants folded."""
    first, second = fold_name(one), fold_name(other)
    if first == second:
        return NameLikeness.SAME
    if _fits_mask(one, second) or _fits_mask(other, first):
        return NameLikeness.MASKED
    if first and read_title(first) == read_title(second):
        return NameLikeness.SOUND
    if similarity(first, second) >= _SIMILAR:
        return NameLikeness.SIMILAR
    return NameLikeness.OTHER


def _fits_mask(masked: str, whole: str) -> bool:
    if not _HIDDEN.search(masked):
        return False
    parts = (re.escape(fold_name(part)) for part in _HIDDEN.split(masked))
    return re.fullmatch(".".join(parts), whole) is not None and len(fold_name(masked)) > 0


def similarity(one: str, other: str) -> float:
    """Return the share of agreeing signs, 0 to 1: 1 less edits over the longer length.

    An edit is a sign added, left out, replaced, or swapped with its neighbour.
    """
    longest = max(len(one), len(other))
    return 1.0 if longest == 0 else 1 - edits(one, other) / longest


def edits(one: str, other: str) -> int:
    """Return the least number of edits that make one text of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, against in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != against))
            swapped = i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against
            if swapped:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
