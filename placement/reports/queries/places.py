"""Where people stand under a question, and what the history says of how they came there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, select, text

from placement.db import db
from placement.outcomes.models import Outcome, Verification
from placement.reports.queries.cells import keys_of
from placement.reports.queries.counted import COLUMN_OF, counted_people, is_left_out, matching
from placement.reports.queries.readings import Reading
from placement.reports.queries.statements import read_sql
from placement.reports.rates import Cell, part_of
from placement.reports.reconciliation.places import Grounds, Judgement, OutcomeLife, Place

CountedAs = tuple[str | None, str] | None
"""The deciding code and the part of somebody who is counted, None for who is left out."""


def count_people(reading: Reading) -> tuple[list[Cell], dict[int, CountedAs]]:
    """Everybody of a question: as cells without keys, and each by how they are counted."""
    people = counted_people(reading)
    selected = select(
        people.c.student_id,
        is_left_out(reading, people).label("left_out"),
        people.c.code,
        people.c.standing,
        people.c.reason,
    ).where(*matching(reading, people))
    rows = db.session.execute(selected).all()
    counted = Counter((row.standing, row.code, row.reason) for row in rows)
    cells = [Cell((), *alike, number) for alike, number in counted.items()]
    scheme = reading.question.scheme
    parts = {code: part_of(code, scheme) for code in {row.code for row in rows}}
    return cells, {
        row.student_id: None if row.left_out else (row.code, parts[row.code]) for row in rows
    }


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
