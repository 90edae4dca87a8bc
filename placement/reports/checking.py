"""The check: the kept facts are made again from the history, and what differs is said.

It goes through a class in steps, some people or some days of sums at a time, so that it holds as
much in memory for a nation as for a province, lets the keeper in between, and goes on the next
night where it stopped. The facts of a class in which anything differs are used no more, so that
reports read the history at once; the next keeping puts them right.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, literal, null, or_, select, text, update

from placement import clock
from placement.db import db
from placement.reports.keeping import begin_keeping
from placement.reports.later_moves import later_moves
from placement.reports.models import FACT_MOVES, FACT_SUMS, FACTS, FactBuild, FactTouch
from placement.reports.queries.facts import told_by_history
from placement.reports.queries.statements import read_sql
from placement.reports.summing import STUDENTS_AT_ONCE, moves_between, moves_from_facts
from placement.reports.sums import Sizes, Totals, netted, people_on, until, with_later

log = logging.getLogger(__name__)

NIGHT_HOURS = range(1, 5)
MOVES_AT_ONCE = 2_000_000
_BETWEEN_CHECKS = dt.timedelta(hours=20)
_A_DAY = dt.timedelta(days=1)
_FRESH: Any = {"execution_options": {"populate_existing": True}}

_NAMES = ", ".join(column.name for column in FACTS.columns)
_OF_CLASS = "SELECT student_id FROM {} WHERE class_year = :class_year AND student_id"
_VERSIONS, _KEPT = _OF_CLASS.format("student_versions"), _OF_CLASS.format("facts")
# By the order of the numbers, which the indexes of both tables have: each step reads its own part.
_NEXT = text(
    f"SELECT least(({_VERSIONS} > :after ORDER BY student_id LIMIT 1),"
    f" ({_KEPT} > :after ORDER BY student_id LIMIT 1))"
)
_STUDENTS = text(
    f"{_VERSIONS} BETWEEN :first AND :last UNION {_KEPT} BETWEEN :first AND :last"  # noqa: S608 - own text
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


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a check has come: after which student, then after which day of the sums.

    `made` names the sums: were they made anew meanwhile, their days begin again.
    """

    after: int = 0
    people: int = 0
    differing: int = 0
    sums: bool = False
    after_day: str | None = None
    made: str = ""


def check_next() -> bool:
    """Do one step of the check of a class that was not checked this night; whether one was due.

    Does nothing by day. Ends the transaction under way; the caller commits the one in which the
    findings are, and the place where the next step begins.
    """
    now = clock.now().astimezone(clock.ZONE)
    if now.hour not in NIGHT_HOURS:
        return False
    known_at = begin_keeping()
    if known_at is None:
        return False
    checked = FactBuild.checked_at
    due = select(FactBuild).where(
        or_(FactBuild.checking.is_not(None), checked.is_(None), checked < now - _BETWEEN_CHECKS)
    )
    build = db.session.execute(due.order_by(FactBuild.class_year).limit(1), **_FRESH).scalar()
    if build is None:
        return False
    place = _Place(**build.checking) if build.checking else _Place()
    after, found = _step(build, place, known_at)
    if found is None:
        _write(build, checking=asdict(after))
    return True


def check_facts(class_years: Sequence[int] | None = None) -> list[Check] | None:
    """Compare the kept facts of classes (None: all) with the history; None while they are kept.

    All steps are of one state of the data. Ends the transaction under way; the caller commits
    the one in which the findings are.
    """
    known_at = begin_keeping()
    if known_at is None:
        return None
    builds = db.session.execute(
        select(FactBuild).order_by(FactBuild.class_year), **_FRESH
    ).scalars()
    return [
        _check(build, known_at)
        for build in builds.all()
        if class_years is None or build.class_year in class_years
    ]


def _check(build: FactBuild, known_at: dt.datetime) -> Check:
    place, found = _Place(), None
    while found is None:
        place, found = _step(build, place, known_at)
    return found


def _step(build: FactBuild, place: _Place, known_at: dt.datetime) -> tuple[_Place, Check | None]:
    """Compare some people, or once all were compared some days of the sums; the end's finding."""
    if not place.sums:
        following = _compare_people(build, place, known_at)
        return following or replace(place, sums=True, made=_made(build)), None
    if place.made != _made(build):
        place = replace(place, after_day=None, made=_made(build))
    days = _days_after(build, place.after_day)
    some = days[: max(1, MOVES_AT_ONCE // moves_between(build.sizes["moves"]))]
    end = days[len(some)] if len(days) > len(some) else None
    agree = _sums_agree(build, place.after_day, some, end)
    if agree and end is not None:
        return replace(place, after_day=some[-1].isoformat()), None
    found = Check(build.class_year, place.people, place.differing, agree)
    if not agree:
        _distrust(build, known_at, _anybody(build))
    _write(build, checking=null(), checked_at=clock.now(), differing=place.differing)
    return place, found


def _compare_people(build: FactBuild, place: _Place, known_at: dt.datetime) -> _Place | None:
    """Compare the next people of a class with the history; None when there are no more."""
    values = {"class_year": build.class_year, "after": place.after}
    first = db.session.execute(_NEXT, values).scalar()
    if first is None:
        return None
    values |= {"first": first, "last": first + STUDENTS_AT_ONCE - 1}
    students = db.session.execute(_STUDENTS, values).scalars().all()
    told = told_by_history(students, known_at)
    differing = db.session.execute(_DIFFERING, told).scalars().all()
    if differing:
        _distrust(build, known_at, differing)
    return replace(
        place,
        after=values["last"],
        people=place.people + len(students),
        differing=place.differing + len(differing),
    )


def _distrust(build: FactBuild, known_at: dt.datetime, students: Sequence[int]) -> None:
    """Use the facts of a class no more, and have those of some students kept anew."""
    log.error(
        "the kept facts of the class of %d differ from the history: %d people are kept anew",
        *(build.class_year, len(students)),
    )
    db.session.execute(insert(FactTouch), {"student_ids": sorted(students), "moment": known_at})
    _write(build, known_at=None)


def _anybody(build: FactBuild) -> list[int]:
    """One student of a class: sums that differ are made anew with the next who is kept."""
    values = {"class_year": build.class_year, "after": 0}
    return [db.session.execute(_NEXT, values).scalar_one()]


def _write(build: FactBuild, **values: Any) -> None:
    db.session.execute(
        update(FactBuild).where(FactBuild.class_year == build.class_year).values(**values)
    )


def _made(build: FactBuild) -> str:
    """A name for the sums of a class, which changes when they are made anew."""
    return str(build.sizes["made"])


def _days_after(build: FactBuild, day: str | None) -> list[dt.date]:
    """The days on which sums of a class are kept, after one of them."""
    days = select(FACT_MOVES.c.day).where(FACT_MOVES.c.class_year == build.class_year)
    if day is not None:
        days = days.where(FACT_MOVES.c.day > dt.date.fromisoformat(day))
    return list(db.session.execute(days.order_by(FACT_MOVES.c.day)).scalars())


def _sums_agree(
    build: FactBuild, before: str | None, days: Sequence[dt.date], end: dt.date | None
) -> bool:
    """Whether the sums of some days, with what came later, are those of the facts.

    `before` is the kept day before them, whose sums were compared already (None: there is none),
    `end` the kept day after them (None: there is none).
    """
    class_year, states = build.class_year, [tuple(state) for state in build.states]
    summed, later = Sizes.read(build.sizes), later_moves(class_year)
    base = None if before is None else dt.date.fromisoformat(before)
    last = dt.date.max if end is None else end - _A_DAY
    moves = moves_from_facts(class_year, states, build.keys, after=base, up_to=last)
    totals, done = _totals_on(build, base, summed, later), 0
    for day, following in _stretches(base, days, last):
        kept = {} if day is None else _kept_on(class_year, day)
        if day is not None and day != base:
            totals.add(until(day, moves)[done:])
            done = len(until(day, moves))
            if not _are_sums(totals, day, kept, summed, until(day, later)):
                return False
        between = until(following, moves)[done:]
        since = np.frombuffer(kept.get("", b""), dtype=summed.move)
        later_since = until(following, later)[0 if day is None else len(until(day, later)) :]
        if not _do_the_same(between, since, later_since):
            return False
        totals.add(between)
        done += len(between)
    return True


def _stretches(
    base: dt.date | None, days: Sequence[dt.date], last: dt.date
) -> Iterator[tuple[dt.date | None, dt.date]]:
    """Each kept day with the last day before the next one."""
    yield from zip([base, *days], [*(day - _A_DAY for day in days), last], strict=True)


def _totals_on(build: FactBuild, day: dt.date | None, summed: Sizes, later: NDArray[Any]) -> Totals:
    """The people of all cells at the end of a kept day, with what came later."""
    sizes = Sizes.of(build.states, build.keys)
    totals = Totals.nobody(sizes)
    if day is None:
        return totals
    kept = _kept_on(build.class_year, day)
    for name in totals.people:
        people = people_on(day, kept.get(name, b""), b"", name, summed)
        totals.people[name] = with_later(people, until(day, later), name, sizes).reshape(-1)
    return totals


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


def _kept_on(class_year: int, day: dt.date) -> dict[str, bytes]:
    """The cells kept on a day by dimension, and under no name the moves after it."""
    moves = select(literal(""), FACT_MOVES.c.moves).where(
        FACT_MOVES.c.class_year == class_year, FACT_MOVES.c.day == day
    )
    cells = select(FACT_SUMS.c.dimension, FACT_SUMS.c.cells).where(
        FACT_SUMS.c.class_year == class_year, FACT_SUMS.c.day == day
    )
    return {row[0]: row[1] for row in db.session.execute(moves.union_all(cells))}
