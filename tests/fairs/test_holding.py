"""A fair is planned, and students say that they come."""

import datetime as dt

import pytest

from placement import clock
from placement.db import db
from placement.fairs.models import Fair, SignUp, SignUpState


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
