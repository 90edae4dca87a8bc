"""Wishes and postings are taken in."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement.db import db
from placement.intake.models import ImportChange
from placement.jobs.models import Employer, Posting, Wish
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    faults,
    know_universities,
    look_at,
    register_now,
    sample,
    take,
    take_students,
)


def wish(serial: int = 1, **changes: object) -> dict[str, object]:
    row = {
        "student_number": f"2012{serial:04}",
        "university": "90001",
        "places": "350100;350200",
        "salary": "4500",
        "skills": "Linux;SQL",
    }
    return row | changes


def posting(**changes: object) -> dict[str, object]:
    row = {
        "employer": "福州示例软件有限公司",
        "title": "初级测试工程师",
        "city": "350100",
        "salary_min": "4500",
        "salary_max": "6500",
        "openings": "3",
        "level": "31",
        "deadline": "2016-12-31",
    }
    return row | changes


@pytest.fixture
def graduates(app):
    take_students(student(1), student(2))


def test_wishes_are_set_and_set_again(graduates):
    first = take("wishes", wish(1), wish(2, places="不限"))
    again = take("wishes", wish(1), wish(2, places="不限"))
    changed = take("wishes", wish(1, salary="5000"))

    found = db.session.execute(select(Wish).order_by(Wish.id)).scalars().all()
    assert counts(first) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)
    assert counts(changed) == (0, 1, 0, 0)
    assert (found[0].places, found[0].salary, found[0].version) == (["350100", "350200"], 5000, 2)
    assert (found[1].places, found[1].anywhere) == ([], True)


def test_a_wish_without_a_column_stays(graduates):
    take("wishes", wish(1))

    answer = take("wishes", {"student_number": "20120001", "salary": "4500"})

    found = db.session.execute(select(Wish)).scalar_one()
    assert counts(answer) == (0, 0, 1, 0)
    assert found.skills == "Linux;SQL"


def test_whose_wishes_nobody_knows(graduates):
    answer = take("wishes", wish(9))

    assert faults(answer) == [(2, "student_number", "unknown_student")]


def test_two_rows_of_one_student(graduates):
    by_id = {"id_number": id_number(1), "places": "350100;350200", "skills": "Linux;SQL"}

    answer = take("wishes", wish(1), by_id | {"salary": "4500"}, by_id | {"salary": "9000"})

    assert counts(answer) == (1, 0, 1, 1)
    assert answer["errors"][0]["code"] == "duplicate_in_file"


def test_a_preview_of_wishes_writes_nothing(graduates):
    assert counts(look_at("wishes", wish(1))) == (1, 0, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Wish)) == 0


def test_the_sample_postings_are_taken_once(app):
    first = take("postings", sample("postings.csv"))
    before = register_now()
    again = take("postings", sample("postings.csv"))

    assert counts(first) == (4, 0, 0, 0)
    assert counts(again) == (0, 0, 4, 0)
    assert register_now() == before
    assert db.session.scalar(select(func.count()).select_from(Employer)) == 4
    clerk = db.session.execute(select(Posting).where(Posting.title == "行政文员")).scalar_one()
    assert clerk.reserved_for == ["disability"]
    assert clerk.accommodations == ["电梯", "无障碍卫生间", "可远程办公"]
    assert clerk.deadline == dt.date(2016, 12, 31)


def test_a_posting_is_known_by_its_number(app):
    take("postings", posting(posting="A-1"))

    answer = take("postings", posting(posting="A-1", title="测试工程师", openings="5"))

    found = db.session.execute(select(Posting)).scalar_one()
    assert counts(answer) == (0, 1, 0, 0)
    assert (found.number, found.title, found.openings) == ("A-1", "测试工程师", 5)
    assert db.session.scalar(select(func.count()).select_from(ImportChange)) == 1


def test_a_posting_without_a_number_is_known_by_what_it_is(app):
    take("postings", posting())

    answer = take("postings", posting(openings="5"), posting(title="文员"))

    assert counts(answer) == (1, 1, 0, 0)
    assert sorted(db.session.execute(select(Posting.openings)).scalars()) == [3, 5]


def test_the_same_posting_with_other_data_is_refused(app):
    answer = take("postings", posting(), posting(), posting(openings="9"))

    assert counts(answer) == (1, 0, 1, 1)
    assert faults(answer) == [(4, "posting", "duplicate_in_file")]


def test_an_employer_is_one_by_code_or_by_name(app):
    code = "91350100M000100Y43"
    take("postings", posting(employer="示例公司", posting="1"))
    known_by_name = take("postings", posting(employer="示例公司", employer_code=code, posting="2"))
    known_by_code = take("postings", posting(employer="示例集团", employer_code=code, posting="3"))

    employer = db.session.execute(select(Employer)).scalar_one()
    assert (counts(known_by_name), counts(known_by_code)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    assert (employer.name, employer.code) == ("示例公司", code)
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 3


def test_a_university_touches_its_own_postings_only(app):
    university_id = know_universities()["90001"]
    take("postings", posting(posting="A-1"))

    foreign = take("postings", posting(posting="A-1", openings="9"), university_id=university_id)
    own = take("postings", posting(posting="A-2"), university_id=university_id)

    assert faults(foreign) == [(2, "posting", "foreign_posting")]
    assert counts(own) == (1, 0, 0, 0)
    brought = db.session.execute(select(Posting.university_id).order_by(Posting.id)).scalars().all()
    assert brought == [None, university_id]


def test_a_preview_of_postings_writes_nothing(app):
    assert counts(look_at("postings", posting(), posting(title="文员"))) == (2, 0, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Employer)) == 0
