"""Each kind of import is taken back: outcomes, lists, wishes, postings, baselines, universities."""

import datetime as dt

from sqlalchemy import select

from placement.accounts.models import University
from placement.db import db
from placement.intake.models import ListKind, ListMatch
from placement.jobs.models import Posting, PostingState
from tests.intake.people import student
from tests.intake.taking import (
    counts,
    know_universities,
    known,
    register_now,
    sample,
    take,
    take_samples,
    take_students,
    undo,
)

JUNE = dt.date(2016, 6, 1)


def test_outcomes_and_their_verification_go_back(app):
    take_samples()
    before = register_now()
    new = take("outcomes", sample("outcomes.csv"))
    reported = register_now()
    verified = take("outcomes", sample("outcomes.csv"), verified=True)

    undo(verified)
    assert register_now() == reported
    undo(new)
    assert register_now() == before


def test_corrected_details_go_back(app):
    take_students(student(1))
    row = {"student_number": "20120001", "code": "10", "employer": "甲", "effective_on": "20160701"}
    take("outcomes", row)
    before = register_now()

    undo(take("outcomes", row | {"employer": "乙"}))

    assert register_now() == before


def test_a_list_goes_back_with_its_members_and_those_who_left(app):
    take_samples()
    kind = {"list_kind": ListKind.LOW_INCOME, "confirm": True}
    low_income = sample("list-low-income.csv")
    take("list", low_income, as_of=dt.date(2016, 4, 1), **kind)
    before = register_now()
    shorter = b"\n".join(low_income.splitlines()[:3])

    answer = take("list", shorter, as_of=JUNE, complete=True, **kind)
    assert answer["list"]["left"] == 3
    assert register_now() != before
    undo(answer)

    assert register_now() == before


def test_questions_that_a_list_answered_are_open_again(app):
    take_samples()
    low_income = sample("list-low-income.csv")
    take("list", low_income, list_kind=ListKind.LOW_INCOME)
    answer = take("list", low_income, list_kind=ListKind.LOW_INCOME, confirm=True)

    undo(answer)

    first = select(ListMatch.decision, ListMatch.decided_at).where(
        ListMatch.import_id != answer["import_id"]
    )
    assert set(db.session.execute(first).all()) == {(None, None)}
    assert not [row for row in known("memberships") if row[3] == "list"]


def test_wishes_and_postings_go_back(app):
    take_students(student(1), student(2))
    take("wishes", {"student_number": "20120001", "salary": "4000"})
    posting = {"employer": "甲", "title": "文员", "openings": "2", "posting": "1"}
    take("postings", posting)
    before = register_now()

    wishes = take(
        "wishes",
        {"student_number": "20120001", "salary": "5000"},
        {"student_number": "20120002", "salary": "5000"},
    )
    postings = take("postings", posting | {"openings": "9"}, posting | {"posting": "2"})
    undo(wishes)
    undo(postings)

    assert register_now() == before


def test_a_posting_that_was_undone_is_opened_again(app):
    posting = {"employer": "甲", "title": "文员", "openings": "2", "posting": "1"}
    first = take("postings", posting)
    number = db.session.execute(select(Posting.id)).scalar_one()
    undo(first)
    assert db.session.execute(select(Posting.state)).scalar_one() is PostingState.CLOSED

    again = take("postings", posting | {"openings": "5"})

    found = db.session.execute(select(Posting)).scalar_one()
    assert counts(again) == (1, 0, 0, 0)
    assert (found.id, found.state, found.openings) == (number, PostingState.OPEN, 5)
    undo(again)
    found = db.session.execute(select(Posting)).scalar_one()
    assert (found.state, found.openings) == (PostingState.CLOSED, 2)


def test_a_baseline_goes_back(app):
    know_universities()
    take("baseline", sample("baseline.csv"))
    before = register_now()

    undo(take("baseline", sample("baseline.csv").replace(b"3056", b"3100")))

    assert register_now() == before


def test_universities_go_back_as_far_as_nobody_knows_them(app):
    take("universities", {"code": "90001", "name": "示例大学"})

    answer = take(
        "universities",
        {"code": "90001", "name": "示例理工大学"},
        {"code": "90002", "name": "示例职业学院"},
    )
    undo(answer)

    found = db.session.execute(select(University)).scalars().all()
    assert [(u.code, u.name, u.name_key) for u in found] == [("90001", "示例大学", "shi li da xue")]
