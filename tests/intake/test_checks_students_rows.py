"""Rows of the students' file: whose they are, and rows that come twice."""

import pytest

from tests.intake.people import check_students, id_number, problems, student


def test_unknown_university_with_a_name_is_added_with_a_caution():
    checked = check_students(
        student(1, university="90077", university_name="新大学"),
        student(3, university="90077", university_name="新大学"),
    )

    assert problems(checked) == []
    assert checked.new_universities == {"90077": "新大学"}
    caution = next(c for c in checked.warnings if c.column == "university")
    assert (caution.code, caution.count, caution.value) == ("unknown_university", 2, "90077")


@pytest.mark.parametrize(
    "cells",
    [
        {"university": "90001"},
        {"university": "4135090001"},
        {"university": "90001.0"},
        {"university": "示例大学"},
        {"university": None, "university_name": "示例大学"},
        {"university": None, "university_name": "90001"},
    ],
)
def test_university_is_found_by_code_and_by_name(cells):
    assert check_students(student(1, **cells)).columns["university"] == ["90001"]


def test_university_beside_the_file_stands_in_for_the_column():
    checked = check_students(student(1, university=None), university="90002")

    assert checked.columns["university"] == ["90002"]


def test_university_of_the_row_wins_unless_the_sender_may_touch_one_only():
    row = student(1, university="90001")

    assert check_students(row, university="90002").columns["university"] == ["90001"]
    assert problems(check_students(row, university="90002", only_university=True)) == [
        (2, "university", "unknown_university")
    ]


def test_new_university_is_not_added_by_who_may_touch_one_only():
    row = student(1, university="99001", university_name="泉州示例学院")

    checked = check_students(row, university="90002", only_university=True)

    assert problems(checked) == [(2, "university", "unknown_university")]
    assert checked.new_universities == {}


def test_identical_row_is_unchanged_even_if_it_is_written_otherwise():
    checked = check_students(student(1, ethnic_group="01"), student(1, ethnic_group="汉族"))

    assert list(checked.rows) == [2]
    assert list(checked.unchanged) == [3]
    assert problems(checked) == []


def test_another_row_for_the_same_student_names_the_first():
    checked = check_students(student(1), student(3), student(1, name="吴建军"))

    (problem,) = checked.errors
    assert (problem.row, problem.code) == (4, "duplicate_in_file")
    assert "Row 2" in problem.message
    assert list(checked.rows) == [2, 3]


def test_same_id_number_under_another_student_number_names_the_first():
    checked = check_students(student(1), student(3, id_number=id_number(1)))

    assert problems(checked) == [(3, "id_number", "duplicate_in_file")]


def test_row_that_was_refused_is_no_first_row():
    checked = check_students(student(1, level="99"), student(1))

    assert problems(checked) == [(2, "level", "unknown_code")]
    assert list(checked.rows) == [3]


def test_same_student_number_at_two_universities_is_two_students():
    checked = check_students(student(1), student(3, student_number="20120001", university="90002"))

    assert len(checked) == 2
