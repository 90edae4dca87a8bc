"""The dated rows: which service is owed, how often somebody calls, what makes outcomes count."""

import datetime as dt
from dataclasses import replace

import pytest

from placement.reference import contact_results
from placement.reference.outcome_rules import NOTHING, rule_for
from placement.reference.service_standards import interval_in, requirement_of, standard_of
from placement.reference.tables import rows_on

WINTER, SUMMER = dt.date(2026, 11, 25), dt.date(2026, 7, 1)


def requirements_on(day: dt.date):
    return [requirement_of(row) for row in rows_on("service_standards", day)]


def contact_interval_on(day: dt.date) -> dt.timedelta:
    return standard_of([], rows_on("contact_intervals", day), day.month).interval


def test_1131_is_owed_within_half_a_year():
    owed = {each.code: (each.needed, each.within.days) for each in requirements_on(WINTER)}

    assert owed == {
        "policy": (1, 180),
        "guidance": (1, 180),
        "referrals": (3, 180),
        "training": (1, 180),
    }
    assert all(each.source for each in requirements_on(WINTER))


def test_either_training_or_internship_will_do():
    kinds = {each.code: each.kinds for each in requirements_on(WINTER)}

    assert kinds["training"] == ("training", "internship")


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (WINTER, 30),
        (dt.date(2026, 4, 30), 30),
        (dt.date(2026, 5, 1), 14),
        (SUMMER, 14),
        (dt.date(2026, 8, 31), 14),
        (dt.date(2026, 9, 1), 30),
    ],
)
def test_somebody_gets_in_touch_more_often_in_the_season_of_graduation(day, days):
    assert contact_interval_on(day).days == days


def test_season_over_the_turn_of_the_year_and_months_without_any():
    row = {"days": "7", "from_month": "11", "to_month": "2"}

    found = {month for month in range(1, 13) if interval_in([row], month)}

    assert found == {11, 12, 1, 2}
    with pytest.raises(ValueError, match="month 3"):
        standard_of([], [row], 3)


def test_requirement_is_called_by_its_chinese_name_where_there_is_no_english():
    first = requirements_on(WINTER)[0]

    assert (first.label("zh_Hans_CN"), first.label("en")) == ("政策宣讲", "Policy briefing")
    assert replace(first, en="").label("en") == "政策宣讲"


def test_freelance_needs_a_statement_the_minimum_wage_and_two_people():
    rule = rule_for("76", WINTER)

    assert (rule.papers, rule.minimum_wage, rule.both) == (("statement",), True, True)
    assert rule.source


def test_a_code_that_claims_nothing_needs_nothing():
    assert rule_for("70", WINTER) is NOTHING


def test_each_common_result_proposes_when_and_what_comes_next():
    no_answer = "no_answer"

    assert contact_results.result(no_answer) == "no_answer"
    assert contact_results.next_day(no_answer, WINTER) == dt.date(2026, 11, 27)
    assert contact_results.step(no_answer, "zh_Hans_CN") == "换个时间再次电话联系"
    assert contact_results.step(no_answer, "en") == "Call again at another time of day"
    assert next(each.code for each in contact_results.on(WINTER)) == "well"
