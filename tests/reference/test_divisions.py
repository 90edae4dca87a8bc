"""Divisions: names, abolished counties, distances."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.reference import divisions

CODES = sorted(divisions.all_divisions())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("350922", "350922"),
        ("３５０９２２", "350922"),
        ("350922.0", "350922"),
        ("古田县", "350922"),
        ("宁德市古田县", "350922"),
        ("福建省宁德市古田县", "350922"),
        ("福建省 宁德市 古田县", "350922"),
        ("福州市", "350100"),
        ("福州", "350100"),
        ("福建", "350000"),
        ("北京", "110000"),
        ("三元区", "350404"),
        ("鼓楼区", None),
        ("福州市鼓楼区", "350102"),
        ("999999", None),
        ("3501", None),
        ("亚特兰蒂斯", None),
    ],
)
def test_division_as_files_write_it(text, code):
    assert divisions.find(text) == code


@pytest.mark.parametrize("code", ["350784", "350822", "350427", "350182"])
def test_abolished_county_is_still_found(code):
    assert divisions.find(code) == code
    assert divisions.is_current(code, dt.date(2012, 7, 1))
    assert not divisions.is_current(code, dt.date(2024, 7, 1))


def test_new_district_does_not_hold_before_its_year():
    assert not divisions.is_current("350404", dt.date(2016, 8, 31))
    assert divisions.is_current("350404", dt.date(2024, 8, 31))


@pytest.mark.parametrize("code", ["350000", "350100", "350425", "350825", "350128", "350981"])
def test_names_are_there_in_both_languages(code):
    assert divisions.name(code) != code
    assert divisions.name(code, "en").replace("'", "").replace(" ", "").isalpha()


def test_full_name_says_what_lies_above():
    assert divisions.full_name("350922") == "福建省宁德市古田县"
    assert divisions.full_name("350922", "en") == "Gutian County, Ningde, Fujian"
    assert divisions.full_name("110101") == "北京市东城区"
    assert divisions.full_name("999999") == "999999"


def test_unknown_county_is_named_by_its_city():
    assert divisions.name("350199") == "福州市"


def test_code_of_no_known_place_is_printed_as_it_is():
    assert divisions.name("990000") == "990000"
    assert divisions.name("350199", "en") == "Fuzhou"


def test_levels_by_the_digits():
    levels = {
        code: divisions.all_divisions()[code].level for code in ("350000", "350100", "350102")
    }

    assert levels == {"350000": "province", "350100": "prefecture", "350102": "county"}


def test_fujian_had_85_counties_in_2016():
    counties = [
        code
        for code, division in divisions.all_divisions().items()
        if code.startswith("35") and division.level == "county" and division.holds_in(2016)
    ]

    assert len(counties) == 85


def test_the_23_key_counties_are_counties_of_fujian():
    keys = divisions.key_counties()

    assert len(set(keys)) == 23
    assert all(divisions.get(code).level == "county" for code in keys)
    assert {divisions.province(code) for code in keys} == {divisions.FUJIAN}


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("350100", "350200", 200, 230),
        ("350922", "350902", 60, 100),
        ("110000", "310000", 1000, 1150),
        ("350100", "350100", 0, 0),
    ],
)
def test_distance_in_kilometres(one, other, low, high):
    assert low <= divisions.distance_km(one, other) <= high


def test_distance_of_an_unknown_county_is_that_of_its_city():
    assert divisions.distance_km("350199", "350200") == divisions.distance_km("350100", "350200")


def test_distance_to_nowhere_is_unknown():
    assert divisions.distance_km("350100", "990000") is None


def test_every_county_of_fujian_has_coordinates_within_the_province():
    for code in CODES:
        division = divisions.all_divisions()[code]
        if code.startswith("35"):
            assert 115.5 < division.longitude < 121
            assert 23.3 < division.latitude < 28.5


@given(st.sampled_from(CODES), st.sampled_from(CODES), st.sampled_from(CODES))
def test_distance_is_a_distance(one, other, third):
    there, back = divisions.distance_km(one, other), divisions.distance_km(other, one)

    assert there == pytest.approx(back)
    assert 0 <= there < 6000
    assert there <= divisions.distance_km(one, third) + divisions.distance_km(third, other) + 1e-6


def test_full_name_leads_back_to_the_place_or_to_one_of_the_same_name():
    found = {code: divisions.find(divisions.full_name(code)) for code in CODES}

    elsewhere = {
        code: there
        for code, there in found.items()
        if there is None or divisions.full_name(there) != divisions.full_name(code)
    }
    # 安徽省巢湖市 was a city until 2010; the county-level city of that name stands.
    assert elsewhere == {"341400": "340181"}
