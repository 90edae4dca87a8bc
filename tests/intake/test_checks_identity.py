"""Numbers with check digits: residents, permits, passports, employers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from placement.intake.checks.identity import (
    check_digit,
    credit_check,
    read_employer_code,
    read_id,
)
from placement.intake.checks.problems import Fault, shown
from tests.intake.people import id_number

BIRTHS = st.dates(dt.date(1950, 1, 1), dt.date(2010, 12, 31))
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("350000199301011004", "350000199301011004"),
        (" 350000 19930101 1004 ", "350000199301011004"),
        ("３５００００１９９３０１０１１００４", "350000199301011004"),
        ("35000019930101001x", "35000019930101001X"),
        ("35000019930101001×", "35000019930101001X"),
        ("350000-19930101-1004", "350000199301011004"),
    ],
)
def test_resident_number_is_read_however_it_is_written(text, number):
    found = read_id(text)

    assert found.number == number
    assert found.id_type == "resident"
    assert found.birth_date == dt.date(1993, 1, 1)
    assert found.county == "350000"


def test_sex_stands_in_the_seventeenth_digit():
    assert read_id(id_number(male=True)).sex == "1"
    assert read_id(id_number(male=False)).sex == "2"


@pytest.mark.parametrize("place", ["810000", "820000", "830000"])
def test_residence_permit_is_told_by_its_number(place):
    found = read_id(id_number(place=place))

    assert found.id_type == "residence_permit"
    assert found.birth_date == dt.date(1993, 3, 4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("350000199301011005", "bad_check_digit"),
        ("35000019930101001", "bad_format"),
        ("3500001993010110041", "bad_format"),
        ("350000930101100", "bad_format"),
        ("A50000199301011004", "bad_format"),
        ("050000199301011004", "bad_format"),
        (id_number(birth="19930229"), "bad_format"),
        (id_number(birth="19931301"), "bad_format"),
        (id_number(birth="18991231"), "bad_format"),
        ("3.50102E+17", "number_not_text"),
        ("3.50102e+17", "number_not_text"),
        ("护照", "bad_format"),
        ("", "bad_format"),
    ],
)
def test_wrong_resident_number_is_refused_with_its_reason(text, code):
    assert read_id(text).code == code


@pytest.mark.parametrize(
    ("text", "id_type", "number"),
    [
        ("e12345678", "passport", "E12345678"),
        ("H 1234567 8", "hk_macau_permit", "H12345678"),
        ("01234567", "taiwan_permit", "01234567"),
    ],
)
def test_other_papers_are_taken_as_text(text, id_type, number):
    found = read_id(text, id_type)

    assert (found.number, found.id_type, found.sex) == (number, id_type, None)


@pytest.mark.parametrize("text", ["A1", "12345678901234567890123", "护照E123456"])
def test_other_papers_have_a_form_too(text):
    assert read_id(text, "passport").code == "bad_format"


@given(BIRTHS, st.integers(0, 999), st.sampled_from(["350102", "350922", "110101"]))
def test_our_check_digit_is_that_of_the_library(birth, serial, place):
    number = f"{place}{birth:%Y%m%d}{serial:03}"

    whole = number + check_digit(number)

    assert ric.calc_check_digit(whole) == whole[17]
    assert read_id(whole).birth_date == birth


@given(BIRTHS, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(birth, serial, place, shift):
    number = f"350922{birth:%Y%m%d}{serial:03}"
    whole = number + check_digit(number)
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]

    assert isinstance(read_id(wrong), Fault)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for id_type in ("resident", "passport"):
        found = read_id(text, id_type)

        assert isinstance(found, Fault) or found.number.isascii()


@given(st.text(CREDIT_SIGNS, min_size=17, max_size=17))
def test_credit_code_agrees_with_the_library(signs):
    code = signs + credit_check(signs)

    assert code[17] == uscc.calc_check_digit(code[:17])
    assert read_employer_code(code) == code
    assert read_employer_code(code.lower()) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91350100M000100Y43", None),
        ("91350100M000100Y44", "bad_check_digit"),
        ("91350100", "bad_format"),
        ("91350100M000100I43", "bad_format"),
        ("D2143569-X", None),
        ("D21435691", "bad_check_digit"),
    ],
)
def test_employer_codes_of_both_kinds(text, code):
    found = read_employer_code(text)

    assert (found.code if isinstance(found, Fault) else None) == code


@pytest.mark.parametrize(
    ("column", "text", "seen"),
    [
        ("id_number", "350000199301011004", "3500************04"),
        ("id_number", "E12345678", "E*******8"),
        ("id_number", "1", "*"),
        ("student_number", "350000199301011004", "3500************04"),
        ("name", "林梅350000199301011004", "林梅3500************04"),
        ("mobile", "13800000000", "138******00"),
        ("email", "lin@school.example", "l***@school.example"),
        ("email", "nonsense", "n******e"),
        ("level", "本科", "本科"),
        ("college", "学" * 100, "学" * 59 + "…"),
    ],
)
def test_what_is_shown_of_a_cell(column, text, seen):
    assert shown(column, text) == seen


@given(
    BIRTHS, st.integers(0, 999), st.sampled_from(["id_number", "name", "student_number"]), st.text()
)
def test_no_id_number_is_ever_shown_in_full(birth, serial, column, around):
    number = f"350922{birth:%Y%m%d}{serial:03}"
    whole = number + check_digit(number)

    assert whole not in shown(column, around + whole)
    assert number[6:14] not in shown(column, whole)
