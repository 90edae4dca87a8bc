"""Who is responsible: handed over, covered, reassigned, and never nobody."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from placement import clock
from placement.accounts.models import User
from placement.db import db, system_scope, transaction, use_scope
from placement.students.models import Assignment, Category, HandOver, LeaveCover, Reassignment
from placement.students.responsible import responsible_id
from tests.factories import assign, make_member, make_student


@pytest.fixture
def caseload(cast):
    students = [make_student(cast.university, class_name=f"{n}班") for n in (1, 1, 2, 2)]
    for student in students:
        make_member(student, Category.RURAL_ORIGIN)
        assign(student, cast.chen)
    return [student.id for student in students]


def holders(student_ids):
    db.session.rollback()
    return [responsible_id(number) for number in student_ids]


def digest_in(page: str) -> str:
    return re.search(r'name="digest"[^>]*value="(\w+)"', page).group(1)


def test_student_moves_when_the_colleague_accepts(browser, cast):
    case_id, student_id, wu_id = cast.case.id, cast.lin_mei.id, cast.wu.id
    browser.sign_in(cast.chen)
    browser.submit(f"/responsibility/hand-over/{student_id}", receiver_id=wu_id, reason="On leave")
    browser.sign_in(cast.wu)
    before = browser.get(f"/cases/{case_id}")
    offer = db.session.query(HandOver).one()

    offered = browser.get("/responsibility")
    browser.submit(f"/responsibility/hand-overs/{offer.id}/accept")
    after = browser.get(f"/cases/{case_id}")

    assert "林梅" in offered.text
    assert (before.status_code, after.status_code) == (404, 200)
    assert browser.sign_in(cast.chen).get(f"/cases/{case_id}").status_code == 404
    rows = db.session.query(Assignment).filter_by(student_id=student_id).all()
    assert sorted(row.holds_to is None for row in rows) == [False, True]


def test_refused_student_stays_and_the_reason_is_read(browser, cast):
    student_id, wu_id = cast.lin_mei.id, cast.wu.id
    browser.sign_in(cast.chen)
    browser.submit(f"/responsibility/hand-over/{student_id}", receiver_id=wu_id, reason="On leave")
    offer = db.session.query(HandOver).one()

    browser.sign_in(cast.wu).submit(
        f"/responsibility/hand-overs/{offer.id}/refuse", answer="I have 300 already"
    )

    assert "I have 300 already" in browser.sign_in(cast.chen).get("/responsibility").text
    assert holders([student_id]) == [cast.chen.id]


def test_only_who_is_responsible_hands_over(browser, cast, caseload):
    with transaction():
        db.session.add(
            LeaveCover(
                absent_id=cast.chen.id,
                cover_id=cast.wu.id,
                first_on=clock.today(),
                last_on=clock.today(),
            )
        )
    browser.sign_in(cast.wu)

    response = browser.submit(
        f"/responsibility/hand-over/{caseload[0]}", receiver_id=cast.chen.id, reason="Take it"
    )

    assert response.status_code == 422
    assert db.session.query(HandOver).count() == 0


def test_cover_sees_the_caseload_on_its_days_only(browser, cast, travel):
    case_id, today = cast.case.id, clock.today()
    browser.sign_in(cast.chen).submit(
        "/responsibility/cover",
        absent_id=cast.chen.id,
        cover_id=cast.wu.id,
        first_on=today.isoformat(),
        last_on=today.isoformat(),
    )
    during = browser.sign_in(cast.wu).get(f"/cases/{case_id}")

    travel(days=1)
    afterwards = browser.sign_in(cast.wu).get(f"/cases/{case_id}")

    assert (during.status_code, afterwards.status_code) == (200, 404)


def test_caseload_is_shared_out_after_a_look_and_taken_back(browser, cast, caseload):
    gives = {"giver": cast.chen.id, "receivers": [cast.wu.id], "reason": "Ms Chen changes office"}
    browser.sign_in(cast.zheng)
    look = browser.submit("/responsibility/reassign", act="look", **gives)
    untouched = holders(caseload)

    browser.submit("/responsibility/reassign", act="do", digest=digest_in(look.text), **gives)
    moved = holders(caseload)
    row = db.session.query(Reassignment).one()
    browser.submit(f"/responsibility/reassignments/{row.id}/undo")

    assert untouched == [cast.chen.id] * 4
    assert moved == [cast.wu.id] * 4
    assert holders(caseload) == [cast.chen.id] * 4


def test_preview_that_is_out_of_date_is_not_done(browser, cast, caseload):
    gives = {"giver": cast.chen.id, "receivers": [cast.wu.id], "reason": "Leave"}
    browser.sign_in(cast.zheng)
    shown = digest_in(browser.submit("/responsibility/reassign", act="look", **gives).text)
    late = make_student(cast.university, counselor=cast.chen)

    response = browser.submit("/responsibility/reassign", act="do", digest=shown, **gives)

    assert response.status_code == 422
    assert holders([*caseload, late.id]) == [cast.chen.id] * 5


def test_account_with_open_cases_is_not_closed(browser, cast, caseload):
    browser.sign_in(cast.zheng)

    refused = browser.submit(f"/accounts/{cast.chen.id}/close")
    closed = browser.submit(f"/accounts/{cast.wu.id}/close")

    assert (refused.status_code, closed.status_code) == (422, 302)
    db.session.rollback()
    assert db.session.get(User, cast.chen.id).disabled_at is None


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("UPDATE assignments SET holds_to = holds_from", id="assignment-ends"),
        pytest.param("DELETE FROM assignments", id="assignment-goes"),
        pytest.param("UPDATE users SET disabled_at = now() WHERE username = 'chen'", id="account"),
    ],
)
def test_database_leaves_no_open_case_alone(cast, harm):
    assert cast.case.closed_on is None

    with (
        pytest.raises(IntegrityError, match=r"would be without|is responsible for"),
        use_scope(system_scope("harm")),
        transaction(),
    ):
        db.session.execute(text(harm))
