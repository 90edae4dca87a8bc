"""What changed: who left the register, which rows a backdated import has added."""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import CTE, ColumnElement, select, text

from placement.db import db
from placement.reference import counting_days
from placement.reports.queries.counted import counted_people, matching
from placement.reports.queries.facts import Facts, find_facts, kept_leavers
from placement.reports.queries.persons import people_then, selected
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import planned_for_many, read_sql

MEMBERSHIP_ENDED = "membership_ended"
CLASS_CHANGED = "class_changed"


@dataclass(frozen=True, slots=True)
class Departures:
    """Who was in the register on the counting day before and is in it no more."""

    since: dt.date | None
    student_ids: tuple[int, ...]


def departures(reading: Reading) -> Departures:
    """Those of the question who left the register between the counting day before and the day.

    Both days are read as known at the same moment, so that a correction makes nobody leave.
    """
    question = reading.question
    since = counting_days.before(question.as_of)
    if since is None:
        return Departures(None, ())
    facts = find_facts(reading)
    gone = _gone(reading, since) if facts is None else _kept_gone(reading, facts, since)
    return Departures(since, tuple(sorted(gone)))


def _kept_gone(reading: Reading, facts: Facts, since: dt.date) -> set[int]:
    """By the facts, and for those whom they know no more by what the history says of them."""
    touched = set(facts.touched)
    kept = [row for row in kept_leavers(reading, since) if row.student_id not in touched]
    told = [*kept, *facts.told]
    if not told:
        return set()
    before = selected(reading, people_then(reading, told, since))
    # Who moved to another university is still in the register of the class.
    still = {person.student_id for person in people_then(reading, told, reading.question.as_of)}
    return {person.student_id for person in before} - still


def _gone(reading: Reading, since: dt.date) -> set[int]:
    """By the history: the query of the figures judges few, among whom are all who left."""
    question = reading.question
    found = db.session.execute(
        text(read_sql("departed")),
        {
            "class_year": question.class_year,
            "since": since,
            "as_of": question.as_of,
            "known_at": reading.known_at,
        },
    )
    student_ids = sorted(found.scalars())
    if not student_ids:
        return set()
    with planned_for_many():
        people = counted_people(reading, as_of=since, student_ids=student_ids)
        before = _ids(people, matching(reading, people))
        anywhere = replace(reading, question=replace(question, where=()))
        still = _ids(counted_people(anywhere, student_ids=student_ids), [])
    return before - still


def _ids(people: CTE, conditions: list[ColumnElement[bool]]) -> set[int]:
    return set(db.session.execute(select(people.c.student_id).where(*conditions)).scalars())


def backdated_rows(reading: Reading) -> int:
    """How many rows of history that the answer can read were entered after its moment.

    0 for what is known now: nothing is entered after a moment that is the newest.
    """
    question = reading.question
    if question.known_at is None:
        return 0
    return int(
        db.session.execute(
            text(read_sql("backdated")),
            {
                "class_year": question.class_year,
                "as_of": question.as_of,
                "known_at": reading.known_at,
                "university_id": reading.university_id,
                "graduates_of": reading.graduates_of,
            },
        ).scalar_one()
    )
