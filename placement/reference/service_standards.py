"""The service that each graduate with difficulties is owed, and how often somebody gets in touch.

Dated rows with a source line; what a province changes is a new row with the day from which it
holds.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from placement.reference.tables import CodeTable, rows_on

_standards = CodeTable("service_standards")

name = _standards.name


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many acts of some kinds, within days of the opening of the case."""

    code: str
    kinds: tuple[str, ...]
    needed: int
    within: dt.timedelta
    source: str


@cache
def requirements_on(day: dt.date) -> tuple[Requirement, ...]:
    """The service owed by the rows in force on `day`."""
    return tuple(
        Requirement(
            code=row["code"],
            kinds=tuple(row["kinds"].split(";")),
            needed=int(row["needed"]),
            within=dt.timedelta(days=int(row["within_days"])),
            source=row["source"],
        )
        for row in rows_on("service_standards", day)
    )


@cache
def contact_interval_on(day: dt.date) -> dt.timedelta:
    """The longest time that may pass between two contacts on `day`."""
    days = min(
        int(row["days"])
        for row in rows_on("contact_intervals", day)
        if int(row["from_month"]) <= day.month <= int(row["to_month"])
    )
    return dt.timedelta(days=days)
