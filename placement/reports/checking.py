"""The nightly check: the kept facts are made again from the history, and what differs is said.

The facts of a class in which anything differs are used no more, so that reports read the history at
once; the next keeping puts them right.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, literal, select, text, update

from placement import clock
from placement.db import db
from placement.reports.keeping import begin_keeping
from placement.reports.later_moves import later_moves
from placement.reports.models import FACT_MOVES, FACT_SUMS, FACTS, FactBuild, FactTouch
from placement.reports.queries.facts import told_by_history
from placement.reports.queries.statements import read_sql
from placement.reports.summing import STUDENTS_AT_ONCE, moves_from_facts
from placement.reports.sums import Sizes, Totals, netted, people_on, until, with_later

log = logging.getLogger(__name__)

NIGHT_HOURS = range(1, 5)
_BETWEEN_CHECKS = dt.timedelta(hours=20)
_A_DAY = dt.timedelta(days=1)

_NAMES = ", ".join(column.name for column in FACTS.columns)
_STUDENTS = text(
    "SELECT student_id FROM student_versions WHERE class_year = :class_year"
    " UNION SELECT student_id FROM facts WHERE class_year = :class_year"
    " EXCEPT SELECT unnest(student_ids) FROM fact_touches ORDER BY student_id"
)
_DIFFERING = text(
    f"WITH told AS MATERIALIZED (SELECT {_NAMES} FROM ({read_sql('facts')}) AS history),"  # noqa: S608 - own text
    f" kept AS MATERIALIZED (SELECT {_NAMES} FROM facts WHERE student_id = ANY (:student_ids))"
    " SELECT student_id FROM (SELECT * FROM told EXCEPT ALL SELECT * FROM kept) AS missing"
    " UNION SELECT student_id FROM (SELECT * FROM kept EXCEPT ALL SELECT * FROM told) AS wrong"
)


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of a class year found: people compared, people whose facts differ, sums."""

    class_year: int
    people: int
    differing: int
    sums_agree: bool

    @property
    def agrees(self) -> bool:
        """Whether everything kept is what the history says."""
        return self.differing == 0 and self.sums_agree


def check_facts_nightly() -> list[Check]:
    """Check the classes that were not checked this night; does nothing by day."""
    now = clock.now().astimezone(clock.ZONE)
    if now.hour not in NIGHT_HOURS:
        return []
    due = select(FactBuild.class_year).where(
        FactBuild.checked_at.is_(None) | (FactBuild.checked_at < now - _BETWEEN_CHECKS)
    )
    years = db.session.execute(due).scalars().all()
    return check_facts(years) or [] if years else []


def check_facts(class_years: Sequence[int] | None = None) -> list[Check] | None:
    """Compare the kept facts of classes (None: all) with the history; None while they are kept.

    Ends the transaction under way; the caller commits the one in which the findings are.
    """
    known_at = begin_keeping()
    if known_at is None:
        return None
    builds = db.session.execute(select(FactBuild).order_by(FactBuild.class_year)).scalars()
    return [
        _check(build, known_at)
        for build in builds.all()
        if class_years is None or build.class_year in class_years
    ]


def _check(build: FactBuild, known_at: dt.datetime) -> Check:
    students = db.session.execute(_STUDENTS, {"class_year": build.class_year}).scalars().all()
    differing: set[int] = set()
    for begin in range(0, len(students), STUDENTS_AT_ONCE):
        told = told_by_history(students[begin : begin + STUDENTS_AT_ONCE], known_at)
        differing.update(db.session.execute(_DIFFERING, told).scalars())
    found = Check(build.class_year, len(students), len(differing), _sums_agree(build))
    # Sums that differ are made anew with the next student of the class who is kept.
    again = sorted(differing) or ([] if found.sums_agree else list(students[:1]))
    if again:
        log.error(
            "the kept facts of the class of %d differ from the history for %d of %d people",
            *(found.class_year, found.differing, found.people),
        )
        db.session.execute(insert(FactTouch), {"student_ids": again, "moment": known_at})
    db.session.execute(
        update(FactBuild)
        .where(FactBuild.class_year == build.class_year)
        .values(
            checked_at=clock.now(),
            differing=len(differing),
            known_at=FactBuild.known_at if found.agrees else None,
        )
    )
    return found


def _sums_agree(build: FactBuild) -> bool:
    """Whether the sums of a class, with what came later, are those of its facts."""
    class_year, states = build.class_year, [tuple(state) for state in build.states]
    summed, totals = Sizes.read(build.sizes), Totals.nobody(Sizes.of(states, build.keys))
    moves, later = moves_from_facts(class_year, states, build.keys), later_moves(class_year)
    days = _days(class_year)
    first = days[0] - _A_DAY if days else dt.date.max
    if not _do_the_same(until(first, moves), until(first, later)):
        return False
    done = 0
    for day, last in zip(days, [*(day - _A_DAY for day in days[1:]), dt.date.max], strict=True):
        kept, on_day, at_last = _kept_on(class_year, day), until(day, moves), until(last, moves)
        totals.add(on_day[done:])
        since = np.frombuffer(kept[""], dtype=summed.move)
        later_since = until(last, later)[len(until(day, later)) :]
        if not _are_sums(totals, day, kept, summed, until(day, later)):
            return False
        if not _do_the_same(at_last[len(on_day) :], since, later_since):
            return False
        totals.add(at_last[len(on_day) :])
        done = len(at_last)
    return True


def _do_the_same(moves: NDArray[Any], *kept: NDArray[Any]) -> bool:
    return np.array_equal(netted(moves), netted(*kept))


def _are_sums(
    totals: Totals, day: dt.date, kept: dict[str, bytes], summed: Sizes, later: NDArray[Any]
) -> bool:
    """Whether the cells kept on a day, with what came later, are the totals of the facts."""
    return all(
        np.array_equal(
            with_later(
                people_on(day, kept.get(name, b""), b"", name, summed), later, name, totals.sizes
            ).reshape(-1),
            people,
        )
        for name, people in totals.people.items()
    )


def _days(class_year: int) -> list[dt.date]:
    days = select(FACT_MOVES.c.day).where(FACT_MOVES.c.class_year == class_year)
    return list(db.session.execute(days.order_by(FACT_MOVES.c.day)).scalars())


def _kept_on(class_year: int, day: dt.date) -> dict[str, bytes]:
    """The cells kept on a day by dimension, and under no name the moves after it."""
    moves = select(literal(""), FACT_MOVES.c.moves).where(
        FACT_MOVES.c.class_year == class_year, FACT_MOVES.c.day == day
    )
    cells = select(FACT_SUMS.c.dimension, FACT_SUMS.c.cells).where(
        FACT_SUMS.c.class_year == class_year, FACT_SUMS.c.day == day
    )
    return {row[0]: row[1] for row in db.session.execute(moves.union_all(cells))}
