"""The counting days of each year: the first count at 31 August, the final one at 31 December."""

import datetime as dt
from collections.abc import Iterator

from placement.reference.tables import CodeTable

_table = CodeTable("counting_days")

entries = _table.entries
name = _table.name

FINAL = "final"


def in_year(year: int) -> Iterator[dt.date]:
    """Give the counting days of `year` that were in force, in no order."""
    for entry in entries.values():
        day = dt.date(year, int(entry.details["month"]), int(entry.details["day"]))
        if entry.holds_on(day):
            yield day


def before(day: dt.date) -> dt.date | None:
    """Return the last counting day before `day`, None if there was none in the two years before."""
    years = (day.year, day.year - 1)
    return max((found for year in years for found in in_year(year) if found < day), default=None)


def code_of(day: dt.date) -> str | None:
    """Return which counting day `day` is: 'first', 'final', or None for any other day."""
    for code, entry in entries.items():
        month_and_day = (int(entry.details["month"]), int(entry.details["day"]))
        if (day.month, day.day) == month_and_day and entry.holds_on(day):
            return code
    return None


def final_of(class_year: int) -> dt.date:
    """Return the day of the final count of a class."""
    details = entries[FINAL].details
    return dt.date(class_year, int(details["month"]), int(details["day"]))
