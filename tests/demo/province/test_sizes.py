"""Provinces of every size and on every day of the year hold together."""

import datetime as dt
from decimal import Decimal

import pytest

from placement.demo.province.check import check_plan
from placement.demo.province.plan import plan_province
from placement.demo.province.sizes import hardship_placed, sizes_for

HEADLINE = ("family_hardship", "ethnic_minority", "rural_origin", "disability")


@pytest.mark.parametrize("students", [20, 50, 137, 1000, 3000])
def test_small_province_keeps_the_proportions(students: int) -> None:
    figures = check_plan(plan_province(students=students, today=dt.date(2026, 11, 24)))

    history = figures["history"]
    assert history["registered"] == students
    assert sum(history["excluded"].values()) == max(1, round(students * 159 / 34_267))
    assert abs(Decimal(history["rate"]) - Decimal("96.65")) < 100 / Decimal(students)
    assert history["excluded_placed"] == 0
    assert history["only_employment_difficulty"] == 0
    assert all(history["categories"][name]["registered"] for name in HEADLINE)
    assert figures["current"]["registered"] >= 5
    assert figures["identities"]["bad_id_numbers"] == 0


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(dt.date(2027, 1, 1), id="new-year"),
        pytest.param(dt.date(2028, 2, 29), id="leap-day"),
        pytest.param(dt.date(2027, 6, 30), id="graduation"),
        pytest.param(dt.date(2026, 12, 31), id="year-end"),
        pytest.param(dt.date(2018, 1, 2), id="earliest"),
        pytest.param(dt.date(2045, 7, 1), id="far-off"),
    ],
)
def test_class_of_the_year_is_in_full_swing_on_any_day(today: dt.date) -> None:
    figures = check_plan(plan_province(students=400, today=today))

    assert figures["current"]["registered"] == 40
    assert figures["current"]["placed"] > 5
    assert figures["history"]["rate"] == "96.73"


def test_figures_of_the_report_at_full_size() -> None:
    sizes = sizes_for(34_267)

    assert (sizes.excluded, sizes.counted, sizes.placed) == (159, 34_108, 32_965)
    assert hardship_placed(20_000) == 19_610


def test_province_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="20 students or more"):
        plan_province(students=19, today=dt.date(2026, 11, 24))


def test_day_within_the_history_is_refused() -> None:
    with pytest.raises(ValueError, match="2018 or later"):
        plan_province(students=100, today=dt.date(2017, 6, 1))
