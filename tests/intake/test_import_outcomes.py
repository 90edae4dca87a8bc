"""An outcomes' file is taken in: whom it is about, what is new, corrected and verified."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.db import db
from placement.intake.models import Import
from placement.outcomes.models import Decision, Outcome, Verification
from placement.students.models import Student
from tests.factories import make_outcome
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    faults,
    known,
    look_at,
    register_now,
    sample,
    take,
    take_samples,
    take_students,
    warned,
)

JULY = dt.date(2016, 7, 2)


def outcome(serial: int = 1, **changes: object) -> dict[str, object]:
    row = {
        "student_number": f"2012{serial:04}",
        "university": "90001",
        "code": "10",
        "employer": "福州示例软件有限公司",
        "effective_on": "2016-07-02",
    }
    return row | changes


@pytest.fixture
def graduates(app):
    take_students(student(1), student(2), student(3))


def the_outcome() -> Outcome:
    return db.session.execute(select(Outcome)).scalar_one()


def test_the_samples_are_taken_once(app):
    take_samples()

    first = take("outcomes", sample("outcomes.csv"))
    again = take("outcomes", sample("outcomes.csv"))
    verified = take("outcomes", sample("outcomes.csv"), verified=True)
    known_now = register_now()
    last = take("outcomes", sample("outcomes.csv"), verified=True)

    assert counts(first) == (19, 0, 0, 0)
    assert counts(again) == (0, 0, 19, 0)
    assert counts(verified) == (0, 19, 0, 0)
    assert counts(last) == (0, 0, 19, 0)
    assert register_now() == known_now
    assert len(known("verifications")) == 19


def test_an_outcome_holds_from_its_day_and_is_known_from_its_moment(graduates):
    learnt = dt.datetime(2016, 7, 10, 9, tzinfo=clock.ZONE)

    take("outcomes", outcome(position="20"), recorded_at=learnt, verified=True)

    found = the_outcome()
    verification = db.session.execute(select(Verification)).scalar_one()
    assert (found.code, found.effective_on, found.position) == ("10", JULY, "20")
    assert (found.recorded_at, verification.recorded_at) == (learnt, learnt)
    assert found.entered_at > learnt
    assert verification.decision is Decision.VERIFIED


def test_a_name_does_for_a_code(graduates):
    answer = take("outcomes", outcome(code="签就业协议形式就业"))

    assert counts(answer) == (1, 0, 0, 0)
    assert the_outcome().code == "10"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code": "11"}, id="code"),
        pytest.param({"effective_on": "2016-08-01"}, id="day"),
    ],
)
def test_a_new_code_or_day_is_another_outcome(graduates, changes):
    take("outcomes", outcome())

    answer = take("outcomes", outcome(**changes))

    assert counts(answer) == (1, 0, 0, 0)
    assert len(known("outcomes")) == 2


def test_changed_details_are_corrected_in_place(graduates):
    take("outcomes", outcome())
    before = the_outcome().id

    answer = take("outcomes", outcome(employer="泉州示例纺织有限公司"))

    corrected = the_outcome()
    assert counts(answer) == (0, 1, 0, 0)
    assert (corrected.id, corrected.employer) == (before, "泉州示例纺织有限公司")
    assert corrected.version == 2


def test_a_detail_without_a_column_stays(graduates):
    take("outcomes", outcome())
    row = outcome()
    del row["employer"]

    answer = take("outcomes", row)

    assert counts(answer) == (0, 0, 1, 0)
    assert the_outcome().employer == "福州示例软件有限公司"


def test_an_outcome_without_a_day_holds_from_the_day_it_was_learnt(graduates):
    learnt = dt.datetime(2016, 7, 10, 23, 30, tzinfo=clock.ZONE)

    take("outcomes", outcome(effective_on=""), recorded_at=learnt)
    again = take("outcomes", outcome(effective_on=""))

    assert the_outcome().effective_on == dt.date(2016, 7, 10)
    assert counts(again) == (0, 0, 1, 0)


def test_another_outcome_without_a_day_is_new(graduates):
    take("outcomes", outcome())

    answer = take("outcomes", outcome(code="70", employer="", effective_on=""))

    assert counts(answer) == (1, 0, 0, 0)
    assert {row[1:3] for row in known("outcomes")} == {("10", JULY), ("70", clock.today())}


def test_what_the_university_rejected_is_verified_with_the_file(graduates):
    take("outcomes", outcome())
    found = the_outcome()
    person = db.session.get_one(Student, found.student_id)
    make_outcome(person, "11", verified=False)
    db.session.add(
        Verification(
            outcome_id=found.id,
            student_id=found.student_id,
            decision=Decision.REJECTED,
            reason="no contract",
            recorded_at=clock.now(),
            entered_at=clock.now(),
        )
    )
    db.session.commit()

    answer = take("outcomes", outcome(), verified=True)

    assert counts(answer) == (0, 1, 0, 0)
    assert known("verifications") == [("20120001", "verified")]


def test_who_is_found_by_the_id_number(graduates):
    row = {"id_number": id_number(2, male=False), "code": "80", "effective_on": "2016-07-02"}

    answer = take("outcomes", row)

    assert counts(answer) == (1, 0, 0, 0)
    assert [row[:2] for row in known("outcomes")] == [("20120002", "80")]


def test_a_number_that_is_the_only_one_needs_no_university(graduates):
    row = outcome()
    del row["university"]

    assert counts(take("outcomes", row)) == (1, 0, 0, 0)


def test_a_number_that_fits_several_is_ambiguous(graduates):
    take_students(student(1, university="90002", id_number=id_number(50), sex=""))
    row = outcome()
    del row["university"]

    answer = take("outcomes", row)

    assert faults(answer) == [(2, "student_number", "ambiguous")]
    assert "2 students" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param(outcome(9), ("student_number", "unknown_student"), id="number"),
        pytest.param(
            {"id_number": id_number(60), "code": "10"},
            ("id_number", "unknown_student"),
            id="ID number",
        ),
        pytest.param(
            outcome(1, id_number=id_number(2, male=False)),
            ("id_number", "key_conflict"),
            id="two people",
        ),
        pytest.param(outcome(code="99"), ("code", "unknown_code"), id="code"),
        pytest.param(outcome(effective_on="2016-13-01"), ("effective_on", "bad_date"), id="day"),
        pytest.param(
            outcome(university="90009"), ("university", "unknown_university"), id="school"
        ),
    ],
)
def test_what_is_refused(graduates, row, fault):
    answer = take("outcomes", row)

    assert faults(answer) == [(2, *fault)]
    assert counts(answer) == (0, 0, 0, 1)
    assert known("outcomes") == []


def test_of_another_class_is_nobody(graduates):
    answer = take("outcomes", outcome(), class_year=2015)

    assert faults(answer) == [(2, "student_number", "unknown_student")]


def test_who_was_put_off_is_still_of_the_class(graduates):
    take_students(student(1), class_year=2017)

    assert counts(take("outcomes", outcome(), class_year=2016)) == (1, 0, 0, 0)
    assert counts(take("outcomes", outcome(), class_year=2017)) == (0, 0, 1, 0)


def test_two_rows_of_a_student_and_day(graduates):
    by_id = {"id_number": id_number(1), "effective_on": "2016-07-02"}
    other = {"code": "11", "employer": "福州示例软件有限公司"}
    same = {"code": "10", "employer": "福州示例软件有限公司"}

    answer = take("outcomes", outcome(), by_id | same, by_id | other)

    assert counts(answer) == (1, 0, 1, 1)
    assert answer["errors"][0]["code"] == "duplicate_in_file"


def test_still_enrolled_is_not_seeking_with_a_warning(graduates):
    answer = take("outcomes", outcome(code="65", employer=""))

    assert counts(answer) == (1, 0, 0, 0)
    assert warned(answer) == {"contradiction"}


def test_a_preview_writes_nothing(graduates):
    before = register_now()

    answer = look_at("outcomes", outcome(1), outcome(2), outcome(9), verified=True)

    assert counts(answer) == (2, 0, 0, 1)
    assert answer["import_id"] is None
    assert register_now() == before
    assert db.session.execute(select(Import.id).where(Import.kind == "outcomes")).first() is None
