"""Baselines and the list of universities are taken in."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.accounts.models import University
from placement.db import db
from placement.errors import NotAllowedError
from placement.intake.models import Import
from placement.reports.models import Baseline
from tests.intake.taking import (
    counts,
    faults,
    know_universities,
    look_at,
    register_now,
    sample,
    take,
    warned,
)

HEADINGS = "院校代码,学历,毕业生数,落实人数,统计日期"


def baseline(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines, ""]).encode()


def counted() -> list[tuple[object, ...]]:
    return [row[2:] for row in register_now()["baselines"]]


def test_the_sample_baseline_is_taken_once(app):
    know_universities()

    first = take("baseline", sample("baseline.csv"))
    again = take("baseline", sample("baseline.csv"))

    assert counts(first) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)
    assert counted() == [
        ("31", 3200, 3056, dt.date(2016, 12, 31)),
        ("41", 2100, 1995, dt.date(2016, 12, 31)),
    ]


def test_other_counts_of_the_day_replace_the_old_and_these_stay_known(app):
    know_universities()
    take("baseline", baseline("90001,31,100,90,2016-12-31"))

    answer = take("baseline", baseline("90001,31,100,95,2016-12-31"))

    rows = db.session.execute(select(Baseline).order_by(Baseline.id)).scalars().all()
    assert counts(answer) == (0, 1, 0, 0)
    assert [(row.placed, row.voided_at is None) for row in rows] == [(90, False), (95, True)]
    assert rows[0].voided_at == rows[1].recorded_at


def test_another_day_is_another_count(app):
    know_universities()
    take("baseline", baseline("90001,31,100,90,2016-08-31"))

    answer = take("baseline", baseline("90001,31,100,95,2016-12-31"))

    assert counts(answer) == (1, 0, 0, 0)
    assert len(counted()) == 2


def test_a_count_is_known_from_its_moment(app):
    know_universities()
    learnt = dt.datetime(2017, 1, 5, 9, tzinfo=clock.ZONE)

    take("baseline", baseline("90001,31,100,90,2016-12-31"), recorded_at=learnt)

    assert db.session.execute(select(Baseline.recorded_at)).scalar_one() == learnt


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("90009,31,9,8,2016-12-31", ("university", "unknown_university"), id="school"),
        pytest.param("90001,31,9,10,2016-12-31", ("placed", "bad_format"), id="more placed"),
        pytest.param("90001,31,9,8,", ("as_of", "missing"), id="no day"),
    ],
)
def test_what_is_refused_of_a_baseline(app, line, fault):
    know_universities()

    answer = take("baseline", baseline(line))

    assert faults(answer) == [(2, *fault)]
    assert counted() == []


def test_universities_are_added_and_corrected(app):
    first = take(
        "universities",
        {"code": "90001", "name": "示例大学", "city": "350100", "kind": "本科"},
        {"code": "90002", "name": "示例职业学院"},
    )
    again = take(
        "universities",
        {"code": "90001", "name": "示例大学", "city": "", "kind": "本科"},
        {"code": "90002", "name": "示例职业技术学院", "city": "350200", "kind": "高职"},
    )

    found = db.session.execute(select(University).order_by(University.code)).scalars().all()
    assert (counts(first), counts(again)) == ((2, 0, 0, 0), (0, 1, 1, 0))
    assert [(u.name, u.city, u.kind) for u in found] == [
        ("示例大学", "350100", "undergraduate"),
        ("示例职业技术学院", "350200", "vocational"),
    ]
    assert found[1].name_key == "shi li zhi ye ji shu xue yuan"


def test_a_university_cannot_send_the_list_of_all(app):
    university_id = know_universities()["90001"]

    with pytest.raises(NotAllowedError):
        take("universities", {"code": "90005", "name": "新"}, university_id=university_id)


def test_previews_write_nothing(app):
    know_universities()

    seen = look_at("baseline", baseline("90001,31,100,90,2016-12-31"))
    schools = look_at("universities", {"code": "90005", "name": "新学院"})

    assert (counts(seen), counts(schools)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    assert counted() == []
    assert db.session.execute(select(Import.id)).first() is None
    assert "90005" not in know_universities()
    assert warned(schools) == set()
