"""Taking an import back on its page, or hearing what stands on it."""

import pytest
from sqlalchemy import select

from placement.db import db
from placement.intake.models import Import, ImportState
from placement.intake.operations.undo.references import BLOCKING, CHANGED_SINCE, LATER_ROWS
from placement.intake.words import STANDING
from placement.students.models import Student
from tests.factories import make_outcome
from tests.intake.pages import (
    know_both,
    text_of,
)
from tests.intake.people import student
from tests.intake.taking import register_now, take_students


@pytest.fixture
def applied(cast):
    """An import of the university that was taken in."""
    know_both(cast)
    answer = take_students(student(1, name="甲甲"), university_id=cast.university.id)
    return db.session.get_one(Import, answer["import_id"])


def test_it_asks_first_and_a_look_changes_nothing(browser, cast, applied):
    before = register_now()

    page = browser.sign_in(cast.zheng).get(f"/imports/{applied.id}/undo")

    assert "Take this import back as a whole?" in page.text
    assert "1 new and 0 changed rows" in page.text
    assert register_now() == before


def test_it_is_taken_back_as_a_whole(browser, cast, applied):
    response = browser.sign_in(cast.zheng).submit(f"/imports/{applied.id}/undo")

    assert response.status_code == 302
    assert register_now()["students"] == []
    page = text_of(browser.get(f"/imports/{applied.id}"))
    assert "by 郑主任." in page
    assert "/undo" not in browser.get(f"/imports/{applied.id}").text
    assert browser.submit(f"/imports/{applied.id}/undo").status_code == 409


def test_what_stands_on_it_is_named_and_nothing_changes(browser, cast, applied):
    person = db.session.execute(select(Student)).scalar_one()
    make_outcome(person, verified=False)
    later = take_students(student(1, name="甲甲", college="理学院"))
    before = register_now()
    cast.zheng.locale = "zh_Hans_CN"
    db.session.commit()
    browser.sign_in(cast.zheng)

    for response in (
        browser.get(f"/imports/{applied.id}/undo"),
        browser.submit(f"/imports/{applied.id}/undo"),
    ):
        assert response.status_code == 409
        page = text_of(response)
        assert "毕业去向： 1" in page
        assert f"导入 {later['import_id']}" in page
    assert register_now() == before
    assert db.session.get_one(Import, applied.id).state is ImportState.APPLIED


def test_no_undoing_without_the_token(browser, cast, applied):
    response = browser.sign_in(cast.zheng).submit(f"/imports/{applied.id}/undo", token="forged")

    assert response.status_code == 400
    assert db.session.get_one(Import, applied.id).state is ImportState.APPLIED


def test_another_university_takes_nothing_back(browser, cast, applied):
    response = browser.sign_in(cast.xu).submit(f"/imports/{applied.id}/undo")

    assert response.status_code == 404
    assert db.session.get_one(Import, applied.id).state is ImportState.APPLIED


def test_everything_that_may_stand_on_an_import_has_its_word():
    names = {each.name for each in (*BLOCKING, *LATER_ROWS)}
    names |= {name for name, _ in CHANGED_SINCE.values()} | {"decisions about matches"}

    assert names <= set(STANDING)
