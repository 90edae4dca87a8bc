"""The national tables: source lines, names, and everything that leads to a code."""

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.errors import InvalidValueError
from placement.reference import (
    categories,
    destinations,
    employer_natures,
    ethnic_groups,
    hardship,
    id_types,
    industries,
    list_kinds,
    origins,
    positions,
    sexes,
    standings,
)
from placement.reference.folding import fold_code, fold_label, fold_text
from placement.reference.tables import CodeTable, read_rows, source

SIMPLE = [
    categories,
    destinations,
    employer_natures,
    ethnic_groups,
    hardship,
    id_types,
    list_kinds,
    origins,
    positions,
    sexes,
    standings,
]
FILES = sorted(
    item.name.removesuffix(".csv")
    for item in (resources.files("placement.reference") / "data").iterdir()
)


@pytest.mark.parametrize("file_name", FILES)
def test_every_table_says_where_it_comes_from(file_name):
    assert source(file_name).startswith("Source: ")


@pytest.mark.parametrize("file_name", FILES)
def test_every_row_has_all_columns_and_no_stray_space(file_name):
    for row in read_rows(file_name):
        assert None not in row
        assert None not in row.values()
        assert all(value == value.strip() for value in row.values())


@pytest.mark.parametrize("table", SIMPLE, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_code_and_both_names_and_every_alias_lead_to_the_code(table):
    for code, entry in table.entries.items():
        for text in (code, entry.zh, entry.en, *entry.aliases):
            assert table.find(text) == code, text


@pytest.mark.parametrize("table", SIMPLE, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
def test_every_code_has_a_name_in_both_languages(table):
    for code in table.codes:
        assert re.search(r"[\u4e00-\u9fff]", table.name(code))
        assert table.name(code, "en").isascii()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("1", "01", id="zero-lost"),
        pytest.param("１", "01", id="full-width"),
        pytest.param(" 0 1 ", "01", id="spaces"),
        pytest.param("1.0", "01", id="number-of-a-spreadsheet"),
        pytest.param("汉", "01", id="short-name"),
        pytest.param("汉 族", "01", id="space-inside"),
        pytest.param("22畲族", "22", id="code-and-name"),
        pytest.param("22 - 畲族", "22", id="code-dash-name"),
        pytest.param("01畲族", None, id="code-and-another-name"),
        pytest.param("57", None, id="no-such-code"),
        pytest.param("00001", None, id="too-many-zeros"),
        pytest.param("", None, id="empty"),
        pytest.param("火星族", None, id="no-such-name"),
    ],
)
def test_ethnic_group_as_people_write_it(text, code):
    assert ethnic_groups.find(text) == code


def test_ethnic_groups_are_all_of_the_standard():
    assert ethnic_groups.codes == (*(f"{n:02}" for n in range(1, 57)), "97", "98")


def test_han_and_the_two_special_codes_are_no_minority():
    others = [code for code in ethnic_groups.codes if not ethnic_groups.is_minority(code)]

    assert others == ["01", "97", "98"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C", "C"),
        ("c", "C"),
        ("C13", "C13"),
        ("13", "C13"),
        ("1", "A01"),
        ("22", "C"),
        ("22制造业", "C"),
        ("制造业", "C"),
        ("教育", "P"),
        ("42", "P"),
        ("软件和信息技术服务业", "I65"),
        ("批发业", "F51"),
        ("98", None),
        ("Z", None),
        ("算命业", None),
    ],
)
def test_industry_as_files_write_it(text, code):
    assert industries.find(text) == code


def test_industries_are_all_of_the_standard():
    divisions = [code for code in industries.codes if len(code) > 1]

    assert "".join(industries.SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert [code[1:] for code in divisions] == [f"{n:02}" for n in range(1, 98)]
    assert all(industries.section(code) in industries.SECTIONS for code in divisions)


def test_unknown_code_is_an_error_that_names_the_table():
    with pytest.raises(InvalidValueError, match="ethnic_groups"):
        ethnic_groups.entry("99")


def test_unknown_code_is_printed_as_it_is():
    assert ethnic_groups.name("99") == "99"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_label(fold_label(text)) == fold_label(text)


@given(st.text())
def test_finding_never_fails_and_answers_a_code_or_nothing(text):
    for table in SIMPLE:
        assert table.find(text) in {None, *table.codes}


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=4))
def test_whole_number_written_with_decimals_is_read_as_its_digits(number, zeros):
    assert fold_code(f"{number}." + "0" * zeros if zeros else str(number)) == str(number)


def test_number_with_a_fraction_is_no_code():
    assert fold_code("31.5") == "31.5"
    assert CodeTable("levels", width=2).find("31.5") is None
