"""Whoever comes without a counselor is the university's until it names one."""

from sqlalchemy import select

from placement import clock
from placement.accounts.queries import viewer_of
from placement.db import db, transaction, use_scope
from placement.intake.models import Import
from placement.intake.queries import count_to_assign, given_by_default
from placement.students.models import Assignment
from placement.students.operations.defaulting import set_default
from tests.intake.people import student
from tests.intake.taking import take_students, undo


def test_who_comes_without_counselor_is_the_universitys_until_one_is_named(app, cast):
    chen, zheng = cast.chen.id, viewer_of(cast.zheng)
    row = student(1, hardship_code="2")
    first = take_students(row, student(2))["import_id"]

    waiting, told = assignments(), count_to_assign(zheng, db.session.get_one(Import, first))
    take_students(row | {"counselor": "chen"})

    assert (waiting, told) == ([(None, None)], 1)
    assert assignments() == [(None, clock.today()), (chen, None)]
    assert count_to_assign(zheng, db.session.get_one(Import, first)) == 0


def assignments():
    rows = select(Assignment.counselor_id, Assignment.holds_to).order_by(Assignment.id)
    return [tuple(row) for row in db.session.execute(rows)]


def test_default_counselor_of_the_college_goes_before_that_of_the_university(browser, cast):
    browser.sign_in(cast.zheng)
    browser.submit("/responsibility/defaults", college="", counselor_id=cast.chen.id)
    with use_scope(viewer_of(cast.zheng).scope), transaction():
        set_default(cast.university.id, "计算机学院", cast.wu, actor=viewer_of(cast.zheng))
    zheng, chen, wu = viewer_of(cast.zheng), cast.chen.display_name, cast.wu.display_name

    taken = take_students(
        student(1, hardship_code="2", college="计算机学院"),
        student(2, hardship_code="2", college="外国语学院"),
        student(3, hardship_code="2", counselor="wu"),
        student(4),
    )
    import_ = db.session.get_one(Import, taken["import_id"])
    told, waiting = given_by_default(zheng, import_), count_to_assign(zheng, import_)
    page = browser.sign_in(cast.huang).get(f"/imports/{import_.id}").text

    assert sorted(told) == sorted([(chen, 1), (wu, 1)])
    assert waiting == 0
    assert "they went to the default counselor" in page


def test_taking_the_file_back_takes_the_defaults_of_it_too(cast):
    with use_scope(viewer_of(cast.zheng).scope), transaction():
        set_default(cast.university.id, "", cast.chen, actor=viewer_of(cast.zheng))
    taken = take_students(student(1, hardship_code="2"))
    assert assignments() == [(cast.chen.id, None)]

    undo(taken)

    assert assignments() == [(cast.chen.id, clock.today())]
