"""The service that each graduate with difficulties is owed, and how often somebody gets in touch.

Made from rows with a source line and the days on which they hold: those that come with the
program, overlaid by what a province says (`placement.rulebook`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many acts of some kinds, within days of the opening of the case."""

    code: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    needed: int
    within: dt.timedelta
    source: str

    def label(self, locale: str) -> str:
        """What it is called in the language of `locale`, Chinese where there is no English."""
        return self.zh if locale.startswith("zh") or not self.en else self.en


@dataclass(frozen=True, slots=True)
class Standard:
    """What is owed to each person, and the longest time between two contacts."""

    requirements: tuple[Requirement, ...]
    interval: dt.timedelta


def requirement_of(row: Row) -> Requirement:
    """One requirement as its row says."""
    return Requirement(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        kinds=tuple(row["kinds"].split(";")),
        needed=int(row["needed"]),
        within=dt.timedelta(days=int(row["within_days"])),
        source=row["source"],
    )


def interval_in(rows: Iterable[Row], month: int) -> dt.timedelta | None:
    """The longest time between two contacts in a month, 1 to 12: the shortest of those that fit.

    None where no row fits. A row from November to February runs over the turn of the year.
    """
    days = [int(row["days"]) for row in rows if _fits(row, month)]
    return dt.timedelta(days=min(days)) if days else None


def standard_of(requirements: Iterable[Row], intervals: Iterable[Row], month: int) -> Standard:
    """The standard by the rows in force, in a month.

    Raises ValueError where no interval fits the month; the rulebook refuses such rows.
    """
    interval = interval_in(intervals, month)
    if interval is None:
        raise ValueError(f"no interval of contacts fits month {month}")
    return Standard(tuple(map(requirement_of, requirements)), interval)


def _fits(row: Row, month: int) -> bool:
    first, last = int(row["from_month"]), int(row["to_month"])
    if first <= last:
        return first <= month <= last
    return month >= first or month <= last
