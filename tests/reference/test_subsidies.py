"""The dated rows of the subsidies: each has its source, its papers have names, its window fits."""

import datetime as dt

from placement.reference.destinations import codes
from placement.reference.subsidies import paper_name, subsidy_of
from placement.reference.tables import rows_on

WINTER = dt.date(2026, 11, 25)


def subsidies_on(day: dt.date):
    return [subsidy_of(row) for row in rows_on("subsidies", day)]


def test_every_subsidy_says_where_it_is_written_and_what_it_asks_for():
    found = subsidies_on(WINTER)

    assert [each.code for each in found] == ["job_search", "flexible_insurance", "startup"]
    for each in found:
        opens, closes = each.window(2027)
        assert each.source
        assert opens < closes
        assert each.where("en")
        assert each.also("zh_Hans_CN")
        assert all(paper_name(paper, "en") for paper in each.papers)
        assert set(each.outcomes) <= set(codes)
        assert each.seeking is not bool(each.outcomes)


def test_search_for_work_is_helped_in_the_year_of_graduation_and_by_class_alone():
    search = subsidies_on(WINTER)[0]

    assert search.window(2027) == (dt.date(2026, 9, 1), dt.date(2027, 6, 30))
    assert search.amount == 2000
    assert search.name("zh_Hans_CN") == "求职创业补贴"
    assert not {"ethnic_minority", "rural_origin"} & set(search.classes)


def test_defaults_are_confirmed_for_no_year_and_a_province_confirms_by_the_year():
    row = rows_on("subsidies", WINTER)[0]

    assert not any(each.is_confirmed(2000) for each in subsidies_on(WINTER))
    confirmed = subsidy_of({**row, "confirmed_for": "2026"})
    assert [confirmed.is_confirmed(year) for year in (2025, 2026, 2027)] == [True, True, False]
