"""A statement that is kept serves everybody of a kind, each with their own people."""

import datetime as dt

from sqlalchemy import bindparam, func, select

from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db
from placement.desk.register import RegisterFilter, listed_students, student_rows
from placement.outcomes.models import Decision, Outcome, Verification
from placement.statements import Kept
from tests.factories import make_outcome, make_student

DAY = dt.date(2016, 9, 1)


def rows_of(user, **asked):
    return student_rows(viewer_of(user), RegisterFilter(**asked), today=DAY, first=0, size=50)


def test_colleagues_see_their_own_people_by_the_same_statement(cast):
    make_student(cast.university, counselor=cast.wu, name="单晓梅")
    assert cast.case

    for _ in range(2):
        assert [row.name for row in rows_of(cast.wu)] == ["单晓梅"]
        assert [row.name for row in rows_of(cast.chen)] == [cast.lin_mei.name]
    assert {row.name for row in rows_of(cast.zheng)} == {"单晓梅", cast.lin_mei.name}
    assert rows_of(cast.xu) == []


def test_kept_statement_answers_as_the_one_it_was_made_of(cast):
    make_outcome(cast.lin_mei)
    wanted = RegisterFilter(state="placed", sort="-name")
    made = listed_students(viewer_of(cast.zheng), wanted, today=DAY, first=0, size=50)

    kept = student_rows(viewer_of(cast.zheng), wanted, today=DAY, first=0, size=50)

    assert [tuple(row) for row in kept] == [tuple(row) for row in db.session.execute(made)]
    assert kept


def test_values_that_are_fixed_and_those_that_are_open(cast):
    outcome = make_outcome(cast.lin_mei)
    counted = Kept(
        select(func.count())
        .select_from(Verification)
        .join(Outcome, Outcome.id == Verification.outcome_id)
        .where(
            Outcome.student_id == bindparam("student"),
            Outcome.code.in_(["10", "11", "12", outcome.code]),
            Verification.decision == Decision.VERIFIED,
        )
    )

    found = [
        counted.ask({"student": number, "more": 1}).scalar_one()
        for number in (outcome.student_id, 0)
    ]

    assert found == [1, 0]


def test_trail_names_who_was_listed_once_each(browser, cast):
    assert cast.case
    browser.sign_in(cast.chen).get("/students")

    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "students.listed")
    ).scalar_one()

    assert event.student_ids == [cast.lin_mei.id]
    assert event.details == {"page": "students"}
    assert (event.actor_id, event.actor_role) == (cast.chen.id, "counselor")
    assert (event.subject_type, event.subject_id) == ("students", None)
    assert event.origin.startswith("web ")
