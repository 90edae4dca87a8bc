"""Outcomes and partner lists."""

import datetime as dt

import pytest

from placement.intake.checks import Options, check_table
from tests.intake.files import table
from tests.intake.people import UNIVERSITIES, id_number, problems

DAY = dt.date(2016, 7, 1)


def check(kind, headings, *rows, **options):
    return check_table(
        table(kind, [headings, *rows]),
        Options(class_year=2016, universities=UNIVERSITIES, **options),
    )


def outcomes(*rows, **options):
    return check(
        "outcomes", ["学号", "院校代码", "毕业去向", "单位名称", "落实日期"], *rows, **options
    )


def test_outcome_is_read_by_code_and_by_label():
    checked = outcomes(
        ["1", "90001", "10", "示例公司", "2016/7/1"], ["2", None, "签劳动合同形式就业", "x", None]
    )

    assert problems(checked) == []
    assert checked.columns["code"] == ["10", "11"]
    assert checked.columns["effective_on"] == [DAY, None]
    assert checked.columns["university"] == ["90001", None]


def test_unknown_destination_is_a_problem_and_never_employed():
    checked = outcomes(["1", "90001", "99", "示例公司", None], ["2", "90001", "就业了", None, None])

    assert problems(checked) == [(2, "code", "unknown_code"), (3, "code", "unknown_code")]


def test_somebody_has_to_be_named():
    checked = outcomes([None, "90001", "70", None, None])

    assert problems(checked) == [(2, "student_number", "missing")]


def test_id_number_does_for_the_student_number():
    checked = check(
        "outcomes",
        ["身份证号", "毕业去向"],
        [id_number(1), "70"],
        ["E1234567", "80"],
        [id_number(2)[:-2], "70"],
    )

    assert checked.columns["id_number"] == [id_number(1), "E1234567"]
    assert problems(checked) == [(4, "id_number", "bad_format")]


def test_university_that_is_not_known_is_a_problem_even_with_a_name():
    checked = check(
        "outcomes", ["学号", "院校代码", "院校名称", "毕业去向"], ["1", "99999", "新大学", "70"]
    )

    assert problems(checked) == [(2, "university", "unknown_university")]


@pytest.mark.parametrize(
    ("heading", "value", "column", "code"),
    [
        ("统一社会信用代码", "91350100M000100Y44", "employer_code", "bad_check_digit"),
        ("单位行业", "算命业", "industry", "unknown_code"),
        ("单位性质", "98", "employer_nature", "unknown_code"),
        ("单位所在地", "亚特兰蒂斯", "employer_division", "unknown_code"),
        ("职位类别", "11", "position", "unknown_code"),
        ("落实日期", "2016-06", "effective_on", "bad_date"),
    ],
)
def test_wrong_detail_is_a_problem(heading, value, column, code):
    checked = check("outcomes", ["学号", "毕业去向", heading], ["1", "10", value])

    assert problems(checked) == [(2, column, code)]


def test_details_by_label():
    checked = check(
        "outcomes",
        ["学号", "毕业去向", "单位行业", "单位性质", "单位所在地", "职位类别", "统一社会信用代码"],
        ["1", "10", "教育", "中初教育单位", "福州市", "教学人员", "91350100M000100Y43"],
    )

    row = {name: values[0] for name, values in checked.columns.items()}
    assert (row["industry"], row["employer_nature"], row["position"]) == ("P", "22", "24")
    assert row["employer_division"] == "350100"
    assert row["employer_code"] == "91350100M000100Y43"


def test_same_student_on_two_days_is_two_outcomes_and_on_one_day_one():
    checked = outcomes(
        ["1", "90001", "10", "甲", "2016-07-01"],
        ["1", "90001", "70", None, "2016-09-01"],
        ["1", "90001", "10", "甲", "20160701"],
        ["1", "90001", "11", "乙", "2016-07-01"],
    )

    assert list(checked.rows) == [2, 3]
    assert list(checked.unchanged) == [4]
    assert problems(checked) == [(5, "effective_on", "duplicate_in_file")]


def test_code_that_contradicts_leaving_and_missing_employers_are_cautions():
    checked = outcomes(["1", "90001", "65", None, None], ["2", "90001", "10", None, None])

    assert [(c.column, c.code, c.count) for c in checked.warnings] == [
        ("code", "contradiction", 1),
        ("employer", "no_employer", 1),
    ]
    assert len(checked) == 2


def test_list_takes_birth_and_sex_from_the_id_number():
    checked = check(
        "list",
        ["姓名", "身份证号", "残疾证号", "残疾等级", "有效期至"],
        ["林梅", id_number(2, male=False), "350000199304041073" + "43", "三级", "长期"],
        ["吴建国", None, "x", "二级", "2017-12-31"],
    )

    assert problems(checked) == []
    assert checked.columns["birth_date"] == [dt.date(1993, 3, 4), None]
    assert checked.columns["sex"] == ["2", None]
    assert checked.columns["valid_to"] == [None, dt.date(2017, 12, 31)]
    assert checked.columns["level"] == ["三级", "二级"]


def test_list_refuses_wrong_numbers_and_nameless_rows_but_not_repeated_people():
    row = ["林梅", id_number(2, male=False)]

    checked = check("list", ["姓名", "身份证号"], row, row, ["林梅", "1"], [None, id_number(1)])

    assert list(checked.rows) == [2, 3]
    assert problems(checked) == [(4, "id_number", "bad_format"), (5, "name", "missing")]


def test_list_is_lenient_with_what_only_helps_to_find_people():
    checked = check(
        "list",
        ["姓名", "院校名称", "学号", "所在县", "出生日期", "性别"],
        ["林梅", "某大学", "#", "某县", "93年", "x"],
        ["吴建国", "示例大学", "20120001", "古田县", "1993-03-04", "男"],
    )

    assert problems(checked) == []
    assert checked.columns["university"] == [None, "90001"]
    assert checked.columns["student_number"] == [None, "20120001"]
    assert checked.columns["division"] == [None, "350922"]
    assert checked.columns["birth_date"] == [None, dt.date(1993, 3, 4)]
