"""Whom the rows of a file are about, for files that speak of students who are known."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, LargeBinary, Text, or_, select

from placement.db import db
from placement.intake.operations.arrays import is_any
from placement.intake.operations.run import ImportRun
from placement.intake.operations.tally import AMBIGUOUS, KEY_CONFLICT, UNKNOWN_STUDENT, Refusal
from placement.keys import DataKey, keyring
from placement.students.models import Student, StudentVersion

NOBODY = "No student of the class of %(year)s has this number."
NOBODY_BY_ID = "No student of the class of %(year)s has this ID number."
SEVERAL = "%(count)s students have this number. Give the university as well."
TWO_PEOPLE = "The student number and the ID number belong to two different people."


@dataclass(frozen=True, slots=True)
class Found:
    """A student whom a row is about."""

    id: int
    university_id: int


class StudentFinder:
    """The students of the class year whom the rows of a file name, within the import's reach."""

    def __init__(self, run: ImportRun) -> None:
        columns = run.checked.columns
        self._year = run.options.class_year
        self._universities = run.universities.ids
        self._columns = columns["university"], columns["student_number"], columns["id_number"]
        self._by_number: dict[str, list[Found]] = defaultdict(list)
        self._by_index: dict[bytes, Found] = {}
        self._read(run)

    def _read(self, run: ImportRun) -> None:
        _, numbers, id_numbers = self._columns
        named = {number for number in numbers if number}
        indexes = {_index(number) for number in id_numbers if number}
        students = select(
            Student.id, Student.university_id, Student.student_number, Student.id_number_index
        ).where(
            *in_reach(run),
            or_(
                is_any(Student.student_number, sorted(named), Text),
                is_any(Student.id_number_index, sorted(indexes), LargeBinary),
            ),
        )
        if run.writing is not None:
            # Who is being voided by an undo at this moment is nobody once it is through.
            students = students.with_for_update(read=True, key_share=True, of=Student)
        for row in db.session.execute(students.order_by(Student.id)):
            found = Found(row.id, row.university_id)
            self._by_number[row.student_number].append(found)
            if row.id_number_index is not None:
                self._by_index[row.id_number_index] = found

    def find(self, index: int) -> Found | Refusal:
        """The student of the accepted row `index`, or why it is nobody."""
        university, number, id_number = (column[index] for column in self._columns)
        numbered = self._numbered(university, number) if number else None
        if not id_number:
            return numbered or self._nobody("student_number", NOBODY)
        same = self._by_index.get(_index(id_number))
        if same is None:
            # An ID number that is nobody's makes the student number doubtful as well.
            return self._nobody("id_number", NOBODY_BY_ID)
        if isinstance(numbered, Found) and numbered.id != same.id:
            return Refusal("id_number", KEY_CONFLICT, TWO_PEOPLE)
        return same

    def _numbered(self, university: str | None, number: str) -> Found | Refusal | None:
        holders: Sequence[Found] = self._by_number.get(number, ())
        if university is not None:
            wanted = self._universities.get(university)
            holders = [found for found in holders if found.university_id == wanted]
        if len(holders) > 1:
            return Refusal("student_number", AMBIGUOUS, SEVERAL, {"count": len(holders)})
        return holders[0] if holders else None

    def _nobody(self, column: str, message_id: str) -> Refusal:
        return Refusal(column, UNKNOWN_STUDENT, message_id, {"year": self._year})


def in_reach(run: ImportRun) -> list[ColumnElement[bool]]:
    """The conditions on `Student` that an import of this class year and university keeps to.

    Of the class is also who was in it before and was put off to a later one.
    """
    year = run.options.class_year
    before = select(StudentVersion.student_id).where(
        StudentVersion.class_year == year, StudentVersion.voided_at.is_(None)
    )
    conditions = [
        Student.voided_at.is_(None),
        or_(Student.class_year == year, Student.id.in_(before)),
    ]
    if run.options.university_id is not None:
        conditions.append(Student.university_id == run.options.university_id)
    return conditions


def person_keys(students: Sequence[int]) -> dict[int, DataKey | None]:
    """The data keys of students by their number; none for who is erased."""
    rows = db.session.execute(
        select(Student.id, Student.uid, Student.data_key).where(is_any(Student.id, students))
    )
    return {
        row.id: None if row.data_key is None else keyring().data_key(row.uid, row.data_key)
        for row in rows
    }


def _index(id_number: str) -> bytes:
    return keyring().blind_index("students.id_number", id_number)
