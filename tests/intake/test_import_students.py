"""A students' file is taken in: who is in the register, with what, and what is refused."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement import clock
from placement.accounts.models import University
from placement.audit.models import AuditEvent
from placement.cases.models import Case
from placement.db import db
from placement.errors import InvalidValueError
from placement.intake.models import Import, ImportRow, ImportState
from placement.intake.queries import open_cells
from placement.students.models import (
    Assignment,
    Membership,
    StandingKind,
    Student,
    StudentVersion,
)
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    faults,
    know_universities,
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


def the_student(number: str = "20120001") -> Student:
    return db.session.execute(select(Student).where(Student.student_number == number)).scalar_one()


def test_the_samples_fill_the_register(app):
    answer = take("students", sample("students.csv"))

    assert counts(answer) == (20, 0, 0, 0)
    assert answer["kind"] == "students"
    assert answer["errors"] == []
    assert answer["unknown_columns"] == []
    assert isinstance(answer["seconds"], float)
    lin = the_student("20120002")
    assert (lin.name, lin.name_key, lin.initials) == ("林志强", "lin zhi qiang", "lzq")
    assert (lin.level, lin.college, lin.origin, lin.sex) == ("31", "信息学院", "rural", "1")
    assert lin.class_year == 2016


def test_what_is_personal_is_under_cipher_and_found_by_its_index(app, superuser):
    take_students(student(1, mobile="13800000001", email="wu@example.edu"))

    kept = superuser.execute("SELECT * FROM students").fetchone()
    person = the_student()
    assert person.id_number == id_number(1)
    assert (person.mobile, person.email) == ("13800000001", "wu@example.edu")
    assert not any(isinstance(value, bytes) and id_number(1).encode() in value for value in kept)


def test_the_history_begins_with_the_class_year(app):
    take_students(student(1, college="文学院", class_name="1班", major_code="050101"))

    version = db.session.execute(select(StudentVersion)).scalar_one()
    assert (version.effective_on, version.class_year) == (NEW_YEAR, 2016)
    assert (version.college, version.class_name, version.major_code) == ("文学院", "1班", "050101")
    assert version.recorded_at == version.entered_at


def test_categories_follow_from_group_origin_and_hardship_code(app):
    take_students(
        student(1, ethnic_group="22"),
        student(2, origin="农村"),
        student(3, hardship_code="7"),
        student(4),
        student(5, ethnic_group="97"),
    )

    assert [row[:2] + row[3:5] for row in known("memberships")] == [
        ("20120001", "ethnic_minority", "derived", "ethnic_group"),
        ("20120002", "rural_origin", "derived", "origin"),
        ("20120003", "disability", "file", "hardship_code"),
        ("20120003", "employment_difficulty", "file", "hardship_code"),
        ("20120003", "family_hardship", "file", "hardship_code"),
    ]
    assert {row[6] for row in known("memberships")} == {NEW_YEAR}


def test_who_is_in_a_category_has_one_case_and_nobody_else(app):
    take_students(student(1, hardship_code="6"), student(2))

    cases = db.session.execute(select(Case)).scalars().all()
    assert [case.student_id for case in cases] == [the_student().id]
    assert cases[0].opened_on == clock.today()


def test_memberships_hold_from_the_day_that_is_given(app):
    day = dt.date(2016, 3, 1)

    take_students(student(1, hardship_code="2"), effective_on=day)

    assert [row[6] for row in known("memberships")] == [day]
    assert [row[1] for row in known("student_versions")] == [day]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="graduated is not said"),
        pytest.param({"standing": "结业"}, [("completed", NEW_YEAR)], id="from 1 January"),
        pytest.param(
            {"standing": "退学", "standing_on": "2016-05-20"},
            [("withdrawn", dt.date(2016, 5, 20))],
            id="from its own day",
        ),
        pytest.param({"level": "42"}, [("completed", NEW_YEAR)], id="from the level"),
    ],
)
def test_standings(app, changes, expected):
    take_students(student(1, **changes))

    assert [row[1:] for row in known("standings")] == expected
    kind = StandingKind(expected[0][0]) if expected else StandingKind.GRADUATED
    assert the_student().standing is kind


def test_a_counselor_is_found_by_user_name_or_staff_number(app, cast):
    cast.wu.staff_number = "T0042"
    chen, wu = cast.chen.id, cast.wu.id
    db.session.commit()

    answer = take_students(
        student(1, counselor="Chen"), student(2, counselor="t0042"), student(3, counselor="nobody")
    )

    assigned = db.session.execute(
        select(Student.student_number, Assignment.counselor_id)
        .join(Assignment, Assignment.student_id == Student.id)
        .order_by(Student.student_number)
    ).all()
    assert [tuple(row) for row in assigned] == [("20120001", chen), ("20120002", wu)]
    assert counts(answer) == (3, 0, 0, 0)
    assert warned(answer) == {"unknown_counselor"}


def test_a_counselor_of_another_university_is_nobody(app, cast):
    assert cast.gao.username == "gao"

    answer = take_students(student(1, counselor="gao"))

    assert warned(answer) == {"unknown_counselor"}
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 0


def test_an_unknown_university_is_added_by_code_and_name(app):
    answer = take("students", student(1, university="90009", university_name="示例学院"))

    university = db.session.execute(select(University)).scalar_one()
    assert (university.code, university.name) == ("90009", "示例学院")
    assert university.name_key == "shi li xue yuan"
    assert university.import_id == answer["import_id"]
    assert warned(answer) == {"unknown_university"}


def test_an_unknown_university_without_a_name_is_an_error(app):
    know_universities()

    answer = take("students", student(1, university="90009"))

    assert counts(answer) == (0, 0, 0, 1)
    assert faults(answer) == [(2, "university", "unknown_university")]


def test_an_identical_row_is_unchanged_and_another_names_the_first(app):
    answer = take_students(
        student(1), student(2), student(1), student(2, name="另一人"), student(3)
    )

    assert counts(answer) == (3, 0, 1, 1)
    assert faults(answer) == [(5, "student_number", "duplicate_in_file")]
    assert "Row 3" in answer["errors"][0]["message"]


def test_rejected_rows_stop_nobody_and_are_kept_as_they_stood(app):
    answer = take_students(student(1), student(2, level="99"), student(3, name=""))

    assert counts(answer) == (1, 0, 0, 2)
    assert faults(answer) == [(3, "level", "unknown_code"), (4, "name", "missing")]
    row = db.session.execute(select(ImportRow).order_by(ImportRow.row)).scalars().first()
    headings, cells = open_cells(db.session.get_one(Import, answer["import_id"]), row)
    assert dict(zip(headings, cells, strict=True))["level"] == "99"
    assert row.problems[0]["code"] == "unknown_code"


def test_an_error_never_shows_an_id_number(app):
    wrong = id_number(1)[:-1] + ("1" if id_number(1)[-1] != "1" else "2")

    answer = take_students(student(1, id_number=wrong))

    assert faults(answer) == [(2, "id_number", "bad_check_digit")]
    assert wrong not in str(answer)


def test_a_preview_counts_as_if_and_writes_nothing(app):
    know_universities()
    before = register_now()

    answer = look_at("students", student(1, hardship_code="2"), student(2, level="99"))

    assert counts(answer) == (1, 0, 0, 1)
    assert answer["import_id"] is None
    assert register_now() == before
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_preview_adds_no_university(app):
    answer = look_at("students", student(1, university="90009", university_name="示例学院"))

    assert counts(answer) == (1, 0, 0, 0)
    assert warned(answer) == {"unknown_university"}
    assert db.session.scalar(select(func.count()).select_from(University)) == 0


def test_a_heading_without_rows_is_an_import_of_nobody(app):
    answer = take("students", "学号,姓名,身份证号,民族,学历\n".encode())

    assert counts(answer) == (0, 0, 0, 0)
    assert answer["import_id"] is not None


def test_one_event_tells_file_counts_and_digest(app):
    answer = take_students(student(1, hardship_code="2"))

    import_ = db.session.get_one(Import, answer["import_id"])
    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "import.applied")
    ).scalar_one()
    assert (event.subject_type, event.subject_id) == ("imports", import_.id)
    assert event.details["file"] == import_.sha256.hex()
    assert event.details["changes"] == import_.changes_digest.hex()
    assert (event.details["created"], event.details["rows"]) == (1, 1)
    assert import_.state is ImportState.APPLIED
    manifest = import_.summary["manifest"]
    assert {table: found["rows"] for table, found in manifest.items()} == {
        "students": 1,
        "student_versions": 1,
        "memberships": 1,
        "cases": 1,
        "assignments": 1,
    }


def test_what_was_learnt_earlier_is_known_from_then(app):
    learnt = dt.datetime(2016, 2, 1, 9, tzinfo=clock.ZONE)

    answer = take_students(student(1, hardship_code="2"), recorded_at=learnt)

    row = db.session.execute(select(Membership)).scalar_one()
    assert row.recorded_at == learnt
    assert row.entered_at > learnt
    assert known("memberships", learnt)
    assert not known("memberships", learnt - dt.timedelta(seconds=1))
    event = db.session.execute(
        select(AuditEvent).where(AuditEvent.action == "import.applied")
    ).scalar_one()
    assert event.details["recorded_at"] == learnt.isoformat()
    assert event.at.year > 2016
    assert db.session.get_one(Import, answer["import_id"]).recorded_at == learnt


def test_nothing_is_learnt_in_the_future(app):
    tomorrow = clock.now() + dt.timedelta(days=1)

    with pytest.raises(InvalidValueError, match="future"):
        take_students(student(1), recorded_at=tomorrow)
    with pytest.raises(InvalidValueError, match="future"):
        look_at("students", student(1), recorded_at=tomorrow)


def test_the_categories_of_the_samples(app):
    take_samples()

    found: dict[str, int] = {}
    for row in known("memberships"):
        found[row[1]] = found.get(row[1], 0) + 1
    assert found == {
        "family_hardship": 6,
        "ethnic_minority": 4,
        "rural_origin": 13,
        "disability": 4,
        "employment_difficulty": 5,
    }
