"""Whom a row of a students' file is about: by student number, by ID number, or nobody clear."""

import datetime as dt

from sqlalchemy import select

from placement.db import db
from placement.students.models import Student
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    faults,
    known,
    take_students,
)

NEW_YEAR = dt.date(2016, 1, 1)


def the_student(number: str = "20120001") -> Student:
    return db.session.execute(select(Student).where(Student.student_number == number)).scalar_one()


def test_another_id_number_needs_a_word(app):
    take_students(student(1))
    other = student(1, id_number=id_number(77))

    refused = take_students(other)
    allowed = take_students(other, allow_id_change=True)

    assert faults(refused) == [(2, "id_number", "id_changed")]
    assert counts(allowed) == (0, 1, 0, 0)
    assert the_student().id_number == id_number(77)


def test_two_numbers_of_two_people(app):
    take_students(student(1), student(2))

    answer = take_students(student(1, id_number=id_number(2, male=False), sex="2"))

    assert faults(answer) == [(2, "id_number", "key_conflict")]


def test_an_id_number_finds_who_has_another_student_number_now(app):
    take_students(student(1))
    before = the_student().id

    answer = take_students(student(1, student_number="2012A001", university="90002"))

    moved = the_student("2012A001")
    assert counts(answer) == (0, 1, 0, 0)
    assert (moved.id, moved.university.code) == (before, "90002")
    assert {row[3] for row in known("student_versions")} != {moved.university_id}


def test_two_rows_that_lead_to_one_student_are_not_taken_twice(app):
    take_students(student(1))

    answer = take_students(
        student(1, name="吴建军"),
        student(1, student_number="20129999", id_number=id_number(1), name="吴建民"),
    )

    assert counts(answer)[3] == 1
    assert answer["errors"][0]["row"] == 3


def test_who_is_put_off_belongs_to_the_next_class_from_its_year_on(app):
    take_students(student(1, standing="延期", hardship_code="2"))

    answer = take_students(student(1, hardship_code="2"), class_year=2017)

    assert counts(answer) == (0, 1, 0, 0)
    assert {(row[1], row[2]) for row in known("student_versions")} == {
        (NEW_YEAR, 2016),
        (dt.date(2017, 1, 1), 2017),
    }
    assert the_student().class_year == 2017
