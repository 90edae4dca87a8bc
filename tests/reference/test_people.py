"""What students are by the national tables: levels, standings, categories, origins."""

import datetime as dt

import pytest

from placement.reference import categories, hardship, levels, list_kinds, origins, standings


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


def test_level_has_a_name_in_both_languages():
    assert levels.name("31") == "本科"
    assert levels.name("31", "en") == "Bachelor"


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
