"""Words typed into forms, read as codes."""

import re
from collections.abc import Iterable

from wtforms import SelectChoice

from placement.jobs import words
from placement.reference import industries, majors
from placement.reference.folding import fold_code, fold_text

MOST_PAY = 1_000_000
_SEPARATORS = re.compile(r"[;,，；、\n]+")


def split_words(text: str | None) -> list[str]:
    """Split a text at semicolons, commas and line ends into what stands between, each once."""
    pieces = (piece.strip() for piece in _SEPARATORS.split(text or ""))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def read_majors(text: str | None) -> tuple[str, ...]:
    """Give the codes of the majors that a text names; what no catalogue knows stays as typed."""
    codes: dict[str, None] = {}
    for piece in split_words(text):
        digits = fold_code(piece)[:6]
        if digits.isdecimal() and len(digits) in {2, 4, 6}:
            codes[digits] = None
        else:
            named = [major.digits for major in majors.named(piece)] or _classes_named(piece)
            codes.update(dict.fromkeys(named or [piece]))
    return tuple(codes)


def _classes_named(name: str) -> list[str]:
    return [code for code, zh in majors.classes().items() if fold_text(zh) == fold_text(name)]


def industry_choices(nothing: str) -> list[SelectChoice]:
    """The sections of industries, and before them the choice of none."""
    sections = [SelectChoice(code, words.industry(code)) for code in industries.SECTIONS]
    return [SelectChoice("", nothing), *sections]


def accommodation_choices(stored: Iterable[str]) -> list[SelectChoice]:
    """The common accommodations, and those that are stored though they are not common."""
    texts = dict.fromkeys([*words.ACCOMMODATIONS, *stored])
    return [SelectChoice(text, words.accommodation(text)) for text in texts]


def occupation_choices(codes: Iterable[str]) -> list[SelectChoice]:
    """Occupations as choices, each once."""
    return [SelectChoice(code, words.occupation(code)) for code in dict.fromkeys(codes)]


def is_occupation(code: str) -> bool:
    """Say whether a code, with or without the zeros of a class, is in the classification."""
    return words.occupation(code) != code
