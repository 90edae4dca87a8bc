"""The rejects workbook: it goes out, is corrected and comes back."""

import io

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.intake.checks import Options, check_table
from placement.intake.rejects import reasons_of, write_rejects
from placement.intake.spreadsheets import read_table
from tests.intake.files import table, text_file
from tests.intake.people import HEADINGS, UNIVERSITIES, student

OPTIONS = Options(class_year=2016, universities=UNIVERSITIES)


def students_table(*rows):
    names = [*student(1), "note"]
    headings = [HEADINGS.get(name, "备注") for name in names]
    cells = [[row.get(name) or "" for name in names] for row in rows]
    return read_table(text_file([headings, *cells]), "students.csv", "students")


def test_refused_rows_come_out_whole_with_their_reasons():
    read = students_table(student(1), student(3, level="99", name=None, note="=1+1"))

    data = write_rejects(read, reasons_of(check_table(read, OPTIONS)), "en")

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    headings, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert headings == [*(column.heading for column in read.columns), "Reason"]
    assert row[:2] == ["20120003", None]
    assert row[-2] == "'=1+1"
    assert row[-1].splitlines() == ["There is no name.", "level: this code or name is not known."]
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}


def test_corrected_rows_are_taken_and_the_reason_is_left_out():
    read = students_table(student(1, level="99", note="-5"))
    book = openpyxl.load_workbook(
        io.BytesIO(write_rejects(read, reasons_of(check_table(read, OPTIONS))))
    )
    level = next(cell for cell in book.active[1] if cell.value == "学历代码")
    book.active.cell(2, level.column).value = "31"
    stored = io.BytesIO()
    book.save(stored)

    again = read_table(stored.getvalue(), "rejects.xlsx", "students")

    checked = check_table(again, OPTIONS)
    assert len(checked) == 1
    assert again.unknown == ("备注",)
    assert again.columns[-2].texts == ["-5"]


def test_second_round_of_rejects_has_one_reason_column():
    read = students_table(student(1, level="99"))
    once = write_rejects(read, {0: "first"})
    again = read_table(once, "rejects.xlsx", "students")

    twice = read_table(write_rejects(again, {0: "second"}), "rejects.xlsx", "students")

    assert [column.heading for column in twice.columns] == [
        *(column.heading for column in read.columns),
        "退回原因",
    ]
    assert twice.columns[-1].texts == ["second"]


def test_reasons_are_in_the_language_of_the_reader():
    read = students_table(student(1, level="99"))

    reasons = reasons_of(check_table(read, OPTIONS), lambda _: "%(column)s!", "zh_Hans_CN")

    assert reasons == {0: "学历层次!"}


CELL = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"], exclude_characters="\ufffe\uffff"
    ),
    max_size=10,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4))
def test_every_cell_comes_back_as_it_was_read(cells):
    read = table("students", [["学号", "备注"], *cells])

    again = read_table(
        write_rejects(read, dict.fromkeys(range(len(read)), "why")), "rejects.xlsx", "students"
    )

    assert [list(column.texts) for column in again.columns[:2]] == [
        list(column.texts) for column in read.columns
    ]
