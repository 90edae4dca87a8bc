"""The kept facts as far as they answer a question; the rest is read from the history.

What is kept is what was known at a closed moment. Since then only the students whom a writer
touched can have changed; for them the history is asked, so that both ways always agree.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Row, or_, select, text

from placement.db import db
from placement.reference import destinations
from placement.reports.models import FACTS
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import planned_once, read_sql
from placement.students.models import Category

FEWEST, ONE_IN = 500, 50
"""More students than this, and than one in so many, are not read beside the facts."""

_KEPT = text(
    "SELECT states, keys, placed, most,"
    " ARRAY (SELECT placement_touched_students(most + 1)) AS touched"
    " FROM (SELECT *, greatest(:fewest, (people / :one_in)::integer) AS most FROM fact_builds"
    " WHERE class_year = :class_year AND known_at <= :known_at) AS build"
)
_OF_FEW = text(read_sql("facts"))
CATEGORY_BITS = {category.value: 1 << place for place, category in enumerate(Category)}
_DESCRIBING = (
    "student_id",
    "university_id",
    "college",
    "level",
    "sex",
    "ethnic_group",
    "origin",
    "origin_division",
    "category_bits",
    "standing",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a class year, and the students of the scope for whom they do not hold."""

    states: tuple[tuple[str | None, ...], ...]
    keys: dict[str, list[Any]]
    touched: tuple[int, ...]
    told: Sequence[Row[Any]]
    """What the history says of those at the moment of the reading: rows like those of facts."""


def find_facts(reading: Reading) -> Facts | None:
    """The facts that answer a reading, or None where the whole history has to be read.

    So for a moment before that of the facts, under rules by which other codes are placed, and
    after an import whose many students are not yet kept. They are looked for once in a state.
    """
    question = reading.question
    about = (question.class_year, question.scheme, reading.known_at)
    if about not in reading.found:
        reading.found[about] = _find(reading)
    found: Facts | None = reading.found[about]
    return found


def _find(reading: Reading) -> Facts | None:
    question = reading.question
    build = db.session.execute(
        _KEPT,
        {
            "class_year": question.class_year,
            "known_at": reading.known_at,
            "fewest": FEWEST,
            "one_in": ONE_IN,
        },
    ).one_or_none()
    if build is None or set(build.placed) != set(placed_codes(question.scheme)):
        return None
    touched = tuple(sorted(build.touched or ()))
    if len(touched) > build.most:
        return None
    states = tuple(tuple(state) for state in build.states)
    return Facts(states, build.keys, touched, _told(reading, touched) if touched else ())


def _told(reading: Reading, touched: Sequence[int]) -> Sequence[Row[Any]]:
    """What the history says of a few, by a plan that is made once for any few."""
    told = told_by_history(touched, reading.known_at)
    with planned_once():
        return db.session.execute(_OF_FEW, told).all()


def told_by_history(student_ids: Sequence[int], known_at: dt.datetime) -> dict[str, Any]:
    """The parameters of sql/facts.sql for some students."""
    return {
        "student_ids": list(student_ids),
        "known_at": known_at,
        "placed": sorted(placed_codes(destinations.SCHEMES[0])),
        "categories": list(CATEGORY_BITS),
        "bits": list(CATEGORY_BITS.values()),
    }


def placed_codes(scheme: str) -> list[str]:
    """The destination codes that count as placed under a scheme."""
    return [
        code
        for code, part in destinations.parts_by_code(scheme).items()
        if destinations.is_placed_part(part)
    ]


def kept_leavers(reading: Reading, since: dt.date) -> Sequence[Row[Any]]:
    """The facts of those who left the register at any time after a day, up to the question's."""
    facts, question = FACTS.c, reading.question
    gone = select(facts.student_id).where(
        facts.class_year == question.class_year,
        facts.leaves,
        facts.until_day > since,
        facts.until_day <= question.as_of,
    )
    return db.session.execute(select(FACTS).where(facts.student_id.in_(gone))).all()


def kept_of(student_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The facts of some students."""
    some = text("ANY (:student_ids)").bindparams(student_ids=list(student_ids))
    return db.session.execute(select(FACTS).where(FACTS.c.student_id == some)).all()


def kept_people(
    reading: Reading,
    *,
    without: Sequence[int] = (),
) -> CTE:
    """The people of the register on the day by the kept facts, before any condition.

    The columns are those of counted_people that reports group by. `without` are students.
    """
    facts, question = FACTS.c, reading.question
    day = question.as_of
    found = select(
        *(facts[name] for name in _DESCRIBING),
        facts[f"{question.basis.value}_code"].label("code"),
        facts[f"{question.basis.value}_reason"].label("reason"),
    ).where(
        facts.class_year == question.class_year,
        facts.from_day <= day,
        or_(facts.until_day.is_(None), facts.until_day > day),
    )
    if reading.university_id is not None:
        found = found.where(facts.university_id == reading.university_id)
    if without:
        found = found.where(
            facts.student_id != text("ALL (:without)").bindparams(without=list(without))
        )
    return found.cte("people")
