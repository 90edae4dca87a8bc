"""What the database knows of the students of a batch of rows, as an import compares with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text

from placement.db import db
from placement.students.models import Category
from placement.students.operations.current import VERSIONED

_SELECT = """
    SELECT s.id, s.uid, s.university_id, s.student_number, s.id_type, s.id_number_index,
        s.voided_at, s.data_key, s.examinee_number, s.name, s.name_key, s.initials, s.major,
        s.mobile_index, s.email_index, s.mobile_confirmed_at, s.email_confirmed_at,
        s.id_number_sealed, s.id_tail_index, s.mobile_sealed, s.email_sealed,
        EXISTS (SELECT FROM cases WHERE student_id = s.id AND voided_at IS NULL) AS has_case
    FROM students s
    WHERE s.id IN (
        SELECT f.id FROM ROWS FROM (
            unnest(CAST(:universities AS bigint[])), string_to_table(:numbers, ' ')
        ) n (university_id, number)
        JOIN students f ON f.university_id = n.university_id AND f.student_number = n.number
        UNION
        SELECT f.id FROM ROWS FROM (
            string_to_table(:id_types, ' '), string_to_table(:indexes, ' ')
        ) n (id_type, index)
        JOIN students f
            ON f.id_type = n.id_type AND f.id_number_index = decode(n.index, 'hex')
    )
    """
_FOUND = text(_SELECT)
_FOUND_AND_LOCKED = text(_SELECT + " FOR NO KEY UPDATE")
_KNOWN_THEN = "recorded_at <= :moment AND (voided_at IS NULL OR voided_at > :moment)"
# Without a day the last version of all; else the one that holds on it.
_VERSIONS = text(
    f"""
    SELECT DISTINCT ON (student_id) student_id, effective_on, {", ".join(VERSIONED)}
    FROM student_versions
    WHERE student_id = ANY (:students) AND {_KNOWN_THEN}
        AND (CAST(:day AS date) IS NULL OR effective_on <= :day)
    ORDER BY student_id, effective_on DESC, recorded_at DESC, id DESC
    """  # noqa: S608 - column names of ours
)
_STANDINGS = text(
    f"""
    SELECT id, student_id, standing, holds_from FROM standings
    WHERE student_id = ANY (:students) AND {_KNOWN_THEN}
    ORDER BY student_id, holds_from, recorded_at, id
    """  # noqa: S608 - a condition of ours
)
_MEMBERSHIPS = text(
    f"""
    SELECT id, student_id, category, source, holds_from, holds_to FROM memberships
    WHERE student_id = ANY (:students) AND {_KNOWN_THEN}
        AND state = 'confirmed' AND basis IN ('derived', 'file')
    ORDER BY student_id, holds_from, recorded_at, id
    """  # noqa: S608 - a condition of ours
)
_ASSIGNMENTS = text(
    """
    SELECT id, student_id, counselor_id, holds_from FROM assignments
    WHERE student_id = ANY (:students) AND holds_to IS NULL
    """
)


@dataclass(slots=True)
class KnownStudent:
    """One student with the history that the file is compared with, as known at its moment.

    `version` holds the values of `VERSIONED` from `version_day` on; none for a student whom
    the register did not know. Standings are in the order in which they hold.
    """

    row: Row[Any]
    version: tuple[Any, ...] | None = None
    version_day: dt.date | None = None
    standings: list[Row[Any]] = field(default_factory=list)
    memberships: list[Row[Any]] = field(default_factory=list)
    assignment: Row[Any] | None = None

    @property
    def is_void(self) -> bool:
        """Whether the student is the trace of an import that was undone."""
        return self.row.voided_at is not None

    def memberships_of(self, source: str) -> dict[Category, list[Row[Any]]]:
        """The memberships that rest on one column, by category."""
        found: dict[Category, list[Row[Any]]] = {}
        for membership in self.memberships:
            if membership.source == source:
                found.setdefault(Category(membership.category), []).append(membership)
        return found


class KnownStudents:
    """The students that the keys of a batch lead to."""

    def __init__(self, students: Sequence[KnownStudent]) -> None:
        self._by_number = {
            (known.row.university_id, known.row.student_number): known for known in students
        }
        self._by_id_number = {
            (known.row.id_type, bytes(known.row.id_number_index)): known
            for known in students
            if known.row.id_number_index is not None
        }

    def by_number(self, university_id: int, student_number: str) -> KnownStudent | None:
        """The student of that number at the university."""
        return self._by_number.get((university_id, student_number))

    def by_id_number(self, id_type: str, index: bytes) -> KnownStudent | None:
        """The student with the ID number of that blind index."""
        return self._by_id_number.get((id_type, index))


@dataclass(frozen=True, slots=True)
class StudentKeys:
    """The keys of a batch of rows, in the same order in all four; none holds a space."""

    universities: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    id_types: list[str] = field(default_factory=list)
    indexes: list[bytes] = field(default_factory=list)


def read_known_students(
    keys: StudentKeys, *, moment: dt.datetime, day: dt.date | None, lock: bool
) -> KnownStudents:
    """Read the students of `keys` with their history as known at `moment`.

    With `day` the version that holds on it is the one to compare with, else the last. `lock`
    keeps others from changing the students until the transaction ends.
    """
    rows = db.session.execute(
        _FOUND_AND_LOCKED if lock else _FOUND,
        {
            # One text each: the driver writes long arrays of texts or bytes slowly.
            "universities": keys.universities,
            "numbers": " ".join(keys.numbers),
            "id_types": " ".join(keys.id_types),
            "indexes": " ".join(index.hex() for index in keys.indexes),
        },
    ).all()
    known = {row.id: KnownStudent(row) for row in rows}
    live = [row.id for row in rows if row.voided_at is None]
    if live:
        _read_history(known, {"students": live, "moment": moment, "day": day})
    return KnownStudents(list(known.values()))


def _read_history(known: dict[int, KnownStudent], asked: dict[str, Any]) -> None:
    for row in db.session.execute(_VERSIONS, asked):
        known[row.student_id].version = tuple(row[2:])
        known[row.student_id].version_day = row.effective_on
    for row in db.session.execute(_STANDINGS, asked):
        known[row.student_id].standings.append(row)
    for row in db.session.execute(_MEMBERSHIPS, asked):
        known[row.student_id].memberships.append(row)
    for row in db.session.execute(_ASSIGNMENTS, asked):
        known[row.student_id].assignment = row
