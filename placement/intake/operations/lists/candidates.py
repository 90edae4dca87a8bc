"""The people of a list, and the students who may be among them, as the matching compares them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from placement.accounts.models import University
from placement.db import db
from placement.intake.matching import Candidate, Listed
from placement.intake.operations.arrays import is_any
from placement.intake.operations.persons import in_reach
from placement.intake.operations.run import ImportRun
from placement.keys import keyring
from placement.reference.names import fold_name
from placement.students.models import Student


def listed_people(run: ImportRun) -> list[Listed]:
    """The accepted rows of the list; an ID number is stood for by its blind index."""
    columns = run.checked.columns
    return [
        Listed(
            row=row,
            name=name,
            id_key=None if id_number is None else _index(id_number),
            birth_date=birth_date,
            sex=sex,
            student_number=number,
            university=university,
            division=division,
        )
        for row, name, id_number, birth_date, sex, number, university, division in zip(
            run.checked.rows,
            columns["name"],
            columns["id_number"],
            columns["birth_date"],
            columns["sex"],
            columns["student_number"],
            columns["university"],
            columns["division"],
            strict=True,
        )
    ]


def candidates(run: ImportRun, listed: list[Listed]) -> Iterator[Candidate]:
    """The students within the import's reach who share an ID number, name or number with a row."""
    indexes = {person.id_key for person in listed if person.id_key is not None}
    names = {fold_name(person.name) for person in listed}
    numbers = {person.student_number for person in listed if person.student_number}
    likely = [
        row.id
        for row in db.session.execute(
            select(Student.id, Student.name, Student.id_number_index, Student.student_number)
            .where(*in_reach(run))
            .order_by(Student.id)
        )
        if row.id_number_index in indexes
        or fold_name(row.name) in names
        or row.student_number in numbers
    ]
    students = _read(likely, lock=run.writing is not None)
    for student in students:
        by_id = student.id_number_index in indexes
        yield Candidate(
            key=student.id,
            name=student.name,
            id_key=student.id_number_index,
            # Opened only for namesakes: with the same ID number nothing else is asked.
            birth_date=None if by_id else _birth_date(student),
            sex=student.sex,
            student_number=student.student_number,
            university=student.code,
            division=student.origin_division,
        )


def _read(ids: list[int], *, lock: bool) -> Sequence[Any]:
    students = (
        select(
            Student.id,
            Student.uid,
            Student.data_key,
            Student.name,
            Student.sex,
            Student.student_number,
            Student.origin_division,
            Student.id_type,
            Student.id_number_index,
            Student.id_number_sealed,
            University.code,
        )
        .join(University, University.id == Student.university_id)
        .where(is_any(Student.id, ids), Student.voided_at.is_(None))
        .order_by(Student.id)
    )
    if lock:
        students = students.with_for_update(read=True, key_share=True, of=Student)
    return db.session.execute(students).all()


def _birth_date(student: Any) -> dt.date | None:
    if student.id_type not in {"resident", "residence_permit"} or student.data_key is None:
        return None
    key = keyring().data_key(student.uid, student.data_key)
    digits = key.open(student.id_number_sealed, "students.id_number", student.uid)[6:14]
    return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _index(id_number: str) -> bytes:
    return keyring().blind_index("students.id_number", id_number)
