"""How often a page asks the database: few times, and no oftener for more people."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from placement.accounts.queries import viewer_of
from placement.cases.models import BarrierKind
from placement.cases.operations import add_barrier, set_goal
from placement.db import db, transaction
from placement.students.models import Category
from tests.factories import assign, make_member, make_outcome, make_student

MOST, MOST_OF_A_LIST = 12, 6


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def add_people(cast, count: int) -> None:
    for _ in range(count):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        assign(student, cast.chen)
        make_outcome(student)


LISTS = ["/today", "/students", "/students?q=林", "/students?q=lin", "/search?q=林"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_ask_no_oftener_for_more_people(browser, cast, path):
    add_people(cast, 2)
    browser.sign_in(cast.chen)
    browser.get(path)
    with counted_statements() as few:
        browser.get(path)

    add_people(cast, 5)
    with counted_statements() as many:
        assert browser.get(path).status_code in {200, 302}

    assert len(many) == len(few) <= MOST_OF_A_LIST


@pytest.mark.parametrize(("who", "path"), [("chen", "/cases/{case}"), ("lin_mei_user", "/my/plan")])
def test_plan_is_read_at_once_however_much_it_holds(browser, cast, who, path):
    path = path.format(case=cast.case.id)
    browser.sign_in(getattr(cast, who)).get(path)
    with counted_statements() as little:
        browser.get(path)

    with transaction():
        actor = viewer_of(cast.chen)
        for number in range(3):
            add_barrier(cast.case, actor=actor, kind=BarrierKind.SKILLS, note=f"Nr. {number}")
            set_goal(cast.case, actor=actor, title=f"Goal {number}")
    make_outcome(cast.lin_mei)
    make_outcome(cast.lin_mei, "11")
    with counted_statements() as much:
        page = browser.get(path)

    assert all(f"Goal {number}" in page.text for number in range(3))
    assert len(much) == len(little) <= MOST
