"""The whole report of a question, read from one state of the data."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import text

from placement.accounts.queries import visible_universities
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.errors import PlacementError
from placement.reference import categories, destinations, report_words
from placement.reports.dimensions import (
    CHINESE,
    Crossing,
    Dimension,
    closed_keys,
    label,
    place_in_order,
)
from placement.reports.queries.cells import Counts, count_crossings
from placement.reports.queries.changes import backdated_rows, departures
from placement.reports.queries.comparisons import Comparison, all_graduates
from placement.reports.queries.readings import Reading, begin_reading
from placement.reports.queries.statements import read_sql
from placement.reports.questions import Question
from placement.reports.rates import OVERTAKEN, Keys, Row, Tally


class NoRegisterError(PlacementError):
    """Nobody of the class year has ever been put into a category."""

    code = "no_register"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer to a question: rows, and all that is needed to check and to explain them.

    `reasons` are people of the denominator by why they count as they do, `exclusions` people by
    the standing for which the counted base leaves them out (under either base). `backdated` are
    rows of history. `baseline` is None with the reason in `baseline_reason`.
    """

    question: Question
    known_at: dt.datetime
    rate_name: str
    total: Row
    by: dict[Crossing, list[Row]]
    exclusions: dict[str, int]
    reasons: dict[str, int]
    baseline: Comparison | None
    baseline_reason: str | None
    since: dt.date | None
    left: int
    backdated: int

    @property
    def overtaken(self) -> int:
        """People whose verified placement is taken away by a later outcome that nobody verified."""
        return self.reasons.get(OVERTAKEN, 0)


def report_rates(
    question: Question, viewer: Viewer | None = None, *, locale: str = CHINESE
) -> Report:
    """Answer a question for a viewer (None: for the program itself), labels in `locale`.

    Ends the transaction under way and leaves one open that reads the state of the answer.
    Raises NoRegisterError for a class year without a register, MomentNotClosedError and
    InvalidValueError as `begin_reading` does.
    """
    return report_of(begin_reading(question, viewer), locale)


def report_of(reading: Reading, locale: str) -> Report:
    """Answer the question of a reading from its state, labels in `locale`.

    Raises NoRegisterError for a class year without a register.
    """
    question = reading.question
    counts = count_crossings(reading)
    total = counts.total()
    if total.registered == 0:
        require_register(reading)
    baseline, baseline_reason = all_graduates(reading)
    gone = departures(reading)
    return Report(
        question=question,
        known_at=reading.known_at,
        rate_name=destinations.rate_name(question.class_year, locale),
        total=total.row((), report_words.name("total", locale)),
        by={crossing: _rows(reading, crossing, counts, locale) for crossing in question.by},
        exclusions=dict(sorted((+total.left_out).items())),
        reasons=dict(sorted((+total.reasons).items())),
        baseline=baseline,
        baseline_reason=baseline_reason,
        since=gone.since,
        left=len(gone.student_ids),
        backdated=backdated_rows(reading),
    )


def require_register(reading: Reading) -> None:
    """Raise NoRegisterError if the class year has no register, whatever the day or the moment."""
    exists = db.session.execute(
        text(read_sql("register_exists")),
        {"class_year": reading.question.class_year, "known_at": reading.known_at},
    ).scalar_one()
    if not exists:
        raise NoRegisterError(
            "There is no register of the class of %(year)s.",
            remedy="Import its students first, or give another class year.",
            year=reading.question.class_year,
        )


def class_years() -> list[int]:
    """The class years of the students that the transaction's scope shows, newest first."""
    return list(db.session.execute(text(read_sql("class_years"))).scalars())


def visible_university_names(viewer: Viewer) -> dict[str, str]:
    """The names of the universities that a viewer may choose from, by code and in their order."""
    found = db.session.execute(visible_universities(viewer)).scalars()
    return {university.code: university.name for university in found}


def _rows(reading: Reading, crossing: Crossing, counts: Counts, locale: str) -> list[Row]:
    question = reading.question
    name = _naming(reading, crossing, locale)
    rows = counts.rows(crossing, name)
    if crossing == (Dimension.CATEGORY,):
        for key in closed_keys(Dimension.CATEGORY):
            none = Tally(question.base, question.scheme).row((key,), name((key,)))
            rows[key,] = replace(rows.get((key,), none), headline=categories.is_headline(key))
    place = cache(place_in_order)
    return sorted(
        rows.values(),
        key=lambda row: [place(*pair) for pair in zip(crossing, row.keys, strict=True)],
    )


def _naming(reading: Reading, crossing: Crossing, locale: str) -> Callable[[Keys], str]:
    """What the rows of a crossing are called, by their keys."""
    universities, scheme = reading.names_by_code, reading.question.scheme

    @cache
    def word(dimension: Dimension, key: str) -> str:
        return label(dimension, key, universities=universities, scheme=scheme, locale=locale)

    return lambda keys: " · ".join(
        [word(dimension, key) for dimension, key in zip(crossing, keys, strict=True)]
    )
