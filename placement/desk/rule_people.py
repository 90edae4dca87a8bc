"""Who stands behind the counts of a change of the rules."""

import enum
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_

from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.students.models import Student
from placement.web import PAGE_SIZE, Page
from placement.web.masks import mask_id, mask_name


class Move(enum.StrEnum):
    """How somebody stands after a change."""

    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which people behind the counts are asked for, and which page of them, from 1."""

    move: Move
    university_id: int
    """Of which university, 0 for all."""
    number: int

    @classmethod
    def read(cls, text: str | None) -> "Behind | None":
        """What a button asks for, as in `gained-12-1`; None for nothing that can be read."""
        found = re.fullmatch(r"(gained|lost)-(\d{1,9})-(\d{1,6})", text or "")
        return found and cls(Move(found[1]), int(found[2]), max(1, int(found[3])))


@dataclass(frozen=True, slots=True)
class Person:
    """One of the people behind a count, as a list shows them to the viewer."""

    student_id: int
    name: str
    student_number: str
    university: str
    studies: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Whom a set concerns, and the conditions that they have it before and after."""

    query: Select[*tuple[Any, ...]]
    """Students and their universities."""
    before: Any
    after: Any

    @property
    def gained(self) -> ColumnElement[bool]:
        """The condition that somebody has it only afterwards."""
        return and_(self.after, not_(self.before))

    @property
    def lost(self) -> ColumnElement[bool]:
        """The condition that somebody had it only before."""
        return and_(self.before, not_(self.after))


def people_behind(judged: Judged, behind: Behind, viewer: Viewer) -> Page:
    """One page of those who stand otherwise, by university and name; the province sees masks."""
    moved = judged.gained if behind.move is Move.GAINED else judged.lost
    query = judged.query.with_only_columns(
        Student.id,
        Student.name,
        Student.student_number,
        University.name,
        Student.college,
        Student.major,
        func.count().over(),
    ).where(moved)
    if behind.university_id:
        query = query.where(University.id == behind.university_id)
    query = query.order_by(University.name_key, Student.name, Student.id)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((behind.number - 1) * PAGE_SIZE)).all()
    masked = viewer.role is Role.PROVINCE
    people = [
        Person(
            student_id=row[0],
            name=mask_name(row[1]) if masked else row[1],
            student_number=mask_id(row[2]) if masked else row[2],
            university=row[3],
            studies=" · ".join(filter(None, (row[4], row[5]))),
        )
        for row in rows
    ]
    return Page(people, behind.number, PAGE_SIZE, rows[0][6] if rows else 0)
