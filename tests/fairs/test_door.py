"""A ticket is read by a camera or its code is typed; twice and the wrong fair are told."""

import datetime as dt
import re

import pytest

from placement import clock
from placement.db import db
from placement.fairs.models import SignUp
from placement.fairs.operations import end_of
from placement.fairs.tickets import Ticket, folded_code, read_ticket
from tests.factories import make_student
from tests.fairs.cast_of_fairs import account_of, held


@pytest.fixture
def fair(cast):
    """A fair of the university in two days."""
    return held(university_id=cast.university.id)


@pytest.fixture
def answer(browser, cast, fair) -> SignUp:
    """Lin Mei's sign-up."""
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")
    return db.session.query(SignUp).one()


def scan(browser, fair, answer, expires_at=None) -> str:
    ticket = Ticket(fair.id, answer.uid, expires_at or end_of(fair))
    return f"/fairs/door/{ticket.signed()}"


def test_student_has_a_ticket_only_with_a_place(browser, cast, fair):
    browser.sign_in(cast.lin_mei_user)
    before = browser.get(f"/fairs/{fair.id}/ticket")
    browser.submit(f"/fairs/{fair.id}/sign-up")

    page = browser.get(f"/fairs/{fair.id}/ticket")
    picture = browser.get(f"/fairs/{fair.id}/ticket.svg")
    browser.submit(f"/fairs/{fair.id}/withdraw")

    assert before.status_code == 409
    code = db.session.query(SignUp).one().code
    assert f"{code[:3]} {code[3:]}" in page.text
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    assert browser.get(f"/fairs/{fair.id}/ticket.svg").status_code == 409


def test_ticket_holds_nothing_of_the_person_and_cannot_be_forged(app, fair, answer):
    token = Ticket(fair.id, answer.uid, end_of(fair)).signed()
    other = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")

    read = read_ticket(token)

    assert read == Ticket(fair.id, answer.uid, end_of(fair))
    assert [read_ticket(forged) for forged in (other, "", "x.y", token[5:])] == [None] * 4


def test_scanned_ticket_shows_who_and_lets_them_in_once(browser, cast, fair, answer, travel):
    early = browser.sign_in(cast.chen).get(scan(browser, fair, answer))
    travel(days=2)
    browser.sign_in(cast.chen)

    shown = browser.get(scan(browser, fair, answer))
    browser.submit(scan(browser, fair, answer))
    came_at = db.session.query(SignUp).one().came_at
    again = browser.get(scan(browser, fair, answer))
    browser.submit(scan(browser, fair, answer))
    door = browser.get(f"/fairs/{fair.id}/door")
    unchanged = db.session.query(SignUp).one().came_at
    browser.submit(f"/fairs/{fair.id}/door/{answer.id}/undo")

    assert early.status_code == 422
    assert "has not begun" in early.text
    assert "林梅" in shown.text
    assert "This ticket was used" in again.text
    assert came_at is not None
    assert unchanged == came_at
    assert "was checked in before" in door.text
    assert "1 of 1 came" in door.text
    assert db.session.query(SignUp).one().came_at is None


def test_typed_code_lets_them_in_and_other_codes_are_told_apart(
    browser, cast, fair, answer, travel
):
    other = held(title="Other fair", on=fair.on)
    browser.submit(f"/fairs/{other.id}/sign-up")
    there = db.session.query(SignUp).filter_by(fair_id=other.id).one()
    travel(days=2)
    browser.sign_in(cast.chen)
    door = f"/fairs/{fair.id}/door"

    answers = [browser.submit(door, code=code).text for code in ("", "12", "222222", there.code)]
    typed = browser.submit(door, code=f" {answer.code[:3].lower()}-{answer.code[3:]} ")
    elsewhere = browser.get(scan(browser, other, there))

    assert "six letters and digits" in answers[1]
    assert "No ticket of this fair fits." in answers[2]
    assert "This ticket is for another fair: Other fair" in answers[3]
    assert typed.status_code == 302
    assert answer.student_id in {
        s.student_id for s in db.session.query(SignUp) if s.came_at is not None
    }
    assert "You have checked people in at Spring fair" in elsewhere.text


def test_host_lets_in_whom_it_does_not_look_after_by_a_part_of_the_name(
    browser, cast, fair, travel
):
    fair = held(university_id=cast.university.id, title="Open to all")
    guest = make_student(cast.university, name="陈小竹")
    browser.sign_in(account_of(guest)).submit(f"/fairs/{fair.id}/sign-up")
    answer = db.session.query(SignUp).filter_by(fair_id=fair.id).one()
    travel(days=2)

    shown = browser.sign_in(cast.wu).get(scan(browser, fair, answer))
    browser.submit(scan(browser, fair, answer))
    province = browser.sign_in(cast.huang).get(scan(browser, fair, answer))
    stranger = browser.sign_in(cast.gao).get(scan(browser, fair, answer))

    assert "陈**" in shown.text
    assert "陈小竹" not in shown.text
    assert "student card" in shown.text
    assert db.session.get(SignUp, answer.id).came_at is not None
    assert "陈小竹" not in province.text
    assert stranger.status_code == 404


def test_ticket_of_a_guest_at_a_fair_of_others_is_sent_to_the_host(browser, cast, travel):
    fair = held()
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")
    answer = db.session.query(SignUp).one()
    travel(days=2)

    shown = browser.sign_in(cast.wu).get(scan(browser, fair, answer))

    assert shown.status_code == 422
    assert "ask the desk of the host" in shown.text


def test_ticket_that_is_out_of_date_or_given_back_is_told(browser, cast, fair, answer, travel):
    browser.submit(f"/fairs/{fair.id}/withdraw")
    travel(days=2)
    browser.sign_in(cast.chen)

    late = browser.get(scan(browser, fair, answer, clock.now() - dt.timedelta(hours=1)))
    given_back = browser.get(scan(browser, fair, answer))

    assert "out of date" in late.text
    assert "gave the place back" in given_back.text


def test_walk_in_is_checked_in_from_the_list_of_students(browser, cast, fair, travel):
    travel(days=2)
    door = f"/fairs/{fair.id}/students/{cast.lin_mei.id}/check-in"

    browser.sign_in(cast.chen).submit(door)

    answer = db.session.query(SignUp).one()
    assert answer.came_at is not None
    assert re.fullmatch("[2-9A-Z]{6}", answer.code)
    assert folded_code(answer.code) == answer.code
