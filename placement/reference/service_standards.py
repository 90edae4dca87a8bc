"""The service that each graduate with difficulties is owed, and how often somebody gets in touch.

Dated rows with a source line; what a province changes is a new row with the day from which it
holds.
"""

import datetime as dt
from dataclasses import dataclass

from placement.reference.tables import CodeTable

_standards = CodeTable("service_standards")
_intervals = CodeTable("contact_intervals")

name = _standards.name


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many acts of some kinds, within days of the opening of the case."""

    code: str
    kinds: tuple[str, ...]
    needed: int
    within: dt.timedelta
    source: str


def requirements_on(day: dt.date) -> tuple[Requirement, ...]:
    """The service owed by the rows in force on `day`."""
    return tuple(
        Requirement(
            code=entry.code,
            kinds=tuple(entry.details["kinds"].split(";")),
            needed=int(entry.details["needed"]),
            within=dt.timedelta(days=int(entry.details["within_days"])),
            source=entry.details["source"],
        )
        for entry in _standards.entries.values()
        if entry.holds_on(day)
    )


def contact_interval_on(day: dt.date) -> dt.timedelta:
    """The longest time that may pass between two contacts on `day`."""
    return dt.timedelta(
        days=min(
            int(entry.details["days"])
            for entry in _intervals.entries.values()
            if entry.holds_on(day)
            and int(entry.details["from_month"]) <= day.month <= int(entry.details["to_month"])
        )
    )
