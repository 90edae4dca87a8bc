"""People a row each, judged here as the query behind all figures judges them there.

For the few whom a writer has touched, and for those who may have left: planning the statements
that count so few would take longer than counting them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from placement.accounts.models import Role
from placement.db import db
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, combination_key
from placement.reports.queries.counted import COLUMN_OF, HEADLINE_BITS
from placement.reports.queries.facts import CATEGORY_BITS
from placement.reports.queries.readings import Reading
from placement.reports.questions import Condition
from placement.reports.rates import is_counted, part_of
from placement.students.models import Student
from placement.students.queries import in_scope

_SAME = (
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


class PersonThen(NamedTuple):
    """Somebody of a register on a day, by what reports group by, under one basis."""

    student_id: int
    university_id: int
    college: str | None
    level: str | None
    sex: str | None
    ethnic_group: str | None
    origin: str | None
    origin_division: str | None
    category_bits: int
    standing: str
    code: str | None
    reason: str


def people_then(reading: Reading, facts: Iterable[Any], day: dt.date) -> Iterator[PersonThen]:
    """Those who were in the register of the class on a day, by rows of facts, whatever is asked."""
    question = reading.question
    code, reason = f"{question.basis.value}_code", f"{question.basis.value}_reason"
    for row in facts:
        if (
            row.class_year == question.class_year
            and row.from_day <= day
            and (row.until_day is None or row.until_day > day)
        ):
            yield PersonThen(*(getattr(row, name) for name in (*_SAME, code, reason)))


def selected(reading: Reading, people: Iterable[PersonThen]) -> list[PersonThen]:
    """Those of some people whom the viewer may see and the question's `where` is about."""
    where = reading.question.where
    found = [person for person in people if all(_is(reading, item, person) for item in where)]
    viewer = reading.viewer
    if not found or viewer is None or viewer.role is Role.PROVINCE:
        return found
    numbers = [person.student_id for person in found]
    own = select(Student.id).where(in_scope(viewer, with_voided=True), Student.id.in_(numbers))
    seen = set(db.session.execute(own).scalars())
    return [person for person in found if person.student_id in seen]


def _is(reading: Reading, item: Condition, person: PersonThen) -> bool:
    key = item.key
    if item.dimension is Dimension.COMBINATION:
        key = combination_key(key.split("."))
    return key in keys_of(reading, item.dimension, person)


def keys_of(
    reading: Reading, dimension: Dimension, person: PersonThen | Row[Any]
) -> tuple[str, ...]:
    """The keys of a row's people in a dimension: one, or each of their categories."""
    value = getattr(person, COLUMN_OF[dimension])
    if dimension is Dimension.CATEGORY:
        return tuple(category for category, bit in CATEGORY_BITS.items() if value & bit)
    if dimension is Dimension.COMBINATION:
        return (combination_key(code for code, bit in HEADLINE_BITS.items() if value & bit),)
    if dimension is Dimension.UNIVERSITY:
        return (reading.universities[value].code,)
    if dimension is Dimension.PART:
        return (part_of(value, reading.question.scheme),)
    if dimension is Dimension.REASON and not is_counted(person.standing, reading.question.base):
        return (person.standing,)
    return (UNKNOWN if value is None else value,)


def all_keys_of(
    reading: Reading, crossing: Crossing, person: PersonThen | Row[Any]
) -> Iterator[tuple[str, ...]]:
    """The keys of a row's people in a crossing: one for each pair of their keys."""
    found: list[tuple[str, ...]] = [()]
    for dimension in crossing:
        own = keys_of(reading, dimension, person)
        found = [(*keys, key) for keys in found for key in own]
    yield from found
