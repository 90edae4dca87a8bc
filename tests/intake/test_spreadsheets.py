"""Files as people send them come out as the same table."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.intake.spreadsheets import column_letters, read_table
from placement.intake.spreadsheets.refusals import REASONS
from tests.intake.files import outcome, table, text_file, workbook

HEADINGS = ["学号", "姓名", "身份证号"]
LIN = ["20120001", "林梅", "350000199301011004"]
WU = ["20120002", "吴建国", "350000199304041073"]


def read(data, name="students.xlsx", kind="students"):
    return read_table(data, name, kind)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(workbook([HEADINGS, LIN, WU]), id="xlsx"),
        pytest.param(text_file([HEADINGS, LIN, WU]), id="utf-8"),
        pytest.param(text_file([HEADINGS, LIN, WU], encoding="utf-8-sig"), id="utf-8-with-mark"),
        pytest.param(text_file([HEADINGS, LIN, WU], encoding="gb18030"), id="gb18030"),
        pytest.param(text_file([HEADINGS, LIN, WU], encoding="gbk"), id="gbk"),
        pytest.param(text_file([HEADINGS, LIN, WU], delimiter="\t"), id="tabs"),
        pytest.param(text_file([HEADINGS, LIN, WU], delimiter=";"), id="semicolons"),
    ],
)
def test_same_rows_come_out_of_every_format(data):
    found = read(data)

    assert found.known == ("student_number", "name", "id_number")
    assert list(found.rows) == [2, 3]
    assert found.column("name").texts == ["林梅", "吴建国"]
    assert found.column("id_number").texts == ["350000199301011004", "350000199304041073"]
    assert found.unknown == ()


def test_rows_have_the_numbers_that_the_spreadsheet_shows():
    rows = [["福建省2016届毕业生名单"], [], HEADINGS, LIN, [], ["", "  ", ""], WU]

    for data in (workbook(rows), workbook(rows, at=(4, 3)), text_file(rows)):
        found = read(data)
        offset = 3 if found.column("name").position == 3 else 0

        assert list(found.rows) == [4 + offset, 7 + offset]
        assert found.heading_row == 3 + offset


def test_cell_addresses_are_those_of_the_spreadsheet():
    found = read(workbook([HEADINGS, LIN, WU], at=(5, 28)))

    assert found.address("id_number", 1) == "AD7"


def test_title_with_one_known_word_does_not_pass_for_the_headings():
    found = read(workbook([["姓名"], HEADINGS, LIN]))

    assert found.heading_row == 2


def test_single_known_heading_is_enough_if_there_is_no_better_row():
    assert read(workbook([["姓名"], ["林梅"]])).column("name").texts == ["林梅"]


def test_heading_without_rows_is_a_table_without_rows():
    for data in (workbook([HEADINGS]), text_file([HEADINGS])):
        found = read(data)

        assert len(found) == 0
        assert found.known == ("student_number", "name", "id_number")


@pytest.mark.parametrize(
    "heading",
    [
        "性别",
        "性别代码",
        "性别名称",
        "XBDM",
        "xbdm",
        "XB",
        "sex",
        "Sex",
        " 性 别 ",
        "性别*",
        "ＸＢＤＭ",
        "性别(1男2女)",
        "性别（必填）",
        "【性别】",
        "性别\n代码",
        "性别：",
    ],
)
def test_heading_is_found_however_it_is_written(heading):
    assert read(workbook([["学号", heading], ["1", "女"]])).known == ("student_number", "sex")


def test_unknown_headings_are_listed_and_the_reason_column_is_not():
    found = table("students", [[*HEADINGS, "备注", "退回原因"], [*LIN, "x", "y"]])

    assert found.unknown == ("备注",)


def test_two_columns_of_the_same_meaning_fill_each_other():
    found = table(
        "students", [["学号", "民族代码", "民族名称"], ["1", None, "畲族"], ["2", 1, "汉族"]]
    )

    assert found.column("ethnic_group").texts == ["畲族", "1"]
    assert found.column("ethnic_group").numbers == {1}
    assert found.known == ("student_number", "ethnic_group")


def test_number_that_fills_a_gap_is_still_known_as_a_number():
    found = table("students", [["学号", "民族代码", "民族名称"], ["1", None, 22]])

    assert found.column("ethnic_group").numbers == {0}


def test_empty_columns_at_the_end_of_a_text_file_are_no_columns():
    found = read("学号,姓名,,,\n1,林梅,,,\n".encode())

    assert [column.heading for column in found.columns] == ["学号", "姓名"]


def test_numbers_come_out_as_people_read_them_and_are_remembered():
    rows = [["学号", "学历代码", "身份证号"], [20120001, 31.0, 350000199301011004], ["2", 1.5, "x"]]

    found = table("students", rows)

    assert found.column("student_number").texts == ["20120001", "2"]
    assert found.column("student_number").numbers == {0}
    assert found.column("level").texts == ["31", "1.5"]
    assert found.column("id_number").texts == ["3.50000E+17", "x"]
    assert found.column("id_number").numbers == {0}


def test_dates_come_out_in_one_form():
    days = [dt.date(2016, 6, 1), dt.datetime(2016, 6, 1), dt.datetime(2016, 6, 1, 8, 30)]  # noqa: DTZ001 a spreadsheet has no zone

    found = table("outcomes", [["学号", "落实日期"], *(["1", day] for day in days)])

    assert found.column("effective_on").texts == ["2016-06-01", "2016-06-01", "2016-06-01 08:30:00"]


def test_truth_values_and_failed_formulas_do_no_harm():
    found = table("students", [HEADINGS, [True, "=1/0", "#N/A"]])

    assert found.column("student_number").texts == ["True"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'350000199301011004", "350000199301011004"),
        ('="0012"', "0012"),
        ("\t0012\t", "0012"),
        ("\ufeff0012\u200b", "0012"),
        ("\xa00012\u3000", "0012"),
        ("'=1+1", "=1+1"),
        ("''=1+1", "''=1+1"),
        ("O'Neill", "O'Neill"),
        ("'", "'"),
    ],
)
def test_tricks_that_protect_codes_are_seen_through(cell, text):
    assert read(text_file([["学号", "姓名"], [cell, "x"]])).column("student_number").texts == [text]


def test_headings_repeated_further_down_are_no_row():
    found = read(workbook([HEADINGS, LIN, HEADINGS, WU]))

    assert list(found.rows) == [2, 4]


def test_short_and_long_records_are_read_as_far_as_the_headings_reach():
    found = read(b"\xe5\xad\xa6\xe5\x8f\xb7,\xe5\xa7\x93\xe5\x90\x8d\n1\n2,b,c,d\n")

    assert found.column("student_number").texts == ["1", "2"]
    assert found.column("name").texts == ["", "b"]


def test_quoted_line_break_stays_within_its_row():
    found = read(text_file([["学号", "姓名"], ["1", "林\n梅"], ["2", "吴"]]))

    assert found.column("name").texts == ["林\n梅", "吴"]
    assert list(found.rows) == [2, 3]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('1,"林梅,文学院\n2,吴,经济学院\n', id="one-mark"),
        pytest.param('1,"林梅,文学院\n2,吴,经济学院\n3,"黄,法学院\n', id="two-marks"),
    ],
)
def test_stray_quotation_mark_does_not_swallow_the_rows_behind_it(body):
    found = read(("学号,姓名,学院\n" + body).encode())

    assert found.column("student_number").texts[:2] == ["1", "2"]
    assert found.column("name").texts[:2] == ["林梅", "吴"]


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(position, letters):
    assert column_letters(position) == letters


CELL = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"], exclude_characters="'=\ufffe\uffff"
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.from_regex(r"[0-9]{1,12}", fullmatch=True), CELL), max_size=8))
def test_text_cells_come_back_unchanged_from_both_formats(cells):
    rows = [["学号", "姓名"], *cells]

    for data in (workbook(rows), text_file(rows)):
        found = read(data)

        assert found.column("student_number").texts == [number for number, _ in cells]
        assert found.column("name").texts == [name.strip() for _, name in cells]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(data):
    assert outcome(data, "x.csv") in {"read", *REASONS}
