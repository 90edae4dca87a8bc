"""Majors of both catalogues and the universities of Fujian."""

import pytest

from placement.reference import divisions, majors, occupations, universities


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("050101", "汉语言文学"),
        ("080901", "计算机科学与技术"),
        ("020101", "经济学"),
        ("620201", "护理"),
        ("560301", "机电一体化技术"),
        ("100201", "临床医学"),
        ("100201K", "临床医学"),
        ("100201k", "临床医学"),
    ],
)
def test_major_by_its_code_with_and_without_letters(code, name):
    assert majors.get(code).zh == name


def test_unknown_major_is_none():
    assert majors.get("999999") is None
    assert majors.class_of("999999") is None
    assert majors.named("屠龙之术") == ()


def test_name_that_both_catalogues_have_gives_both():
    assert [major.kind for major in majors.named("旅游管理")] == [
        "undergraduate",
        "vocational",
    ]


def test_catalogues_are_large_enough_to_be_of_use():
    kinds = [major.kind for major in majors.all_majors().values()]

    assert kinds.count("undergraduate") >= 200
    assert kinds.count("vocational") >= 100


def test_every_major_lies_in_its_named_class():
    for digits, major in majors.all_majors().items():
        assert digits.startswith(major.class_code)
        assert majors.class_of(major.code) == major.class_code
        assert majors.classes()[major.class_code].endswith("类")


def test_universities_of_fujian_have_real_codes_and_cities():
    found = universities.all_universities()

    assert sum(university.holds_in(2016) for university in found.values()) == 89
    assert found["10384"].name == "厦门大学"
    assert all(code.isdecimal() and len(code) == 5 for code in found)
    assert all(
        divisions.get(university.city).level == "prefecture" for university in found.values()
    )
    assert {university.kind for university in found.values()} == {
        "undergraduate",
        "vocational",
    }


def test_university_founded_later_did_not_exist_in_2016():
    assert universities.get("10384").holds_in(2016)
    assert not universities.get("16411").holds_in(2016)
    assert universities.get("00000") is None


def test_occupation_knows_its_level_and_what_it_lies_in():
    assert occupations.find("2-02-10-03") == "2-02-10-03"
    assert occupations.level("2-02-10-03") == "detail"
    assert occupations.above("2-02-10-03") == ("2-00-00-00", "2-02-00-00", "2-02-10-00")
    assert occupations.above("2-02-00-00") == ("2-00-00-00",)
    assert all(
        up in occupations.entries for code in occupations.codes for up in occupations.above(code)
    )
