"""The content of a snapshot: who counted as what, the tables made of it, their canonical bytes.

Everything is made from the list of people, so that tables and people cannot differ. The bytes
hold codes and counts, never names: a snapshot made again from history gives the same bytes.
"""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from placement.reports.dimensions import UNKNOWN, Dimension, combination_key, place_in_order
from placement.reports.questions import Base
from placement.reports.rates import Cell, Row, Tally

FORMAT = 1
TOTAL = "total"

_EVERYWHERE = ("category", "combination", "level", "sex", "ethnic", "origin", "county")
PROVINCE_TABLES = (*_EVERYWHERE, "university", "category+university", "category+level")
UNIVERSITY_TABLES = (*_EVERYWHERE, "college", "category+college", "category+level")


Step = Callable[[], None]
"""What a long work does between two of its steps, such as renewing its lease."""


class Counted(NamedTuple):
    """A person of the register and what they counted as; the fields are those of the list."""

    uid: str
    university: str
    college: str | None
    level: str | None
    sex: str | None
    ethnic: str | None
    origin: str | None
    county: str | None
    categories: tuple[str, ...]
    standing: str
    code: str | None
    effective_on: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a snapshot says of itself: the question, the moment, its place among the versions."""

    class_year: int
    as_of: str
    known_at: str
    university: str | None
    scheme: str
    base: str
    basis: str
    version: int
    replaces: str | None
    """The seal of the version before, in hexadecimal."""

    def as_plain(self) -> dict[str, Any]:
        """The heading as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def at_no_step() -> None:
    """Do nothing between the steps of a work that nobody watches."""


def tables_of(
    people: Iterable[Counted], *, scheme: str, names: Sequence[str], at_step: Step = at_no_step
) -> dict[str, list[dict[str, Any]]]:
    """The tables of people by name, rows as plain counts; the first is the total.

    `at_step` is called after each table.
    """
    everybody = list(people)
    tables = {}
    for name in (TOTAL, *names):
        tables[name] = _rows(everybody, () if name == TOTAL else tuple(name.split("+")), scheme)
        at_step()
    return tables


def canonical_figures(
    heading: Heading, rules: Mapping[str, Any], tables: Mapping[str, Any]
) -> bytes:
    """The bytes of rules and tables: JSON with sorted keys, without spaces, in UTF-8."""
    return _canonical({"format": FORMAT, **heading.as_plain(), "rules": rules, "tables": tables})


def canonical_people(people: Iterable[Counted]) -> bytes:
    """The bytes of the list of (person, counted as): one JSON list a line, sorted by person."""
    return b"\n".join(_canonical(person) for person in sorted(people, key=lambda one: one.uid))


def seal_of(figures: bytes, people: bytes) -> bytes:
    """The SHA-256 of `figures`, a line end, `people`."""
    return hashlib.sha256(figures + b"\n" + people).digest()


def read_people(data: bytes) -> dict[str, Counted]:
    """The people of a list by their uid."""
    found = (Counted(*json.loads(line)) for line in data.splitlines())
    return {one.uid: one._replace(categories=tuple(one.categories)) for one in found}


def read_figures(data: bytes) -> dict[str, Any]:
    """Heading, rules and tables as plain data."""
    plain: dict[str, Any] = json.loads(data)
    return plain


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _rows(people: list[Counted], names: tuple[str, ...], scheme: str) -> list[dict[str, Any]]:
    counts = Counter(
        (key, person.standing, person.code, person.reason)
        for person in people
        for key in _keys(person, names)
    )
    tallies: dict[tuple[str, ...], Tally] = {}
    if not names:
        tallies[()] = Tally(Base.COUNTED, scheme)
    for (key, standing, code, reason), number in counts.items():
        tallies.setdefault(key, Tally(Base.COUNTED, scheme)).add(
            Cell(key, standing, code, reason, number)
        )
    dimensions = [Dimension(name) for name in names]
    ordered = sorted(
        tallies,
        key=lambda key: [place_in_order(*pair) for pair in zip(dimensions, key, strict=True)],
    )
    return [_plain(tallies[key].row(key, ""), tallies[key]) for key in ordered]


def _keys(person: Counted, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return itertools.product(*(_values(person, name) for name in names))


def _values(person: Counted, name: str) -> tuple[str, ...]:
    if name == Dimension.CATEGORY:
        return person.categories
    if name == Dimension.COMBINATION:
        return (combination_key(person.categories),)
    return (getattr(person, name) or UNKNOWN,)


def _plain(row: Row, tally: Tally) -> dict[str, Any]:
    return {
        "key": row.key,
        "registered": row.registered,
        "excluded": row.excluded,
        "denominator": row.denominator,
        "placed": row.placed,
        "known": row.known,
        "parts": row.parts,
        "codes": row.codes,
        "exclusions": dict(tally.left_out),
        "reasons": dict(tally.reasons),
    }
