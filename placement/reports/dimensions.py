"""What people are grouped by: the dimensions, their keys, labels and order."""

import enum
import itertools
from collections.abc import Callable, Iterable, Mapping

from placement.errors import InvalidValueError
from placement.reference import (
    categories,
    destinations,
    divisions,
    ethnic_groups,
    levels,
    origins,
    report_words,
    sexes,
    standings,
)

UNKNOWN = "unknown"
DISPUTED = "disputed"
CHINESE = "zh_Hans_CN"


class Dimension(enum.StrEnum):
    """What people are grouped by.

    A person has one key in each, and in `category` one for each of theirs; `combination` is
    exactly which of the headline categories they are in, so that its rows never overlap.
    """

    CATEGORY = "category"
    COMBINATION = "combination"
    LEVEL = "level"
    SEX = "sex"
    ETHNIC = "ethnic"
    ORIGIN = "origin"
    UNIVERSITY = "university"
    COLLEGE = "college"
    COUNTY = "county"
    CODE = "code"
    PART = "part"
    STANDING = "standing"
    REASON = "reason"


Crossing = tuple[Dimension, ...]
"""Several dimensions at once; one alone is a crossing too."""

NO_HEADLINE = "none"


def combination_key(of: Iterable[str]) -> str:
    """The key of the headline categories among these, such as `disability.rural_origin`."""
    held = set(of)
    return ".".join(code for code in categories.headline if code in held) or NO_HEADLINE


COMBINATIONS = (
    *(
        combination_key(chosen)
        for size in range(1, len(categories.headline) + 1)
        for chosen in itertools.combinations(categories.headline, size)
    ),
    NO_HEADLINE,
)
"""Every combination of the headline categories, the single ones first, and being in none."""

_CODES = {
    Dimension.CATEGORY: categories.codes,
    Dimension.COMBINATION: COMBINATIONS,
    Dimension.SEX: (*sexes.codes, UNKNOWN),
    Dimension.ETHNIC: (*ethnic_groups.codes, UNKNOWN),
    Dimension.ORIGIN: (*origins.codes, UNKNOWN),
    Dimension.LEVEL: (*sorted(levels.codes, key=levels.rank, reverse=True), UNKNOWN),
    Dimension.PART: destinations.PARTS,
    Dimension.CODE: (*destinations.codes, DISPUTED, UNKNOWN),
    Dimension.STANDING: standings.codes,
    Dimension.REASON: (*report_words.REASONS, *standings.left_out),
}


def _combination_name(key: str, locale: str) -> str:
    if key == NO_HEADLINE:
        return report_words.name("none_of_four", locale)
    sign = "＋" if locale.startswith("zh") else " + "
    return sign.join(categories.name(code, locale) for code in key.split("."))


_NAMES: dict[Dimension, Callable[[str, str], str]] = {
    Dimension.CATEGORY: categories.name,
    Dimension.COMBINATION: _combination_name,
    Dimension.SEX: sexes.name,
    Dimension.ETHNIC: ethnic_groups.name,
    Dimension.ORIGIN: origins.name,
    Dimension.LEVEL: levels.name,
    Dimension.COUNTY: divisions.name,
    Dimension.CODE: destinations.name,
    Dimension.STANDING: standings.name,
    Dimension.REASON: report_words.reason,
}


def crossing_name(crossing: Crossing) -> str:
    """The name of a crossing as commands and answers write it, such as `sex+level`."""
    return "+".join(dimension.value for dimension in crossing)


def read_crossing(text: str) -> Crossing:
    """Read one or several dimensions, such as `sex+level`. Raises InvalidValueError."""
    crossing = tuple(_read_dimension(name.strip()) for name in text.split("+"))
    if len(set(crossing)) < len(crossing):
        raise InvalidValueError(
            "%(text)s names a dimension twice.", remedy="Name each dimension once.", text=text
        )
    return crossing


def _read_dimension(name: str) -> Dimension:
    try:
        return Dimension(name)
    except ValueError:
        known = ", ".join(Dimension)
        raise InvalidValueError(
            "“%(name)s” is no dimension.",
            remedy="Give one of %(known)s, or several with +.",
            name=name,
            known=known,
        ) from None


def closed_keys(dimension: Dimension) -> tuple[str, ...]:
    """All keys that a dimension can have, in the order of reports; empty where anything can come.

    Universities, colleges and counties are open: the first are checked against the list of
    universities, the others simply find nobody.
    """
    return _CODES.get(dimension, ())


def place_in_order(dimension: Dimension, key: str) -> tuple[int, str]:
    """Where a key stands among the rows of its dimension: as in its table, then by key."""
    keys = closed_keys(dimension)
    if key in keys:
        return keys.index(key), key
    return len(keys) + (key == UNKNOWN), key


def label(
    dimension: Dimension,
    key: str,
    *,
    universities: Mapping[str, str],
    scheme: str,
    locale: str = CHINESE,
) -> str:
    """The name of a key in the language of `locale`; `universities` are names by code."""
    if key == UNKNOWN or (key == DISPUTED and dimension is Dimension.CODE):
        return report_words.name("unknown" if key == UNKNOWN else "in_dispute", locale)
    if dimension is Dimension.UNIVERSITY:
        return universities.get(key, key)
    if dimension is Dimension.PART:
        return destinations.part_name(key, locale, scheme)
    return _NAMES[dimension](key, locale) if dimension in _NAMES else key
