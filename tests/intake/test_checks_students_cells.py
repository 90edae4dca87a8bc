"""Single cells of the students' file: days, levels, names, contacts."""

import datetime as dt

import pytest

from tests.intake.people import check_students, id_number, problems, student


def test_birth_that_does_not_fit_the_class_is_a_caution():
    checked = check_students(student(1, id_number=id_number(1, birth="20100304", place="350922")))

    assert [caution.code for caution in checked.warnings] == ["implausible_age"]


@pytest.mark.parametrize("code", ["97", "98"])
def test_special_ethnic_codes_are_no_category_and_a_caution(code):
    checked = check_students(student(1, ethnic_group=code))

    assert checked.columns["categories"] == [()]
    assert [caution.code for caution in checked.warnings] == ["unknown_county", "no_minority"]


@pytest.mark.parametrize(
    ("level", "given", "stored", "standing"),
    [
        ("42", None, "41", "completed"),
        ("本科结业", None, "31", "completed"),
        ("42", "延期毕业", "41", "deferred"),
        ("42", "毕业", "41", "completed"),
        ("41", "结业", "41", "completed"),
        ("41", None, "41", "graduated"),
        ("高职(专科)", "正常", "41", "graduated"),
        ("61", None, "61", "graduated"),
    ],
)
def test_level_code_may_say_the_standing(level, given, stored, standing):
    checked = check_students(student(1, level=level, standing=given))

    assert checked.columns["level"] == [stored]
    assert checked.columns["standing"] == [standing]
    contradicted = level == "42" and given == "毕业"
    assert ("contradiction" in [caution.code for caution in checked.warnings]) is contradicted


@pytest.mark.parametrize(
    "text",
    [
        "2016-03-01",
        "2016/3/1",
        "2016.3.1",
        "2016.03.01",
        "20160301",
        "2016年3月1日",
        "42430",
        "2016-03-01 00:00:00",
        "２０１６-０３-０１",
        dt.date(2016, 3, 1),
        42430,
    ],
)
def test_day_is_read_however_it_is_written(text):
    checked = check_students(student(1, standing="退学", standing_on=text))

    assert checked.columns["standing_on"] == [dt.date(2016, 3, 1)]


@pytest.mark.parametrize(
    ("column", "value"),
    [("mobile", "12345"), ("mobile", "无"), ("email", "nobody"), ("email", "a@b")],
)
def test_contact_of_another_form_is_left_out_and_shown(column, value):
    checked = check_students(student(1, **{column: value}))

    assert problems(checked) == []
    assert checked.columns[column] == [None]
    assert [(c.column, c.code) for c in checked.warnings][1:] == [(column, "bad_format")]


def test_contact_cannot_smuggle_a_header_line():
    checked = check_students(student(1, email="a@school.example\nBcc: all@school.example"))

    assert checked.columns["email"] == [None]


def test_county_that_is_gone_counts_with_its_city():
    checked = check_students(
        student(1, origin_division="350199"), student(3, origin_division="350922")
    )

    assert checked.columns["origin_division"] == ["350199", "350922"]
    assert [c.code for c in checked.warnings][1:] == ["unknown_county"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("林 梅", "林梅"),
        ("林　梅", "林梅"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("Lin  Mei", "Lin Mei"),
        ("Ｌｉｎ Mei", "Lin Mei"),
        ("林志強", "林志強"),
    ],
)
def test_name_is_kept_as_it_is_but_for_spaces_and_dots(text, name):
    assert check_students(student(1, name=text)).columns["name"] == [name]
