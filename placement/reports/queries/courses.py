"""The rate over the year: the same question for several days, from one state of the data."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from placement.accounts.viewer import Viewer
from placement.reports.asking import CATEGORY
from placement.reports.queries.cells import count_crossings
from placement.reports.queries.comparisons import Comparison, counts_of_graduates
from placement.reports.queries.readings import Reading, begin_reading
from placement.reports.queries.reports import Report, report_of
from placement.reports.questions import Question
from placement.reports.rates import Row


@dataclass(frozen=True, slots=True)
class Standing:
    """How a day stood: everybody, and each category that had anybody, by its key."""

    day: dt.date
    total: Row
    by_category: dict[str, Row]


@dataclass(frozen=True, slots=True)
class Course:
    """How the figures of a report came about: day by day as known at its moment.

    `graduates` are all graduates on the days that they were counted.
    """

    days: tuple[Standing, ...]
    graduates: tuple[Comparison, ...]


def report_with_course(
    question: Question, days: Iterable[dt.date], viewer: Viewer | None, *, locale: str
) -> tuple[Report, Course]:
    """A report and how it stood on some days, all from one state and known at one moment.

    Raises what `report_rates` does.
    """
    reading = begin_reading(question, viewer)
    report = report_of(reading, locale)
    course = Course(
        tuple(_standing(reading, day) for day in days), tuple(counts_of_graduates(reading))
    )
    return report, course


def _standing(reading: Reading, day: dt.date) -> Standing:
    asked = replace(reading.question, as_of=day, by=(CATEGORY,))
    counts = count_crossings(replace(reading, question=asked))
    return Standing(
        day,
        counts.total().row((), ""),
        {keys[0]: row for keys, row in counts.rows(CATEGORY, "".join).items()},
    )
