"""Where people stand under a question, and what the history says of how they came there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import CTE, Row, Select, func, select, text

from placement.db import db
from placement.outcomes.models import Outcome, Verification
from placement.reports.queries.counted import COLUMN_OF, counted_people, is_left_out, matching
from placement.reports.queries.facts import find_facts, kept_people
from placement.reports.queries.persons import keys_of
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import read_sql
from placement.reports.rates import Cell, is_counted, part_of
from placement.reports.reconciliation.places import Grounds, Judgement, OutcomeLife, Place

CountedAs = tuple[str | None, str] | None
"""The deciding code and the part of somebody who is counted, None for who is left out."""

Alike = list[tuple[tuple[str, str | None, str], list[int]]]
"""The students of each standing, deciding code and reason."""


def count_people(reading: Reading, alike: Alike) -> tuple[list[Cell], dict[int, CountedAs]]:
    """Everybody of a question: as cells without keys, and each by how they are counted."""
    question = reading.question
    cells: list[Cell] = []
    counted: dict[int, CountedAs] = {}
    for (standing, code, reason), student_ids in alike:
        cells.append(Cell((), standing, code, reason, len(student_ids)))
        is_in = is_counted(standing, question.base)
        as_what = (code, part_of(code, question.scheme)) if is_in else None
        counted.update(dict.fromkeys(student_ids, as_what))
    return cells, counted


def read_alike(reading: Reading) -> Alike:
    """The people of a question by standing, deciding code and reason, whatever its base.

    From the kept facts where they answer, and from the history where they do not.
    """
    facts = find_facts(reading)
    if facts is None:
        return _alike(reading, counted_people(reading))
    found = _alike(reading, kept_people(reading, without=facts.touched))
    if facts.touched:
        found += _alike(reading, counted_people(reading, student_ids=facts.touched))
    return found


def _alike(reading: Reading, people: CTE) -> Alike:
    """A row a group and an array of its people: a row a person takes longer to carry than find."""
    alike = (people.c.standing, people.c.code, people.c.reason)
    rows = db.session.execute(
        select(*alike, func.array_agg(people.c.student_id))
        .where(*matching(reading, people))
        .group_by(*alike)
    )
    return [((standing, code, reason), student_ids) for standing, code, reason, student_ids in rows]


def read_places(reading: Reading, student_ids: Collection[int]) -> dict[int, Place]:
    """The places of those of some students who are in the register, whatever the conditions."""
    question = reading.question
    everybody = replace(reading, question=replace(question, where=()))
    people = counted_people(everybody, student_ids=sorted(student_ids))
    conditions = matching(replace(reading, viewer=None), people)
    names = ["student_id", "university_id", "standing", "code", "reason", "outcome_id"]
    names += ["outcome_on", *(COLUMN_OF[item.dimension] for item in question.where)]
    selected: Select[Any] = select(
        *(people.c[name] for name in dict.fromkeys(names)),
        is_left_out(reading, people).label("left_out"),
        *(condition.label(f"selected_{n}") for n, condition in enumerate(conditions)),
    ).where(*matching(everybody, people))
    return {row.student_id: _place(reading, row) for row in db.session.execute(selected)}


def _place(reading: Reading, row: Row[Any]) -> Place:
    where = reading.question.where
    return Place(
        selected=tuple(bool(getattr(row, f"selected_{n}")) for n in range(len(where))),
        keys=tuple("+".join(keys_of(reading, item.dimension, row)) for item in where),
        university_id=row.university_id,
        left_out=row.left_out,
        standing=row.standing,
        code=row.code,
        scheme=reading.question.scheme,
        reason=row.reason,
        outcome_id=row.outcome_id,
        outcome_on=row.outcome_on,
    )


def read_grounds(reading: Reading, student_ids: Collection[int]) -> dict[int, Grounds]:
    """Why some students are in the register of the question or not; nothing of who is unknown."""
    rows = db.session.execute(
        text(read_sql("grounds")),
        {
            "student_ids": sorted(student_ids),
            "class_year": reading.question.class_year,
            "as_of": reading.question.as_of,
            "known_at": reading.known_at,
        },
    )
    return {
        row.student_id: Grounds(is_known=True, is_of_class=row.is_of_class, is_member=row.is_member)
        for row in rows
    }


def read_outcome_lives(outcome_ids: Iterable[int]) -> dict[int, OutcomeLife]:
    """When some outcomes were recorded, withdrawn and judged."""
    wanted = sorted(set(outcome_ids))
    judged: defaultdict[int, list[Judgement]] = defaultdict(list)
    for found in db.session.execute(
        select(
            Verification.outcome_id,
            Verification.id,
            Verification.decision,
            Verification.recorded_at,
            Verification.voided_at,
        ).where(Verification.outcome_id.in_(wanted))
    ):
        judged[found.outcome_id].append(
            Judgement(found.id, found.decision.value, found.recorded_at, found.voided_at)
        )
    rows = db.session.execute(
        select(Outcome.id, Outcome.code, Outcome.recorded_at, Outcome.voided_at).where(
            Outcome.id.in_(wanted)
        )
    )
    return {
        row.id: OutcomeLife(row.code, row.recorded_at, row.voided_at, tuple(judged[row.id]))
        for row in rows
    }
