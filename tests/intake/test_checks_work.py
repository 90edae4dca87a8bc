"""Wishes, postings, counts for comparison, universities."""

import pytest

from placement.intake.checks import Options, check_table
from tests.intake.files import table
from tests.intake.people import UNIVERSITIES, problems


def check(kind, headings, *rows, **options):
    return check_table(
        table(kind, [headings, *rows]),
        Options(class_year=2016, universities=UNIVERSITIES, **options),
    )


def test_wishes_are_read_with_several_values_in_a_cell():
    checked = check(
        "wishes",
        [
            "学号",
            "院校代码",
            "意向地区",
            "期望月薪",
            "意向职业",
            "意向行业",
            "离家距离",
            "技能",
            "特殊需求",
        ],
        [
            "1",
            "90001",
            "350100；厦门市;福州",
            "4,000-6000元",
            "2-02-10-03;银行综合柜员;2-02",
            "教育;I65",
            "50公里",
            "Python",
            "电梯;轮椅",
        ],
        ["2", "90001", "不限", "4.5k", None, None, "不限", None, None],
    )

    assert problems(checked) == []
    assert checked.columns["places"] == [("350100", "350200"), ()]
    assert checked.columns["anywhere"] == [False, True]
    assert checked.columns["salary"] == [4000, 4500]
    assert checked.columns["occupations"] == [("2-02-10-03", "4-05-01-01", "2-02"), ()]
    assert checked.columns["industries"] == [("P", "I65"), ()]
    assert checked.columns["distance_km"] == [50, None]
    assert checked.columns["needs"] == [("电梯", "轮椅"), ()]
    assert checked.columns["skills"] == ["Python", ""]


@pytest.mark.parametrize(
    ("heading", "value", "column", "code"),
    [
        ("意向地区", "350100;火星", "places", "unknown_code"),
        ("期望月薪", "很多", "salary", "bad_format"),
        ("意向职业", "皇帝", "occupations", "unknown_code"),
        ("意向行业", "算命", "industries", "unknown_code"),
        ("离家距离", "很近", "distance_km", "bad_format"),
    ],
)
def test_wrong_wish_is_a_problem(heading, value, column, code):
    checked = check("wishes", ["学号", heading], ["1", value])

    assert problems(checked) == [(2, column, code)]


POSTING = ["单位名称", "岗位名称", "招聘人数", "最低月薪", "最高月薪", "学历要求", "专业要求"]


def test_posting_is_read_into_codes():
    checked = check(
        "postings",
        [*POSTING, "面向群体", "无障碍条件", "截止日期"],
        [
            "甲",
            "测试",
            "3人",
            "4500",
            "6500",
            "本科及以上",
            "计算机类、0809，会计学;屠龙",
            "残疾;rural_origin",
            "电梯;可远程办公",
            "2016-12-31",
        ],
        ["乙", "文员", 2, "面议", None, "不限", "不限", None, None, None],
    )

    assert problems(checked) == []
    assert checked.columns["openings"] == [3, 2]
    assert checked.columns["salary_min"] == [4500, None]
    assert checked.columns["level"] == ["31", None]
    assert checked.columns["majors"] == [("0809", "6102", "120203", "屠龙"), ()]
    assert checked.columns["reserved_for"] == [("disability", "rural_origin"), ()]
    assert checked.columns["accommodations"] == [("电梯", "可远程办公"), ()]
    assert [(c.code, c.value) for c in checked.warnings] == [("unknown_major", "屠龙")]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({0: None}, "employer", "missing"),
        ({1: None}, "title", "missing"),
        ({2: None}, "openings", "missing"),
        ({2: "0"}, "openings", "bad_format"),
        ({2: "若干"}, "openings", "bad_format"),
        ({3: "9000"}, "salary_min", "bad_format"),
        ({5: "神童"}, "level", "unknown_code"),
    ],
)
def test_wrong_posting_is_a_problem(change, column, code):
    row = ["甲", "测试", "3", "4500", "6500", "31", ""]
    for place, value in change.items():
        row[place] = value

    assert problems(check("postings", POSTING, row)) == [(2, column, code)]


def test_posting_with_the_same_number_of_the_same_employer_is_one():
    headings = ["岗位编号", *POSTING[:3]]

    checked = check(
        "postings",
        headings,
        ["A1", "甲", "测试", "3"],
        ["A1", "乙", "测试", "3"],
        ["A1", "甲", "文员", "3"],
        [None, "甲", "测试", "3"],
        [None, "甲", "测试", "3"],
    )

    assert list(checked.rows) == [2, 3, 5, 6]
    assert problems(checked) == [(4, "posting", "duplicate_in_file")]


def test_baseline_counts():
    headings = ["院校代码", "学历", "毕业生数", "落实人数", "统计日期"]

    checked = check(
        "baseline",
        headings,
        ["90001", "31", "3,200", 3056, "2016-12-31"],
        ["90002", "专科", "10", "11", "2016-12-31"],
        ["90001", "本科", "3200", "3056", "20161231"],
        ["90002", "41", "多", None, None],
    )

    assert list(checked.rows) == [2]
    assert list(checked.unchanged) == [4]
    assert checked.columns["graduates"] == [3200]
    assert problems(checked) == [
        (3, "placed", "bad_format"),
        (5, "graduates", "bad_format"),
        (5, "placed", "missing"),
        (5, "as_of", "missing"),
    ]


def test_universities_by_code_and_name():
    checked = check(
        "universities",
        ["院校代码", "院校名称", "所在城市", "办学层次"],
        ["4135010384", "厦门大学", "厦门", "本科"],
        ["12625", "福建林业职业技术学院", "南平市", "高职(专科)"],
        ["#", None, "火星", "幼儿园"],
    )

    assert checked.columns["code"] == ["10384", "12625"]
    assert checked.columns["city"] == ["350200", "350700"]
    assert checked.columns["kind"] == ["undergraduate", "vocational"]
    assert problems(checked) == [
        (4, "code", "bad_format"),
        (4, "name", "missing"),
        (4, "city", "unknown_code"),
        (4, "kind", "unknown_code"),
    ]
