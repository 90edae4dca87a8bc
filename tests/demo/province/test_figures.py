"""The province's own figures, read back from the files at full size."""

from decimal import Decimal

import pytest

from placement.demo.province.check import Figures

pytestmark = pytest.mark.slow

HEADLINE = ("family_hardship", "ethnic_minority", "rural_origin", "disability")


def test_figures_of_2016_are_those_of_the_report(whole_figures: Figures) -> None:
    figures = whole_figures["history"]

    assert figures["registered"] == 34_267
    assert sum(figures["excluded"].values()) == 159
    assert figures["denominator"] == 34_108
    assert figures["placed"] == 32_965
    assert figures["rate"] == "96.65"
    assert figures["rate_registered"] == "96.20"
    assert figures["categories"]["family_hardship"]["rate"] == "98.05"


def test_both_rates_follow_from_one_numerator(whole_figures: Figures) -> None:
    figures = whole_figures["history"]

    assert figures["excluded_placed"] == 0
    assert figures["only_employment_difficulty"] == 0
    assert set(figures["excluded"]) == {
        "completed",
        "deferred",
        "withdrawn",
        "transferred",
        "deceased",
    }


def test_figures_were_known_on_the_last_evening_of_the_year(whole_figures: Figures) -> None:
    assert whole_figures["history"]["known_then"] == "96.65"


def test_rate_of_all_graduates_is_below_the_register(whole_figures: Figures) -> None:
    for day in ("history", "august"):
        figures = whole_figures[day]
        assert figures["baseline"] is not None
        assert Decimal(figures["baseline"]["rate"]) < Decimal(figures["rate"])

    assert whole_figures["history"]["baseline"]["graduates"] >= 34_267 + 34_000


def test_rate_has_risen_to_nine_in_ten_by_the_end_of_august(whole_figures: Figures) -> None:
    assert Decimal("89.5") < Decimal(whole_figures["august"]["rate"]) < Decimal("91")


def test_categories_overlap_and_are_as_large_as_in_fujian(whole_figures: Figures) -> None:
    categories = whole_figures["history"]["categories"]
    sizes = {name: categories[name]["registered"] for name in HEADLINE}

    assert 23_500 < sizes["rural_origin"] < 25_000
    assert 14_500 < sizes["family_hardship"] < 16_000
    assert 2_400 < sizes["ethnic_minority"] < 2_800
    assert 450 < sizes["disability"] < 600
    assert sum(sizes.values()) > 34_267
    assert all(90 < Decimal(categories[name]["rate"]) < 99 for name in HEADLINE)


def test_the_lists_matter(whole_figures: Figures) -> None:
    figures = whole_figures["history"]

    assert figures["only_by_list"] > 1_000
    for name, result in figures["lists"].items():
        assert 0 < result["possible"] <= max(1, result["matched"] // 200), name
        assert result["not_ours"], name
        assert result["duplicate"], name
    assert figures["lists"]["list-2016-poverty-0930.xlsx"]["left"] > 50


def test_nobody_shares_an_identity(whole_figures: Figures) -> None:
    identities = whole_figures["identities"]

    assert identities["distinct_id_numbers"] == identities["people"] > 70_000
    assert identities["bad_id_numbers"] == 0


def test_every_university_has_its_part(whole_figures: Figures) -> None:
    assert whole_figures["universities"] == 89
    assert whole_figures["history"]["universities"] == 89
    assert whole_figures["current"]["universities"] == 89


def test_class_under_way_is_a_tenth_and_half_done(whole_figures: Figures) -> None:
    figures = whole_figures["current"]

    assert figures["registered"] == 3_427
    assert figures["known"] < figures["denominator"]
    assert 25 < Decimal(figures["rate"]) < 60
    assert figures["codes"]["70"] > 500


@pytest.mark.parametrize("code", ["46", "50", "51", "75", "76", "80", "85"])
def test_every_way_out_is_taken_by_some(whole_figures: Figures, code: str) -> None:
    assert whole_figures["history"]["codes"][code] > 100
