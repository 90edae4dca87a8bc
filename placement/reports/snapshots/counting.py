"""Taking snapshots by the beat: after each counting day, of the class that is counted on it."""

import datetime as dt

from placement import clock
from placement.reference import counting_days
from placement.reports.models import Snapshot
from placement.reports.queries.reports import class_years
from placement.reports.snapshots.operations import take_all
from placement.reports.snapshots.queries import has_snapshot


def take_due_snapshots(today: dt.date) -> list[Snapshot]:
    """Take what the last counting day before `today` calls for and nobody has taken yet.

    The class is that of the day's year; the moment is the end of the day in the province, so
    that a machine that was off makes the same snapshot later. Ends the transaction under way;
    the caller commits the one in which they are taken.
    """
    day = counting_days.before(today)
    if day is None or day.year not in class_years() or has_snapshot(day.year, day):
        return []
    return take_all(day.year, day, known_at=end_of(day))


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time.max, tzinfo=clock.ZONE)
