"""The students' file, row by row and cell by cell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.intake.checks import Options, check_table
from placement.intake.spreadsheets import read_table
from placement.reference import hardship
from tests.intake.files import table, text_file
from tests.intake.people import (
    HEADINGS,
    UNIVERSITIES,
    check_students,
    id_number,
    problems,
    student,
)


def test_good_row_is_accepted_with_everything_that_follows_from_it():
    checked = check_students(
        student(
            1,
            ethnic_group="畲族",
            origin="农村",
            hardship_code="07",
            origin_division="350922",
            mobile="+86 138-0000-0000",
            email=" lin@school.example ",
        )
    )

    row = {name: values[0] for name, values in checked.columns.items()}
    assert problems(checked) == []
    assert list(checked.rows) == [2]
    assert row["ethnic_group"] == "22"
    assert row["origin"] == "rural"
    assert row["hardship_code"] == "7"
    assert row["standing"] == "graduated"
    assert row["id_type"] == "resident"
    assert row["mobile"] == "13800000000"
    assert row["email"] == "lin@school.example"
    assert row["categories"] == (
        "family_hardship",
        "ethnic_minority",
        "rural_origin",
        "disability",
        "employment_difficulty",
    )


@pytest.mark.parametrize(
    "column", ["student_number", "name", "id_number", "ethnic_group", "university", "level"]
)
def test_needed_column_that_is_empty_is_missing(column):
    checked = check_students(student(1), student(2, **{column: None}))

    assert problems(checked) == [(3, column, "missing")]
    assert list(checked.rows) == [2]


def test_needed_column_that_the_file_does_not_have_is_missing_in_every_row():
    rows = [student(1), student(2)]
    for row in rows:
        del row["level"]

    assert problems(check_students(*rows)) == [(2, "level", "missing"), (3, "level", "missing")]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("student_number", "2012 001#", "bad_format"),
        ("student_number", "2.012E+07", "number_not_text"),
        ("student_number", "9" * 41, "bad_format"),
        ("name", "12345", "bad_format"),
        ("name", "林" * 61, "bad_format"),
        ("name", "林\ufffd", "bad_format"),
        ("id_number", "350000199303040010", "bad_check_digit"),
        ("id_number", "35000019930304", "bad_format"),
        ("id_number", "3.50102E+17", "number_not_text"),
        ("sex", "3", "unknown_code"),
        ("sex", "女", "sex_contradicts_id"),
        ("ethnic_group", "57", "unknown_code"),
        ("ethnic_group", "火星族", "unknown_code"),
        ("university", "99999", "unknown_university"),
        ("level", "99", "unknown_code"),
        ("origin_division", "999999", "unknown_code"),
        ("origin", "海外", "unknown_code"),
        ("hardship_code", "8", "unknown_code"),
        ("standing", "失踪", "unknown_code"),
        ("standing_on", "2016-13-01", "bad_date"),
        ("standing_on", "六月", "bad_date"),
        ("college", "学" * 201, "bad_format"),
        ("college", "学\ufffd", "bad_format"),
        ("id_type", "借书证", "unknown_code"),
    ],
)
def test_wrong_cell_is_refused_with_its_column_and_code(column, value, code):
    checked = check_students(student(1), student(3, **{column: value}), student(5))

    assert problems(checked) == [(3, column, code)]
    assert list(checked.rows) == [2, 4]
    assert checked.total == 3


def test_row_may_have_several_problems():
    checked = check_students(student(1, level="99", ethnic_group="57", name=None))

    assert sorted(problems(checked)) == [
        (2, "ethnic_group", "unknown_code"),
        (2, "level", "unknown_code"),
        (2, "name", "missing"),
    ]


def test_id_number_that_came_as_a_number_is_refused_with_its_address():
    checked = check_students(student(1), student(3, id_number=350000199301011004))

    (problem,) = checked.errors
    assert (problem.row, problem.column, problem.code) == (3, "id_number", "number_not_text")
    assert "C3" in problem.message


def test_student_number_that_came_as_a_number_is_taken_while_no_digit_is_lost():
    checked = check_students(student(1, student_number=20120001), student(3, student_number=10**15))

    assert checked.columns["student_number"] == ["20120001"]
    assert problems(checked) == [(3, "student_number", "number_not_text")]


def test_codes_that_came_as_numbers_are_read():
    checked = check_students(student(1, sex=1, ethnic_group=1, level=31, university=90001))

    assert problems(checked) == []
    assert checked.columns["ethnic_group"] == ["01"]


def test_sex_comes_from_the_id_number_where_it_is_not_given():
    checked = check_students(student(1, sex=None), student(2, sex=None))

    assert checked.columns["sex"] == ["1", "2"]


def test_passport_has_no_sex_of_its_own():
    checked = check_students(
        student(1, id_number="E1234567", id_type="护照", sex=None),
        student(3, id_number="E7654321", id_type="passport", sex="女"),
    )

    assert problems(checked) == []
    assert checked.columns["id_type"] == ["passport", "passport"]
    assert checked.columns["sex"] == [None, "2"]


def test_unknown_county_in_an_id_number_is_one_caution_for_all_its_rows():
    checked = check_students(*(student(serial) for serial in (1, 3, 5)))

    (caution,) = checked.warnings
    assert caution.as_dict() == {
        "row": 2,
        "column": "id_number",
        "value": "350000",
        "code": "unknown_county",
        "message": "The ID number begins with 350000, which is no county now.",
        "count": 3,
    }
    assert len(checked) == 3


def test_known_county_and_permit_need_no_caution():
    checked = check_students(
        student(1, id_number=id_number(1, place="350922")),
        student(3, id_number=id_number(3, place="830000")),
    )

    assert checked.warnings == []


def test_columns_of_the_file_are_told_from_those_that_are_derived():
    checked = check_students(student(1))

    assert "sex" in checked.given
    assert "mobile" not in checked.given


def test_file_without_rows_has_nothing_wrong():
    checked = check_table(table("students", [["学号", "姓名"]]))

    assert (checked.total, len(checked), checked.errors) == (0, 0, [])


def test_problem_as_the_contract_prints_it():
    (problem,) = check_students(student(1, id_number="350000199303040010")).errors

    assert problem.as_dict() == {
        "row": 2,
        "column": "id_number",
        "value": "3500************10",
        "code": "bad_check_digit",
        "message": "The check digit of the ID number is wrong: one of its digits was mistyped.",
    }


LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
ANY_ROW = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.none(), LETTERS, st.sampled_from(["1", "31", "01", "90001", "农村"]))
        for name in HEADINGS
    },
)


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_ROW, max_size=6))
def test_every_row_is_accepted_or_unchanged_or_refused(rows):
    cells = [list(HEADINGS.values())] + [[row.get(name) or "" for name in HEADINGS] for row in rows]
    read = read_table(text_file(cells), "x.csv", "students")

    checked = check_table(read, Options(class_year=2016, universities=UNIVERSITIES))

    assert checked.total == len(checked.rows) + len(checked.unchanged) + len(checked.rejected)
    assert (
        len({*checked.rows, *checked.unchanged, *(p.row for p in checked.errors)}) == checked.total
    )
    assert {len(column) for column in checked.columns.values()} <= {len(checked.rows)}


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(1, 13)), st.data())
def test_order_of_rows_changes_nothing_but_their_numbers(order, data):
    codes = {serial: data.draw(st.sampled_from(hardship.codes)) for serial in order}

    checked = check_students(*(student(n, hardship_code=codes[n]) for n in order))

    found = dict(
        zip(checked.columns["student_number"], checked.columns["hardship_code"], strict=True)
    )
    assert found == {f"2012{n:04}": code for n, code in codes.items()}
