"""Which of our own answers give the numbers that somebody printed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from placement import clock
from placement.reference import counting_days
from placement.reports.queries.cells import count_crossings
from placement.reports.queries.readings import Reading
from placement.reports.queries.reconciliations import at
from placement.reports.questions import Base, Basis, Question
from placement.reports.reconciliation.printed import Candidate, Printed, best, candidate

_BASES = (Base.COUNTED, Base.REGISTERED)
_BASES_OF_EVIDENCE = (Basis.VERIFIED, Basis.REPORTED)


def answers_that_give(reading: Reading, printed: Printed) -> list[Candidate]:
    """Our answers that give any of the printed numbers exactly, those that give most first.

    Both bases and both bases of evidence are tried on the day of the reading; while a number is
    not found also on the days on which such figures are printed, as known at the moment of the
    reading; then on the day of the reading and the counting days as it was known at their end,
    which only the history tells. The other choices stay.
    """
    found: list[Candidate] = []
    for questions in (_today(reading), _days(reading), _moments(reading)):
        found += [one for question in questions for one in _over_both(reading, question, printed)]
        if set(printed.names) <= {name for one in found for name in one.gives}:
            break
    return best(found)


def _over_both(reading: Reading, question: Question, printed: Printed) -> Iterator[Candidate]:
    counts = count_crossings(at(reading, question))
    for base in dict.fromkeys((reading.question.base, *_BASES)):
        row = counts.total(base).row((), "")
        yield candidate(replace(question, base=base), row, printed)


def _today(reading: Reading) -> Iterator[Question]:
    for basis in dict.fromkeys((reading.question.basis, *_BASES_OF_EVIDENCE)):
        yield replace(reading.question, basis=basis)


def _days(reading: Reading) -> Iterator[Question]:
    for question in _today(reading):
        for day in _usual_days(reading.question):
            yield replace(question, as_of=day)


def _moments(reading: Reading) -> Iterator[Question]:
    asked = reading.question
    days = {asked.as_of, *counting_days.in_year(asked.class_year)}
    for question in (*_today(reading), *_days(reading)):
        if question.as_of not in days:
            continue
        end = dt.datetime.combine(question.as_of, dt.time(23, 59, 59), tzinfo=clock.ZONE)
        if end < reading.known_at:
            yield replace(question, known_at=end)


def _usual_days(question: Question) -> list[dt.date]:
    """The days on which figures of a class are printed, newest first, but for the one asked.

    Those are the counting days and the ends and the beginnings of the months from June on: 1
    July, 31 August, 1 September, 31 October, 30 November and 31 December have all been printed.
    """
    year = question.class_year
    days = set(counting_days.in_year(year))
    for month in range(7, 13):
        first = dt.date(year, month, 1)
        days |= {first, first - dt.timedelta(days=1)}
    return sorted((day for day in days if day != question.as_of), reverse=True)
