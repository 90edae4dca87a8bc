"""Whoever comes without a counselor is the university's until it names one."""

from sqlalchemy import select

from placement import clock
from placement.accounts.queries import viewer_of
from placement.db import db
from placement.intake.models import Import
from placement.intake.queries import count_to_assign
from placement.students.models import Assignment
from tests.intake.people import student
from tests.intake.taking import take_students


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
