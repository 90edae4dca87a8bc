"""The desk beyond single rows: all certain ones at once, who has left, namesakes elsewhere."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement.audit.models import AuditEvent
from placement.db import db
from placement.intake.models import Import, ListKind, ListMatch, MatchDecision, MatchState
from placement.students.models import Membership, Student
from tests.intake.pages import (
    know_both,
    text_of,
)
from tests.intake.people import student
from tests.intake.taking import known, take, take_students
from tests.intake.test_pages_matches import DAY, LIST, cases, desk, listed, match_of, members

LATER = dt.date(2016, 6, 1)


@pytest.fixture
def several(cast) -> Import:
    """Five certain rows and two possible ones, all of the university."""
    know_both(cast)
    take_students(*(student(n, name="甲乙丙丁戊己庚"[n - 1] * 2) for n in range(1, 8)))
    names = ["甲甲", "乙乙", "丙丙", "丁丁", "戊戊", "欧阳锋", "黄药师"]
    rows = [listed(n, name, card_number=f"DB{n}") for n, name in enumerate(names, 1)]
    return db.session.get_one(Import, take("list", *rows, **LIST)["import_id"])


def test_all_certain_rows_are_confirmed_at_once_and_no_possible_one(browser, cast, several):
    browser.sign_in(cast.zheng)
    assert "Confirm 5 that are certain" in browser.get(desk(several)).text
    assert "Confirm 5 people?" in browser.get(f"{desk(several)}/confirm").text

    response = browser.submit(f"{desk(several)}/confirm", count="5")

    assert response.status_code == 302
    assert members() == [(DAY, None)] * 5
    assert cases() == 5
    decisions = dict(
        db.session.execute(select(ListMatch.row, ListMatch.decision).order_by(ListMatch.row)).all()
    )
    assert list(decisions.values()) == [MatchDecision.CONFIRMED] * 5 + [None] * 2
    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "matches.confirmed")
    ).scalar_one()
    assert len(event.student_ids) == 5
    assert "5 people confirmed." in browser.get(desk(several)).text


def test_at_once_or_one_by_one_makes_the_same_members(browser, cast, several):
    browser.sign_in(cast.zheng)
    browser.submit(f"{desk(several)}/{match_of(several, 2).id}/confirm")

    browser.submit(f"{desk(several)}/confirm", count="4")

    rows = known("memberships")
    assert {row[1:] for row in rows} == {
        ("family_hardship", "low_income", "list", "low_income", "confirmed", DAY, None, None)
    }
    assert len(rows) == 5
    sealed = set()
    for person in db.session.execute(select(Student)).scalars():
        for member in _memberships_of(person):
            sealed.add(
                person.key().open(member.evidence_sealed, "memberships.evidence", member.uid)
            )
    assert sealed == {f'{{"card_number": "DB{n}"}}' for n in range(1, 6)}


def _memberships_of(person):
    return db.session.execute(
        select(Membership).where(Membership.student_id == person.id)
    ).scalars()


def test_rows_that_changed_meanwhile_stop_it(browser, cast, several):
    browser.sign_in(cast.zheng)

    assert browser.submit(f"{desk(several)}/confirm", count="6").status_code == 409
    assert browser.submit(f"{desk(several)}/confirm", count="many").status_code == 422
    assert browser.submit(f"{desk(several)}/confirm", count="5", token="x").status_code == 400
    assert members() == []


def test_twice_at_once_is_once(browser, cast, several):
    browser.sign_in(cast.zheng)
    browser.submit(f"{desk(several)}/confirm", count="5")

    assert browser.submit(f"{desk(several)}/confirm", count="5").status_code == 409
    assert browser.submit(f"{desk(several)}/confirm", count="0").status_code == 302
    assert members() == [(DAY, None)] * 5


def test_one_university_confirms_only_its_own(browser, cast):
    know_both(cast)
    take_students(student(1, name="甲甲"), student(2, name="乙乙", university="90002"))
    answer = take("list", listed(1, "甲甲"), listed(2, "乙乙"), **LIST)
    list_ = db.session.get_one(Import, answer["import_id"])

    browser.sign_in(cast.xu).submit(f"{desk(list_)}/confirm", count="1")

    assert match_of(list_, 2).decision is None
    assert match_of(list_, 3).decision is MatchDecision.CONFIRMED


def test_a_later_list_is_answered_with_the_first(browser, cast, several):
    again = take("list", listed(1, "甲甲"), listed(6, "欧阳锋"), **LIST)
    later = db.session.get_one(Import, again["import_id"])
    browser.sign_in(cast.zheng)

    browser.submit(f"{desk(later)}/confirm", count="1")

    assert match_of(several, 2).decision is MatchDecision.CONFIRMED
    assert match_of(several, 7).decision is None


@pytest.fixture
def left(browser, cast, several) -> Import:
    """A later, complete list that one of the five members is missing from."""
    browser.sign_in(cast.zheng)
    browser.submit(f"{desk(several)}/confirm", count="5")
    rows = [listed(n, name) for n, name in enumerate(["甲甲", "乙乙", "丙丙", "丁丁"], 1)]
    answer = take("list", *rows, list_kind=ListKind.LOW_INCOME, as_of=LATER, complete=True)
    assert answer["list"]["left"] == 1
    return db.session.get_one(Import, answer["import_id"])


def test_who_has_left_a_complete_list_is_shown(browser, cast, left):
    page = text_of(browser.get(desk(left, "left")))

    assert "Left the list 1" in page
    assert "戊戊" in page
    assert "missing from this one, which is complete" in page


def test_confirmed_the_membership_ends_on_the_day_of_the_list(browser, cast, left):
    match = match_of(left, 0)

    browser.submit(f"{desk(left)}/{match.id}/confirm")

    assert sorted(members(), key=str) == sorted([(DAY, None)] * 4 + [(DAY, LATER)], key=str)
    assert cases() == 5  # a case stays until it is closed by rule


def test_refused_the_membership_stays(browser, cast, left):
    path = f"{desk(left)}/{match_of(left, 0).id}/refuse"
    assert "Stays in the category" in browser.get(path).text

    browser.submit(path, reason="The agency forgot the family.")

    assert members() == [(DAY, None)] * 5


def test_who_has_left_is_never_confirmed_with_the_others(browser, cast, left):
    browser.submit(f"{desk(left)}/confirm", count="0")

    assert match_of(left, 0).decision is None
    assert members() == [(DAY, None)] * 5


def test_of_namesakes_the_other_is_chosen_on_the_page(browser, cast):
    know_both(cast)
    take_students(student(1, name="甲甲"), student(3, name="甲甲"))
    answer = take("list", {"name": "甲甲"}, **LIST)
    list_ = db.session.get_one(Import, answer["import_id"])
    match = match_of(list_, 2)
    other = db.session.execute(
        select(Student.id).where(Student.id != match.student_id)
    ).scalar_one()
    browser.sign_in(cast.zheng)
    assert f'name="student_id" value="{other}"' in browser.get(desk(list_, "possible")).text

    browser.submit(f"{desk(list_)}/{match.id}/confirm", student_id=str(other))

    assert match_of(list_, 2).student_id == other
    assert members() == [(DAY, None)]


def test_refused_by_one_university_the_namesake_at_another_is_asked_about(browser, cast):
    know_both(cast)
    take_students(student(1, name="甲甲"), student(3, name="甲甲", university="90002"))
    answer = take("list", {"name": "甲甲", "card_number": "DB7"}, **LIST)
    list_ = db.session.get_one(Import, answer["import_id"])
    first = match_of(list_, 2)
    here, there = (
        (cast.zheng, cast.xu)
        if db.session.get_one(Student, first.student_id).university_id == cast.university.id
        else (cast.xu, cast.zheng)
    )
    assert browser.sign_in(there).get(desk(list_)).status_code == 404
    page = browser.sign_in(here).get(desk(list_, "possible")).text
    assert page.count("It is 甲甲") == 0  # whom it may mean elsewhere is not told

    browser.submit(f"{desk(list_)}/{first.id}/refuse", reason="Not on low income.")

    assert "DB7" not in browser.get(desk(list_, "possible")).text
    assert "甲甲" in browser.sign_in(there).get(desk(list_, "possible")).text
    asked = db.session.execute(select(ListMatch).where(ListMatch.id != first.id)).scalar_one()
    assert (asked.state, asked.decision, asked.row) == (MatchState.POSSIBLE, None, 2)
    browser.submit(f"{desk(list_)}/{asked.id}/confirm")
    assert members() == [(DAY, None)]
    assert db.session.scalar(select(func.count()).select_from(ListMatch)) == 2
