"""What a report is asked: the class, the day, the moment, the rules, the groups, the people."""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from placement.errors import InvalidValueError
from placement.reference import destinations
from placement.reports.dimensions import Crossing, Dimension, closed_keys, read_crossing

EARLIEST_CLASS, LATEST_CLASS = 1950, 2200


class Base(enum.StrEnum):
    """Who is in the denominator: everyone of the register, or less the standings left out."""

    REGISTERED = "registered"
    COUNTED = "counted"


class Basis(enum.StrEnum):
    """Which outcomes count: the verified ones, or all that are not rejected."""

    VERIFIED = "verified"
    REPORTED = "reported"


class Status(enum.StrEnum):
    """Which of the people behind a figure.

    `counted` are all of the denominator: `placed` and `not_placed`, within which `unknown` lies.
    `left` are those who left the register since the counting day before; they are in no figure.
    """

    COUNTED = "counted"
    PLACED = "placed"
    NOT_PLACED = "not_placed"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Condition:
    """Only people whose key in a dimension is `key`, as the rows of a report name it."""

    dimension: Dimension
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that an answer depends on; `known_at` None asks for the newest closed moment."""

    class_year: int
    as_of: dt.date
    known_at: dt.datetime | None = None
    scheme: str
    base: Base = Base.COUNTED
    basis: Basis = Basis.VERIFIED
    by: tuple[Crossing, ...] = ()
    where: tuple[Condition, ...] = ()

    def keys_of(self, dimension: Dimension) -> tuple[str, ...]:
        """The keys of a dimension that the question is narrowed to; several mean 'and'."""
        return tuple(c.key for c in self.where if c.dimension is dimension)

    def narrowed(self, *conditions: Condition) -> "Question":
        """The same question about fewer people."""
        return replace(self, where=tuple(dict.fromkeys((*self.where, *conditions))))


def ask(
    class_year: int,
    as_of: dt.date,
    *,
    known_at: dt.datetime | None = None,
    scheme: str | None = None,
    base: Base = Base.COUNTED,
    basis: Basis = Basis.VERIFIED,
    by: Iterable[Crossing] = (),
    where: Iterable[Condition] = (),
) -> Question:
    """Make a question; without `scheme` it is the one of the class year.

    Raises InvalidValueError for a class year or a scheme that no rule knows.
    """
    if not EARLIEST_CLASS <= class_year <= LATEST_CLASS:
        raise InvalidValueError(
            "%(year)s is not a class year.", remedy="Give the year of graduation.", year=class_year
        )
    scheme = scheme or destinations.scheme_for(class_year)
    destinations.parts_by_code(scheme)
    return Question(
        class_year=class_year,
        as_of=as_of,
        known_at=known_at,
        scheme=scheme,
        base=base,
        basis=basis,
        by=tuple(dict.fromkeys(by)),
        where=tuple(dict.fromkeys(where)),
    )


def read_conditions(text: str) -> tuple[Condition, ...]:
    """Read `sex=1`, or `sex+level=1+31` with the keys as the rows of a crossing write them.

    Raises InvalidValueError for an unknown dimension, a missing key or one outside a closed list.
    """
    names, equals, keys = text.partition("=")
    if not equals:
        raise _unreadable(text)
    crossing = read_crossing(names)
    parts = keys.split("+", maxsplit=len(crossing) - 1) if len(crossing) > 1 else [keys]
    if len(parts) != len(crossing):
        raise _unreadable(text)
    return tuple(condition(dimension, key) for dimension, key in zip(crossing, parts, strict=True))


def condition(dimension: Dimension, key: str) -> Condition:
    """Make a condition. Raises InvalidValueError for no key, or one outside a closed list."""
    key = key.strip()
    allowed = closed_keys(dimension)
    if not key or (allowed and key not in allowed):
        raise InvalidValueError(
            "“%(key)s” is no %(dimension)s.",
            remedy="Give one of %(known)s." if allowed else "Give a key after the =.",
            key=key,
            dimension=dimension.value,
            known=", ".join(allowed),
        )
    return Condition(dimension, key)


def _unreadable(text: str) -> InvalidValueError:
    return InvalidValueError(
        f"{text!r} does not say which people.", remedy="Give DIM=KEY, such as sex=1."
    )
