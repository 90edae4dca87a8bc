"""Destination codes, the parts of the rate, and the scheme of a class year."""

import pytest

from placement.errors import InvalidValueError
from placement.reference import destinations

NATIONAL = [
    "10",
    "11",
    "12",
    "27",
    "46",
    "50",
    "51",
    "70",
    "71",
    "72",
    "75",
    "76",
    "80",
    "85",
]
LOCAL = ["65", "77", "81", "82"]


def test_all_codes_are_there():
    assert sorted(destinations.codes) == sorted(NATIONAL + LOCAL)


@pytest.mark.parametrize(
    ("part", "codes_2021", "codes_2024"),
    [
        ("unit", "10 11 27 46 50 51", "10 11 12 27 46 50 51"),
        ("own_business", "75", "75"),
        ("flexible", "12 76 77", "76 77"),
        ("further_study", "80 81 82 85", "80 81 82 85"),
        ("seeking", "70", "70"),
        ("not_seeking", "65 71 72", "65 71 72"),
    ],
)
def test_parts_of_both_schemes(part, codes_2021, codes_2024):
    assert sorted(destinations.codes_of(part, "2021")) == codes_2021.split()
    assert sorted(destinations.codes_of(part, "2024")) == codes_2024.split()


@pytest.mark.parametrize("code", NATIONAL + LOCAL)
def test_both_schemes_agree_on_who_is_placed(code):
    placed = {
        destinations.is_placed_part(destinations.part(code, scheme))
        for scheme in destinations.SCHEMES
    }

    assert placed == {destinations.is_placed(code)}


@pytest.mark.parametrize("code", ["65", "70", "71", "72"])
def test_who_plans_to_study_or_seeks_is_not_placed(code):
    assert not destinations.is_placed(code)


@pytest.mark.parametrize("scheme", destinations.SCHEMES)
def test_every_code_has_exactly_one_known_part(scheme):
    parts = destinations.parts_by_code(scheme)

    assert set(parts) == set(destinations.codes)
    assert set(parts.values()) == set(destinations.PARTS)


@pytest.mark.parametrize(
    ("class_year", "scheme", "rate_name"),
    [
        (2013, "2021", "就业率"),
        (2016, "2021", "就业率"),
        (2020, "2021", "就业率"),
        (2021, "2021", "毕业去向落实率"),
        (2023, "2021", "毕业去向落实率"),
        (2024, "2024", "毕业去向落实率"),
        (2031, "2024", "毕业去向落实率"),
    ],
)
def test_scheme_and_name_of_the_rate_follow_the_class(class_year, scheme, rate_name):
    assert destinations.scheme_for(class_year) == scheme
    assert destinations.rate_name(class_year) == rate_name


def test_names_of_parts_follow_the_scheme_in_chinese():
    assert destinations.part_name("flexible", scheme="2021") == "灵活就业"
    assert destinations.part_name("flexible", scheme="2024") == "自由职业"
    assert destinations.part_name("flexible", "en", scheme="2024") == "Flexible work"
    assert destinations.rate_name(2021, "en") == "Placement rate"


@pytest.mark.parametrize("code", ["01", "17", "99", "", "就业"])
def test_unknown_code_is_never_employed(code):
    assert destinations.find(code) is None
    with pytest.raises(InvalidValueError):
        destinations.part(code, "2021")


def test_unknown_scheme_is_refused_with_the_known_ones():
    with pytest.raises(InvalidValueError, match="2021, 2024"):
        destinations.part("10", "1999")


def test_contradicting_codes_are_known():
    assert set(destinations.codes) >= destinations.CONTRADICTS_GRADUATION
