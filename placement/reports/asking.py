"""A question as it stands in the address of a page, and back.

An address carries no word of a category: `category=2` is the second of the table.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from placement import clock
from placement.errors import InvalidValueError
from placement.reference import counting_days
from placement.reports.dimensions import Crossing, Dimension, closed_keys, read_crossing
from placement.reports.questions import (
    Base,
    Basis,
    Condition,
    Question,
    Status,
    ask,
    condition,
    read_conditions,
)

CATEGORY: Crossing = (Dimension.CATEGORY,)
COMBINATION: Crossing = (Dimension.COMBINATION,)
_NAMELESS = frozenset({Dimension.CATEGORY, Dimension.COMBINATION})
"""Dimensions whose keys are words of categories: an address gives their places instead."""

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What the address of a page of figures says, as text; empty where it says nothing."""

    year: str = ""
    as_of: str = ""
    known_at: str = ""
    moment: str = ""
    """The moment of the page that the address was on: its people and files are known by it."""
    scheme: str = ""
    base: str = ""
    basis: str = ""
    university: str = ""
    by: str = ""
    where: Sequence[str] = ()


def read_question(address: Address, *, newest: int, today: dt.date, grouped_by: str) -> Question:
    """Read a question from an address, by the rules where it says nothing.

    That is the class year `newest`, the day of its final count or `today` if that is still to
    come, and rows of `grouped_by`. That crossing comes first; the categories and their
    combinations always come along. Raises InvalidValueError for what cannot be read.
    """
    try:
        year = int(address.year) if address.year else newest
        crossing = read_crossing(address.by or grouped_by)
        where = [item for text in address.where for item in _read_where(text)]
        if address.university:
            where.append(condition(Dimension.UNIVERSITY, address.university))
        return ask(
            year,
            _read(dt.date.fromisoformat, address.as_of) or _day_of_count(year, today),
            known_at=_read(clock.read_moment, address.known_at or address.moment),
            scheme=address.scheme or None,
            base=_read(Base, address.base) or Base.COUNTED,
            basis=_read(Basis, address.basis) or Basis.VERIFIED,
            by=(crossing, CATEGORY, COMBINATION),
            where=where,
        )
    except (InvalidValueError, ValueError) as error:
        raise InvalidValueError(
            "The address of these figures cannot be read.",
            remedy="Go to the figures and choose there.",
        ) from error


def read_status(text: str) -> Status | None:
    """Which of the people an address asks for; None for all."""
    return Status(text) if text in set(Status) else None


def write_conditions(conditions: Sequence[Condition]) -> list[str]:
    """Conditions as an address carries them, each crossing of them one text."""
    return [f"{item.dimension.value}={_address_key(item)}" for item in conditions]


def _read(read: Callable[[str], Read], text: str) -> Read | None:
    return read(text) if text else None


def _day_of_count(year: int, today: dt.date) -> dt.date:
    return min(today, counting_days.final_of(year))


def _read_where(text: str) -> tuple[Condition, ...]:
    name, _equals, key = text.partition("=")
    if name in _NAMELESS and key.isdecimal():
        keys, place = closed_keys(Dimension(name)), int(key)
        if not 1 <= place <= len(keys):
            raise InvalidValueError("There is no such category.")
        return (Condition(Dimension(name), keys[place - 1]),)
    return read_conditions(text)


def _address_key(item: Condition) -> str:
    if item.dimension in _NAMELESS:
        return str(closed_keys(item.dimension).index(item.key) + 1)
    return item.key
