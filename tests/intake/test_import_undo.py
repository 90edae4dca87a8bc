"""An import is taken back as a whole: what it brought is void, what it changed goes back."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.audit.models import AuditEvent
from placement.cases.models import Case
from placement.db import db, transaction
from placement.history import history_moment
from placement.intake.models import Import, ImportState
from placement.intake.operations.undo import BuiltOnError, NotUndoableError
from placement.students.models import Assignment, Student
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    know_universities,
    known,
    register_now,
    sample,
    take,
    take_students,
    undo,
)

JUNE = dt.date(2016, 6, 1)


def the_student(number: str = "20120001") -> Student:
    return db.session.execute(select(Student).where(Student.student_number == number)).scalar_one()


def unnamed(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows without the student number, which has no history of its own."""
    return sorted((row[1:] for row in rows), key=repr)


def test_the_first_import_is_taken_back_whole(app):
    know_universities()
    before = register_now()
    answer = take("students", sample("students.csv"))
    with transaction():
        between = history_moment()

    undone = undo(answer)

    import_ = db.session.get_one(Import, answer["import_id"])
    assert register_now() == before
    assert undone.as_dict() == {
        "import_id": answer["import_id"],
        "undone": True,
        "voided_at": undone.voided_at.astimezone(clock.ZONE).isoformat(),
    }
    assert (import_.state, import_.undone_at) == (ImportState.UNDONE, undone.voided_at)
    assert len(known("student_versions", between)) == 20
    assert known("student_versions", undone.voided_at) == []
    event = db.session.execute(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first()
    assert event[0] == "import.undone"


def test_the_same_key_again_revives_the_same_person(app):
    rows = student(1, hardship_code="2", mobile="13800000001"), student(2)
    first = take_students(*rows)
    person, case = the_student().id, db.session.execute(select(Case.id)).scalar_one()
    before = register_now()
    undo(first)
    assert the_student().voided_at is not None

    again = take_students(*rows)

    assert counts(again) == (2, 0, 0, 0)
    assert the_student().id == person
    assert db.session.execute(select(Case.id)).scalar_one() == case
    assert register_now() == before


def test_who_was_revived_is_void_again_and_revived_again(app):
    rows = student(1, hardship_code="2"), student(2)
    undo(take_students(*rows))
    second = take_students(*rows)

    undo(second)
    third = take_students(*rows)

    assert the_student().voided_at is None
    assert counts(third) == (2, 0, 0, 0)
    undo(third)
    assert register_now()["students"] == []
    assert register_now()["cases"] == []


def test_a_wrong_id_number_is_mended_by_undoing(app):
    undo(take_students(student(1, id_number=id_number(70))))

    answer = take_students(student(1))

    assert counts(answer) == (1, 0, 0, 0)
    assert the_student().id_number == id_number(1)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"college": "信息学院"}, id="attribute"),
        pytest.param({"name": "单晓梅"}, id="name"),
        pytest.param({"mobile": "13999999999", "email": ""}, id="contacts"),
        pytest.param({"hardship_code": "4"}, id="categories"),
        pytest.param({"standing": "退学", "standing_on": "2016-05-01"}, id="standing"),
        pytest.param({"counselor": "wu"}, id="counselor"),
        pytest.param({"university": "90002"}, id="university"),
        pytest.param({"student_number": "2012B001"}, id="number"),
    ],
)
@pytest.mark.parametrize("effective_on", [None, JUNE], ids=["from the year", "from a day"])
def test_what_an_import_changed_goes_back(app, cast, changes, effective_on):
    assert (cast.chen.username, cast.wu.username) == ("chen", "wu")
    whole = {
        "college": "文学院",
        "mobile": "13800000001",
        "email": "a@example.edu",
        "hardship_code": "2",
        "standing": "毕业",
        "standing_on": "",
        "counselor": "chen",
    }
    take_students(student(1, **whole), student(2, **whole))
    before = register_now()

    answer = take_students(
        student(1, **whole | changes), student(2, **whole), effective_on=effective_on
    )
    with transaction():
        between = history_moment()
    changed = register_now()
    undo(answer)

    assert counts(answer) == (0, 1, 1, 0)
    assert changed != before
    assert register_now() == before
    for table in ("memberships", "student_versions", "standings"):
        assert unnamed(known(table, between)) == unnamed(changed[table])
    assert the_student().mobile == "13800000001"


def test_a_phone_that_somebody_changed_since_stays(app):
    take_students(student(1, mobile="13800000001", name="吴建国"))
    answer = take_students(student(1, mobile="13800000002", name="吴建军"))
    person = the_student()
    person.mobile_index = b"another"
    db.session.commit()

    undo(answer)

    assert the_student().mobile_index == b"another"
    assert the_student().name == "吴建国"


def test_a_counselor_who_was_replaced_is_back_from_today(app, cast):
    chen, wu = cast.chen.id, cast.wu.id
    learnt = dt.datetime(2016, 3, 1, 9, tzinfo=clock.ZONE)
    take_students(student(1, counselor="chen"), recorded_at=learnt)
    answer = take_students(student(1, counselor="wu"))

    undo(answer)

    today = clock.today()
    held = db.session.execute(select(Assignment).order_by(Assignment.id)).scalars()
    assert [(a.counselor_id, a.holds_to) for a in held] == [
        (chen, today),
        (wu, today),
        (chen, None),
    ]


def test_twice_is_refused(app):
    answer = take_students(student(1))
    undo(answer)

    with pytest.raises(NotUndoableError, match="undone already"):
        undo(answer)


def test_the_newest_first_then_the_one_before(app):
    first = take_students(student(1, college="文学院"))
    second = take_students(student(1, college="信息学院"))

    with pytest.raises(BuiltOnError) as refused:
        undo(first)
    undo(second)
    undo(first)

    assert refused.value.imports == (second["import_id"],)
    assert register_now()["students"] == []
