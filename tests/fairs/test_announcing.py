"""A fair is planned, announced to an audience, and students say that they come."""

import datetime as dt

import pytest

from placement import clock
from placement.db import db
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.notices.models import Channel, Delivery, DeliveryState, Notice
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student


def plan_fair(browser, **changes):
    fields = {
        "title": "Spring fair",
        "on": (clock.today() + dt.timedelta(days=2)).isoformat(),
        "place": "Fuzhou",
        "class_year": "2016",
        **changes,
    }
    return browser.submit("/fairs/new", **fields)


@pytest.fixture
def fair(browser, cast) -> Fair:
    browser.sign_in(cast.zheng)
    plan_fair(browser)
    return db.session.query(Fair).one()


def announce(browser, fair, **fields):
    return browser.submit(f"/fairs/{fair.id}/announce", channels=["inbox", "mail"], **fields)


def test_fair_is_announced_once_to_each_person_chosen(browser, cast, fair, sent_jobs):
    make_member(cast.lin_mei, Category.RURAL_ORIGIN)
    make_member(make_student(cast.university), Category.RURAL_ORIGIN)

    page = browser.get(f"/fairs/{fair.id}/announce?categories=family_hardship&channels=inbox")
    response = announce(browser, fair, categories="family_hardship", head_count=1)

    assert "1 person" in page.text
    assert response.status_code == 302
    deliveries = db.session.query(Delivery).all()
    assert {d.student_id for d in deliveries} == {cast.lin_mei.id}
    states = {d.channel: d.state for d in deliveries}
    assert states == {Channel.INBOX: DeliveryState.SENT, Channel.MAIL: DeliveryState.PENDING}


def test_same_audience_again_is_refused_unless_meant(browser, cast, fair):
    assert cast.lin_mei
    announce(browser, fair, head_count=1)

    refused = announce(browser, fair, head_count=1)
    meant = announce(browser, fair, head_count=1, again="y")

    assert (refused.status_code, meant.status_code) == (422, 302)
    assert db.session.query(Notice).count() == 2


def test_head_count_that_changed_stops_the_sending(browser, cast, fair):
    make_member(cast.lin_mei, Category.RURAL_ORIGIN)

    response = announce(browser, fair, head_count=7)

    assert response.status_code == 422
    assert db.session.query(Notice).count() == 0


def test_seeking_are_those_without_a_verified_placed_outcome(browser, cast, fair):
    seeking = [cast.lin_mei]
    for verified, code in ((False, "10"), (True, "10"), (False, "70"), (False, "72")):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        make_outcome(student, code, verified=verified)
        if (verified, code) in {(False, "10"), (False, "70")}:
            seeking.append(student)

    announce(browser, fair, parts="seeking", head_count=len(seeking))

    chosen = {d.student_id for d in db.session.query(Delivery).all()}
    assert chosen == {student.id for student in seeking}


def test_those_who_left_are_not_invited(browser, cast, fair):
    gone = make_student(cast.university)
    make_member(gone, Category.RURAL_ORIGIN)
    make_standing(gone, StandingKind.WITHDRAWN)
    assert cast.lin_mei

    page = browser.get(f"/fairs/{fair.id}/announce?channels=inbox")

    assert "1 person" in page.text


def test_university_invites_only_its_own(browser, cast, fair):
    assert cast.lin_mei
    assert cast.stranger

    page = browser.get(f"/fairs/{fair.id}/announce?channels=inbox")

    assert "1 person" in page.text


def test_student_signs_up_and_may_think_again(browser, cast, fair):
    browser.sign_in(cast.lin_mei_user)

    browser.submit(f"/fairs/{fair.id}/sign-up")
    coming = db.session.query(SignUp).one().state
    browser.submit(f"/fairs/{fair.id}/withdraw")

    assert coming is SignUpState.COMING
    assert db.session.query(SignUp).one().state is SignUpState.WITHDRAWN


def test_fair_of_another_university_does_not_exist(browser, cast, fair):
    browser.sign_in(cast.xu)

    assert browser.get(f"/fairs/{fair.id}").status_code == 404


def test_fair_that_is_over_takes_nobody(browser, cast, fair, travel):
    student = cast.lin_mei_user

    travel(days=3)
    response = browser.sign_in(student).submit(f"/fairs/{fair.id}/sign-up")

    assert response.status_code == 409
    assert db.session.query(SignUp).count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"title": " "}, id="no-title"),
        pytest.param({"on": "soon"}, id="no-day"),
        pytest.param({"starts_at": "10:00", "ends_at": "09:00"}, id="ends-first"),
        pytest.param({"class_year": "16"}, id="no-year"),
    ],
)
def test_bad_fair_is_explained_and_not_written(browser, cast, wrong):
    browser.sign_in(cast.huang)

    response = plan_fair(browser, **wrong)

    assert response.status_code == 422
    assert db.session.query(Fair).count() == 0
