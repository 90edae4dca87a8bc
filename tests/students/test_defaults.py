"""Who takes the students for whom nobody is named, as the university says it."""

import pytest

from placement import clock
from placement.accounts.models import Role
from placement.accounts.operations import disable_user
from placement.audit.models import AuditEvent
from placement.cases.operations import open_cases
from placement.db import db, transaction
from placement.students.models import Assignment, DefaultCounselor
from tests.factories import make_student, make_user, save

PAGE = "/responsibility/defaults"


def responsible_for_a_new_case(cast, **of):
    student = make_student(cast.university, **of)
    with transaction():
        open_cases([student.id], opened_on=clock.today())
    row = db.session.query(Assignment).filter_by(student_id=student.id).one()
    return row.counselor_id


def test_named_counselor_takes_new_cases_until_it_is_ended_or_taken_back(browser, cast):
    browser.sign_in(cast.zheng)
    browser.submit(PAGE, college="", counselor_id=cast.chen.id)
    first = db.session.query(DefaultCounselor).one()
    by_chen = responsible_for_a_new_case(cast)
    browser.submit(PAGE, college="", counselor_id=cast.wu.id)
    second = db.session.query(DefaultCounselor).filter_by(ended_at=None).one()
    shown = browser.get("/responsibility").text
    by_wu = responsible_for_a_new_case(cast)
    browser.submit(f"{PAGE}/{second.id}/undo")
    by_chen_again = responsible_for_a_new_case(cast)
    browser.submit(
        f"{PAGE}/{db.session.query(DefaultCounselor).filter_by(ended_at=None).one().id}/end"
    )
    by_nobody = responsible_for_a_new_case(cast)

    assert [by_chen, by_wu, by_chen_again, by_nobody] == [
        cast.chen.id,
        cast.wu.id,
        cast.chen.id,
        None,
    ]
    assert f"{cast.wu.display_name} takes the whole university" in shown
    assert "they are to be assigned" in browser.get("/responsibility").text
    assert browser.submit(f"{PAGE}/{first.id}/undo").status_code == 422
    told = db.session.query(AuditEvent).filter_by(action="default_counselor.set").count()
    assert told == 4


def test_closed_account_takes_nobody_by_default(browser, cast):
    leaving = make_user(Role.COUNSELOR, cast.university)
    browser.sign_in(cast.zheng).submit(PAGE, college="", counselor_id=leaving.id)
    with transaction():
        disable_user(leaving, actor_id=cast.zheng.id)
        save(leaving)

    assert responsible_for_a_new_case(cast) is None
    assert "account closed" in browser.get("/responsibility").text


def test_account_of_a_college_names_for_its_own_college_only(browser, cast):
    clerk = make_user(Role.UNIVERSITY, cast.university, colleges=["文学院"])
    browser.sign_in(clerk)

    whole = browser.submit(PAGE, college="", counselor_id=cast.chen.id)
    own = browser.submit(PAGE, college="文学院", counselor_id=cast.chen.id)

    assert (whole.status_code, own.status_code) == (422, 302)
    assert responsible_for_a_new_case(cast, college="文学院") == cast.chen.id
    assert responsible_for_a_new_case(cast, college="理学院") is None
    browser.sign_in(cast.zheng).submit(PAGE, college="", counselor_id=cast.wu.id)
    mine = browser.sign_in(clerk).get("/responsibility").text
    assert f"{cast.wu.display_name} takes" not in mine


@pytest.mark.parametrize("who", ["gao", "zheng"])
def test_only_own_counselors_take_students(browser, cast, who):
    page = browser.sign_in(cast.zheng).submit(PAGE, college="", counselor_id=getattr(cast, who).id)

    assert page.status_code == 422
    assert db.session.query(DefaultCounselor).count() == 0
