"""The next students' file: what changes, from which day, and what stays as it is."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement import clock
from placement.db import db, transaction
from placement.history import history_moment
from placement.intake.models import ImportChange
from placement.students.models import Assignment, StandingKind, Student
from tests.intake.people import student
from tests.intake.taking import (
    counts,
    known,
    look_at,
    register_now,
    sample,
    take,
    take_samples,
    take_students,
    warned,
)

NEW_YEAR = dt.date(2016, 1, 1)
JUNE = dt.date(2016, 6, 1)


def the_student(number: str = "20120001") -> Student:
    return db.session.execute(select(Student).where(Student.student_number == number)).scalar_one()


def a_moment() -> dt.datetime:
    """A moment after all that is recorded so far and before all that follows."""
    with transaction():
        return history_moment()


def test_the_same_file_twice_changes_nothing(app):
    take_samples()
    before = register_now()

    answer = take("students", sample("students.csv"))

    assert counts(answer) == (0, 0, 20, 0)
    assert register_now() == before
    assert db.session.scalar(select(func.count()).select_from(ImportChange)) == 0


def test_a_changed_attribute_is_a_new_row_of_history(app):
    take_students(student(1, college="文学院"))
    before = a_moment()

    answer = take_students(student(1, college="信息学院"))

    assert counts(answer) == (0, 1, 0, 0)
    assert [(row[1], row[4]) for row in known("student_versions")] == [
        (NEW_YEAR, "信息学院"),
        (NEW_YEAR, "文学院"),
    ]
    assert [row[4] for row in known("student_versions", before)] == ["文学院"]
    assert the_student().college == "信息学院"


def test_a_change_holds_from_the_day_that_is_given(app):
    take_students(student(1, college="文学院"))

    take_students(student(1, college="信息学院"), effective_on=JUNE)

    assert {(row[1], row[4]) for row in known("student_versions")} == {
        (NEW_YEAR, "文学院"),
        (JUNE, "信息学院"),
    }
    assert the_student().college == "信息学院"
    again = take_students(student(1, college="信息学院"), effective_on=JUNE)
    assert counts(again) == (0, 0, 1, 0)


def test_a_later_file_without_a_day_agrees_with_the_last_word(app):
    take_students(student(1, college="文学院"))
    take_students(student(1, college="信息学院"), effective_on=JUNE)

    same = take_students(student(1, college="信息学院"))
    other = take_students(student(1, college="数学学院"))

    assert counts(same) == (0, 0, 1, 0)
    assert counts(other) == (0, 1, 0, 0)
    assert (JUNE, "数学学院") in {(row[1], row[4]) for row in known("student_versions")}
    assert the_student().college == "数学学院"


def test_a_change_from_a_day_to_come_is_not_shown_today(app):
    take_students(student(1, college="文学院"))
    tomorrow = clock.today() + dt.timedelta(days=1)

    take_students(student(1, college="信息学院"), effective_on=tomorrow)

    assert the_student().college == "文学院"


def test_of_a_class_to_come_the_first_day_is_shown(app):
    year = clock.today().year + 1

    take_students(student(1, college="文学院", standing="延期"), class_year=year)

    assert (the_student().class_year, the_student().college) == (year, "文学院")
    assert the_student().standing is StandingKind.DEFERRED


def test_a_column_that_is_not_there_changes_nothing(app):
    said = {"college": "文学院", "origin": "农村", "hardship_code": "2", "mobile": "13800000001"}
    take_students(student(1, **said))
    before = register_now()

    answer = take_students(student(1))

    assert counts(answer) == (0, 0, 1, 0)
    assert register_now() == before


def test_a_hardship_bit_that_is_gone_ends_the_membership(app):
    take_students(student(1, hardship_code="6"))
    before = a_moment()

    answer = take_students(student(1, hardship_code="4"))

    assert counts(answer) == (0, 1, 0, 0)
    assert [row[1] for row in known("memberships")] == ["disability"]
    assert [row[1] for row in known("memberships", before)] == ["disability", "family_hardship"]


def test_a_bit_that_is_gone_from_a_day_leaves_the_time_before(app):
    take_students(student(1, hardship_code="2"))

    take_students(student(1, hardship_code="0"), effective_on=JUNE)

    assert [(row[1], row[6], row[7]) for row in known("memberships")] == [
        ("family_hardship", NEW_YEAR, JUNE)
    ]
    again = take_students(student(1, hardship_code="0"), effective_on=JUNE)
    assert counts(again) == (0, 0, 1, 0)


def test_a_bit_that_comes_back_holds_from_where_it_ended(app):
    take_students(student(1, hardship_code="2"))
    take_students(student(1, hardship_code="0"), effective_on=JUNE)

    answer = take_students(student(1, hardship_code="2"))

    assert counts(answer) == (0, 1, 0, 0)
    assert {(row[6], row[7]) for row in known("memberships")} == {(NEW_YEAR, JUNE), (JUNE, None)}


def test_a_changed_standing_is_a_new_row_and_shown(app):
    take_students(student(1, standing="毕业"))

    take_students(student(1, standing="延期", standing_on="2016-06-20"))

    assert [row[1:] for row in known("standings")] == [("deferred", dt.date(2016, 6, 20))]
    assert the_student().standing is StandingKind.DEFERRED


@pytest.mark.parametrize("day", ["2016-05-10", "2016-07-15"])
def test_a_corrected_day_of_a_standing_replaces_the_other(app, day):
    take_students(student(1, standing="延期", standing_on="2016-06-20"))

    answer = take_students(student(1, standing="延期", standing_on=day))

    assert counts(answer) == (0, 1, 0, 0)
    assert [row[1:] for row in known("standings")] == [("deferred", dt.date.fromisoformat(day))]


def test_a_standing_that_is_taken_back(app):
    take_students(student(1, standing="延期", standing_on="2016-06-20"))

    answer = take_students(student(1, standing="毕业", standing_on=""))

    assert counts(answer) == (0, 1, 0, 0)
    assert the_student().standing is StandingKind.GRADUATED


def test_a_changed_phone_is_changed_and_one_that_was_confirmed_stays(app):
    take_students(student(1, mobile="13800000001", email="a@example.edu"))
    person = the_student()
    person.email_confirmed_at = clock.now()
    db.session.commit()

    answer = take_students(student(1, mobile="13900000009", email="b@example.edu"))

    person = the_student()
    assert counts(answer) == (0, 1, 0, 0)
    assert (person.mobile, person.email) == ("13900000009", "a@example.edu")
    assert warned(answer) == {"contact_confirmed"}


def test_a_new_name_is_found_by_its_sound(app):
    take_students(student(1, name="吴建国"))

    take_students(student(1, name="单晓梅"))

    assert (the_student().name, the_student().name_key) == ("单晓梅", "shan xiao mei")


def test_another_counselor_takes_over_today(app, cast):
    chen, wu = cast.chen.id, cast.wu.id
    march = dt.datetime(2016, 3, 1, 9, tzinfo=clock.ZONE)
    take_students(student(1, counselor="chen"), recorded_at=march)

    answer = take_students(student(1, counselor="wu"))

    today = clock.today()
    rows = db.session.execute(select(Assignment).order_by(Assignment.id)).scalars().all()
    assert counts(answer) == (0, 1, 0, 0)
    assert [(a.counselor_id, a.holds_from, a.holds_to) for a in rows] == [
        (chen, dt.date(2016, 3, 1), today),
        (wu, today, None),
    ]


def test_a_file_of_the_past_is_compared_with_what_was_known_then(app):
    march, may = (dt.datetime(2016, month, 1, 9, tzinfo=clock.ZONE) for month in (3, 5))
    take_students(student(1, college="文学院"), recorded_at=may)

    answer = take_students(student(1, college="信息学院"), recorded_at=march)

    assert counts(answer) == (0, 1, 0, 0)
    assert [row[4] for row in known("student_versions", march)] == ["信息学院"]
    assert the_student().college == "文学院"
    again = take_students(student(1, college="信息学院"), recorded_at=march)
    assert counts(again) == (0, 0, 1, 0)


def test_what_a_past_file_ends_is_void_from_its_moment(app):
    march, may = (dt.datetime(2016, month, 1, 9, tzinfo=clock.ZONE) for month in (3, 5))
    take_students(student(1, hardship_code="2"), recorded_at=march)

    take_students(student(1, hardship_code="0"), recorded_at=may)

    assert len(known("memberships", may - dt.timedelta(seconds=1))) == 1
    assert known("memberships", may) == []


def test_a_preview_of_the_next_file_counts_what_it_would_do(app):
    take_students(student(1, college="文学院"), student(2))
    before = register_now()

    answer = look_at("students", student(1, college="信息学院"), student(2), student(3))

    assert counts(answer) == (1, 1, 1, 0)
    assert register_now() == before
