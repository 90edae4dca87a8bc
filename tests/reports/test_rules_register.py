"""The rules of the register: who is in it, who is counted, by which scheme."""

import datetime as dt

import pytest

from placement.db import db
from placement.errors import InvalidValueError
from placement.history import history_moment, recorded
from placement.reports.queries.reports import report_rates
from placement.reports.questions import Base, Status, ask
from placement.students.models import (
    Category,
    MembershipState,
    StandingKind,
    StudentVersion,
)
from tests.factories import make_member, make_outcome, make_standing, make_student, save
from tests.reports.asking import (
    DAY,
    reasons,
    report,
)


def test_membership_that_ends_in_its_year_takes_its_student_out(member):
    make_member(
        member_of := make_student(member.university),
        Category.DISABILITY,
        holds_to=dt.date(2016, 11, 1),
    )
    assert member_of.id

    found = report()

    assert found.total.registered == 1
    assert (found.since, found.left) == (dt.date(2016, 8, 31), 1)
    assert reasons(Status.LEFT) == ["membership_ended"]
    assert report(dt.date(2016, 10, 31)).total.registered == 2


def test_register_closes_with_its_year(cast):
    student = make_student(cast.university)
    make_member(student, Category.DISABILITY, holds_to=dt.date(2017, 1, 1))

    assert report(dt.date(2018, 6, 1)).total.registered == 1
    assert report(dt.date(2018, 6, 1)).left == 0


def test_student_of_another_class_has_left(member):
    columns = StudentVersion.__table__.columns.keys()
    first = db.session.query(StudentVersion).filter_by(student_id=member.id).one()
    values = {
        name: getattr(first, name)
        for name in columns
        if name not in {"id", "recorded_at", "entered_at", "voided_at", "import_id"}
    }
    later = values | {"class_year": 2017, "effective_on": dt.date(2016, 10, 1)}
    save(StudentVersion(**later, **recorded()))
    make_member(make_student(member.university), Category.RURAL_ORIGIN)

    assert report().left == 1
    assert reasons(Status.LEFT) == ["class_changed"]


def test_only_confirmed_memberships_count(cast, member):
    for state in (MembershipState.PENDING, MembershipState.REJECTED):
        make_member(make_student(cast.university), Category.DISABILITY, state=state)

    assert report().total.registered == 1


def test_undone_student_is_in_no_figure_after_it(member):
    before = report().known_at
    member.voided_at = history_moment()
    db.session.commit()
    make_member(make_student(member.university), Category.RURAL_ORIGIN)

    assert report(known_at=before).total.registered == 1
    assert report().total.registered == 1


def test_standing_of_the_day_decides_and_the_bases_differ_by_it(member):
    make_outcome(member, "10")
    make_standing(member, StandingKind.DEFERRED, dt.date(2016, 9, 1))

    counted = report()
    summer = report(dt.date(2016, 8, 31))
    registered = report(base=Base.REGISTERED)

    assert (counted.total.registered, counted.total.excluded, counted.total.placed) == (1, 1, 0)
    assert counted.total.rate is None
    assert counted.exclusions == {"deferred": 1}
    assert summer.total.placed == 1
    assert (registered.total.placed, registered.total.excluded) == (1, 0)


def test_scheme_decides_the_part_and_never_the_total(member):
    make_outcome(member, "12")

    old, new = (report(scheme=scheme).total for scheme in ("2021", "2024"))

    assert (old.parts["flexible"], new.parts["unit"]) == (1, 1)
    assert old.rate == new.rate
    with pytest.raises(InvalidValueError):
        ask(2016, DAY, scheme="1999")


@pytest.mark.parametrize(
    ("class_year", "scheme", "name"),
    [(2016, "2021", "就业率"), (2021, "2021", "毕业去向落实率"), (2024, "2024", "毕业去向落实率")],
)
def test_class_year_decides_scheme_and_name(cast, class_year, scheme, name):
    student = make_student(cast.university, class_year=class_year)
    make_member(student, Category.RURAL_ORIGIN)

    found = report_rates(ask(class_year, dt.date(class_year, 12, 31)))

    assert (found.question.scheme, found.rate_name) == (scheme, name)
