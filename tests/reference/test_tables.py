"""The national tables: source lines, names, and everything that leads to a code."""

import datetime as dt
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
    levels,
    list_kinds,
    occupations,
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
    ("text", "found"),
    [
        ("博士", ("01", None)),
        ("博士研究生", ("01", None)),
        ("硕士研究生", ("11", None)),
        ("第二学士学位", ("25", None)),
        ("31", ("31", None)),
        ("31.0", ("31", None)),
        ("本科", ("31", None)),
        ("大学本科", ("31", None)),
        ("大专", ("41", None)),
        ("专科", ("41", None)),
        ("高职", ("41", None)),
        ("高职(专科)", ("41", None)),
        ("高职\uff08专科\uff09", ("41", None)),
        ("61", ("61", None)),
        ("02", ("01", "completed")),
        ("2", ("01", "completed")),
        ("12", ("11", "completed")),
        ("32", ("31", "completed")),
        ("42", ("41", "completed")),
        ("本科结业", ("31", "completed")),
        ("99", None),
        ("幼儿园", None),
    ],
)
def test_level_as_files_write_it(text, found):
    assert levels.find(text) == found


def test_only_levels_are_stored_not_their_completed_forms():
    assert levels.codes == ("01", "11", "25", "31", "41", "61")


def test_levels_stand_in_order():
    ranks = [levels.rank(code) for code in levels.codes]

    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("毕业", "graduated"),
        ("正常", "graduated"),
        ("结业", "completed"),
        ("延期", "deferred"),
        ("延期毕业", "deferred"),
        ("延长学制", "deferred"),
        ("退学", "withdrawn"),
        ("肄业", "withdrawn"),
        ("转学", "transferred"),
        ("死亡", "deceased"),
        ("去世", "deceased"),
        ("Deferred", "deferred"),
        ("在校", None),
    ],
)
def test_standing_as_files_write_it(text, standing):
    assert standings.find(text) == standing


def test_only_graduates_are_counted_and_the_gone_are_not_written_to():
    assert [code for code in standings.codes if standings.is_counted(code)] == ["graduated"]
    assert set(standings.left_out) == set(standings.codes) - {"graduated"}
    assert [code for code in standings.codes if not standings.is_notified(code)] == [
        "withdrawn",
        "transferred",
        "deceased",
    ]


@pytest.mark.parametrize("mask", range(8))
def test_hardship_code_is_a_mask_of_three_bits(mask):
    expected = {
        category
        for bit, category in (
            (1, "employment_difficulty"),
            (2, "family_hardship"),
            (4, "disability"),
        )
        if mask & bit
    }

    assert set(hardship.categories_of(str(mask))) == expected


@pytest.mark.parametrize("mask", range(8))
def test_hardship_code_is_read_with_and_without_zero_and_by_name(mask):
    assert hardship.find(str(mask)) == str(mask)
    assert hardship.find(f"0{mask}") == str(mask)
    assert hardship.find(hardship.name(str(mask))) == str(mask)


@pytest.mark.parametrize("text", ["8", "08", "9", "10", "困"])
def test_other_hardship_codes_are_unknown(text):
    assert hardship.find(text) is None


def test_five_categories_of_which_four_are_headlines():
    assert categories.headline == (
        "family_hardship",
        "ethnic_minority",
        "rural_origin",
        "disability",
    )
    assert categories.codes == (*categories.headline, "employment_difficulty")
    assert not categories.is_headline("employment_difficulty")


@pytest.mark.parametrize("text", ["城镇", "城市", "urban", "非农业"])
def test_town_and_city_are_one_origin(text):
    assert origins.find(text) == "urban"


def test_every_list_kind_has_a_category():
    assert {kind: list_kinds.category_of(kind) for kind in list_kinds.codes} == {
        "poverty": "family_hardship",
        "low_income": "family_hardship",
        "extreme_poverty": "family_hardship",
        "zero_employment_family": "family_hardship",
        "disability": "disability",
    }


def test_dated_code_is_found_only_while_it_holds():
    before, within = dt.date(2013, 12, 31), dt.date(2016, 1, 1)

    assert list_kinds.find("建档立卡", before) is None
    assert list_kinds.find("建档立卡", within) == "poverty"


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


def test_occupation_knows_its_level_and_what_it_lies_in():
    assert occupations.find("2-02-10-03") == "2-02-10-03"
    assert occupations.level("2-02-10-03") == "detail"
    assert occupations.above("2-02-10-03") == ("2-00-00-00", "2-02-00-00", "2-02-10-00")
    assert occupations.above("2-02-00-00") == ("2-00-00-00",)
    assert all(
        up in occupations.entries for code in occupations.codes for up in occupations.above(code)
    )


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
