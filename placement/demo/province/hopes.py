"""What the students of the class under way hope for in their cases, before and after adjusting."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from placement.demo.province.words import read_words


@dataclass(frozen=True, slots=True, kw_only=True)
class HopePlan:
    """What somebody hoped for from a day on; pay in yuan a month."""

    recorded_on: dt.date
    places: str
    salary_min: int
    occupation: str
    note: str


def hopes_of(barriers: Sequence[str], days: Sequence[dt.date], luck: int) -> tuple[HopePlan, ...]:
    """What was hoped for at the first contact, and adjusted at a later one if it was.

    `luck` is a draw: it says which words of the first barrier are taken. Without a barrier
    nobody has asked yet.
    """
    rows = _rows(barriers[0]) if barriers else ()
    if not rows or not days:
        return ()
    row = rows[luck % len(rows)]
    first = HopePlan(
        recorded_on=days[0],
        places=row["places"],
        salary_min=int(row["pay"]),
        occupation=row["occupation"],
        note="" if row["pay_after"] else row["why"],
    )
    if not row["pay_after"] or len(days) < 3:
        return (first,)
    after = HopePlan(
        recorded_on=days[len(days) // 2],
        places=row["places_after"],
        salary_min=int(row["pay_after"]),
        occupation=row["occupation_after"],
        note=row["why"],
    )
    return (first, after)


@cache
def _rows(barrier: str) -> tuple[Mapping[str, str], ...]:
    return tuple(row for row in read_words("hopes") if row["barrier"] == barrier)
