"""Places are given first come first served, the line moves up, and the door is kept."""

import pytest

from placement.db import db
from placement.fairs.models import SignUp, SignUpState
from placement.notices.models import Delivery
from tests.factories import make_student
from tests.fairs.cast_of_fairs import account_of, held


def states_of(fair) -> dict[int, SignUpState]:
    return {s.student_id: s.state for s in db.session.query(SignUp).filter_by(fair_id=fair.id)}


@pytest.fixture
def line(browser, cast):
    """A fair with one place, and three who signed up for it one after the other."""
    fair = held(capacity=1)
    people = [make_student(cast.university) for _ in range(3)]
    accounts = [account_of(student) for student in people]
    for account in accounts:
        browser.sign_in(account).submit(f"/fairs/{fair.id}/sign-up")
    return fair, people, accounts


def test_place_that_is_given_back_goes_to_the_first_in_line_who_is_told(browser, line):
    fair, (one, two, three), accounts = line
    before = states_of(fair)

    browser.sign_in(accounts[0]).submit(f"/fairs/{fair.id}/withdraw")

    assert before == {
        one.id: SignUpState.COMING,
        two.id: SignUpState.WAITING,
        three.id: SignUpState.WAITING,
    }
    assert states_of(fair) == {
        one.id: SignUpState.WITHDRAWN,
        two.id: SignUpState.COMING,
        three.id: SignUpState.WAITING,
    }
    assert [row.student_id for row in db.session.query(Delivery)] == [two.id]
    inbox = browser.sign_in(accounts[1]).get("/inbox").text
    assert "A place is free for you: Spring fair" in inbox


def test_who_leaves_and_signs_up_again_stands_at_the_end(browser, line):
    fair, (_one, two, three), accounts = line
    browser.sign_in(accounts[1]).submit(f"/fairs/{fair.id}/withdraw")
    browser.submit(f"/fairs/{fair.id}/sign-up")

    browser.sign_in(accounts[0]).submit(f"/fairs/{fair.id}/withdraw")

    states = states_of(fair)
    assert (states[three.id], states[two.id]) == (SignUpState.COMING, SignUpState.WAITING)


def test_more_room_is_given_to_those_who_wait(browser, cast, line):
    fair, people, _accounts = line
    fields = {"title": fair.title, "on": fair.on.isoformat(), "place": fair.place}

    browser.sign_in(cast.huang).submit(
        f"/fairs/{fair.id}/edit", **fields, capacity=3, version=fair.version
    )

    assert states_of(fair) == {student.id: SignUpState.COMING for student in people}


def test_staff_check_in_from_the_list_and_may_take_it_back(browser, cast, travel):
    fair = held()
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")
    door = f"/fairs/{fair.id}/students/{cast.lin_mei.id}/check-in"

    early = browser.sign_in(cast.chen).submit(door)
    travel(days=2)
    browser.sign_in(cast.chen).submit(door)
    page = browser.get(f"/fairs/{fair.id}?show=came")
    file = browser.get(f"/fairs/{fair.id}/students.csv?show=came")
    browser.submit(f"{door}/undo")

    assert early.status_code == 409
    assert cast.lin_mei.name in page.text
    assert cast.lin_mei.student_number in file.text
    assert db.session.query(SignUp).one().came_at is None


def test_province_gets_the_list_masked(browser, cast):
    fair = held()
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")
    browser.sign_in(cast.huang)

    file = browser.get(f"/fairs/{fair.id}/students.csv")

    assert file.status_code == 200
    assert "林梅" not in file.text
    assert cast.lin_mei.student_number not in file.text
