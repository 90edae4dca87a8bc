"""What stands on an import keeps it from being undone, and is named."""

import datetime as dt

import pytest
from sqlalchemy import select, text

from placement.accounts.models import Role
from placement.db import db
from placement.intake.models import Import, ListKind
from placement.intake.operations.undo import BuiltOnError
from placement.students.models import Category, Student
from tests.factories import make_member, make_outcome, make_user
from tests.intake.people import student
from tests.intake.taking import (
    register_now,
    sample,
    take,
    take_samples,
    take_students,
    undo,
)

OUTCOME = {"student_number": "20120001", "code": "10", "effective_on": "2016-07-01"}


def the_student(number: str = "20120001") -> Student:
    return db.session.execute(select(Student).where(Student.student_number == number)).scalar_one()


def refusal(answer: dict[str, object]) -> BuiltOnError:
    before = register_now()
    with pytest.raises(BuiltOnError) as refused:
        undo(answer)
    assert register_now() == before
    assert str(answer["import_id"]) in str(refused.value)
    return refused.value


def test_a_void_row_stands_on_nothing(app):
    answer = take_students(student(1))
    found = make_outcome(the_student(), verified=False)
    found.voided_at = found.recorded_at
    db.session.commit()

    undo(answer)

    assert register_now()["students"] == []


def test_all_that_stands_on_it_is_named_with_its_count(app):
    answer = take_students(student(1), student(2))
    make_outcome(the_student(), verified=False)
    make_outcome(the_student("20120002"), verified=False)
    make_member(the_student(), Category.DISABILITY)
    later = take("outcomes", OUTCOME | {"code": "11"})

    refused = refusal(answer)

    found = {each.name: each.count for each in refused.standing}
    assert found == {"outcomes": 2, "categories": 1, "cases": 1}
    assert refused.imports == (later["import_id"],)
    assert "2 outcomes" in refused.message
    assert f"import {later['import_id']}" in refused.message


def test_a_later_import_that_only_agrees_stands_on_nothing(app):
    answer = take_students(student(1))
    take_students(student(1))

    undo(answer)

    assert register_now()["students"] == []


def test_a_later_import_that_changed_only_a_phone(app):
    answer = take_students(student(1, mobile="13800000001"))
    later = take_students(student(1, mobile="13800000002"))

    assert refusal(answer).imports == (later["import_id"],)
    undo(later)
    undo(answer)


def test_an_import_of_others_is_not_in_the_way(app):
    first = take_students(student(1))
    take_students(student(2))

    undo(first)

    assert [row[0] for row in register_now()["students"]] == ["20120002"]


def test_a_change_by_hand_after_a_change_by_import(app):
    take_students(student(1, college="文学院"))
    answer = take_students(student(1, college="信息学院"))
    columns = "student_id, effective_on, class_year, university_id, level, recorded_at, entered_at"
    db.session.execute(
        text(
            f"INSERT INTO student_versions ({columns}) SELECT student_id, '2016-09-01',"
            " class_year, university_id, level, now(), now() FROM student_versions LIMIT 1"
        )
    )
    db.session.commit()

    found = refusal(answer)

    assert [each.name for each in found.standing] == ["changes of students"]


def test_an_outcome_that_was_corrected_since(app):
    take_students(student(1))
    answer = take("outcomes", OUTCOME)
    db.session.execute(text("UPDATE outcomes SET employer = '丙', version = version + 1"))
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["corrected outcomes"]


def test_an_outcome_that_an_import_and_then_somebody_corrected(app):
    take_students(student(1))
    take("outcomes", OUTCOME | {"employer": "甲"})
    answer = take("outcomes", OUTCOME | {"employer": "乙"})
    db.session.execute(text("UPDATE outcomes SET employer = '丙', version = version + 1"))
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["corrected outcomes"]


def test_a_wish_that_the_student_changed_since(app):
    take_students(student(1))
    answer = take("wishes", {"student_number": "20120001", "salary": "4000"})
    db.session.execute(text("UPDATE wishes SET salary = 6000, version = version + 1"))
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["changed wishes"]


def test_a_case_that_was_worked_on(app):
    answer = take_students(student(1, hardship_code="2"))
    db.session.execute(text("UPDATE cases SET next_step = 'call', version = version + 1"))
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["cases that were worked on"]


def test_a_student_who_has_another_counselor_since(app, cast):
    assert cast.chen.username == "chen"
    take_students(student(1))
    answer = take_students(student(1, counselor="chen"))
    db.session.execute(text("UPDATE assignments SET holds_to = placement_today()"))
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["assignments that ended"]


def test_an_account_of_the_import_goes_with_it_unless_it_is_in_use(app):
    answer = take_students(student(1))
    person = the_student()
    account = make_user(
        Role.STUDENT, person.university, student_id=person.id, import_id=answer["import_id"]
    )
    account.password_hash = "x"
    db.session.commit()
    assert [each.name for each in refusal(answer).standing] == ["accounts in use"]
    account.password_hash = None
    db.session.commit()

    undo(answer)

    db.session.refresh(account)
    assert account.disabled_at is not None


def test_a_decision_about_a_match(app):
    take_samples()
    answer = take("list", sample("list-low-income.csv"), list_kind=ListKind.LOW_INCOME)
    db.session.execute(
        text(
            "UPDATE list_matches SET decision = 'refused', decided_at = placement_now()"
            " WHERE row = 2"
        )
    )
    db.session.commit()

    assert [each.name for each in refusal(answer).standing] == ["decisions about matches"]


def test_a_list_that_found_its_students(app):
    answer = take("students", sample("students.csv"))
    later = take(
        "list",
        sample("list-low-income.csv"),
        list_kind=ListKind.LOW_INCOME,
        as_of=dt.date(2016, 4, 1),
    )

    assert refusal(answer).imports == (later["import_id"],)


def test_recommendations_are_not_in_the_way(app, superuser):
    answer = take_students(student(1))
    superuser.execute(
        "INSERT INTO recommendations (run_id, student_id, posting_id, rank, score, reasons, parts)"
        " SELECT 1, id, 1, 1, 0.5, '[]', '{}' FROM students"
    )

    undo(answer)

    assert db.session.execute(select(Import.state)).scalars().all() == ["undone"]
