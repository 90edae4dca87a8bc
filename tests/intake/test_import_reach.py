"""A university's import touches its own students and learns nothing of others."""

import pytest
from sqlalchemy import select

from placement.accounts.queries import viewer_of
from placement.db import db, use_scope
from placement.errors import EditConflictError, InvalidValueError, NotAllowedError
from placement.intake.models import ImportRow, ListKind, ListMatch, MatchDecision
from placement.intake.operations import decide_match, listed_person
from placement.intake.queries import visible_imports, visible_matches, waiting_matches
from placement.students.models import Student
from tests.intake.people import id_number, student
from tests.intake.taking import (
    counts,
    faults,
    know_universities,
    known,
    register_now,
    sample,
    take,
    take_samples,
    take_students,
)


@pytest.fixture
def two_universities(app):
    take_students(
        student(1, name="甲甲"), student(2, name="乙乙", university="90002", origin="农村")
    )
    return know_universities()


def test_a_row_of_another_university_is_an_error_row(two_universities):
    before = register_now()

    answer = take_students(
        student(2, university="90002", college="改"), university_id=two_universities["90001"]
    )

    assert faults(answer) == [(2, "university", "unknown_university")]
    assert register_now() == before


def test_an_id_number_of_another_university_says_nothing_of_whose_it_is(two_universities):
    before = register_now()
    row = student(9, id_number=id_number(2, male=False), sex="2", university="")

    answer = take_students(row, university_id=two_universities["90001"], allow_id_change=True)

    assert faults(answer) == [(2, "id_number", "key_conflict")]
    assert "乙乙" not in str(answer)
    assert "90002" not in str(answer)
    assert "20120002" not in str(answer)
    assert register_now() == before


def test_rows_without_a_university_are_its_own(two_universities):
    answer = take_students(student(3, university=""), university_id=two_universities["90001"])

    assert counts(answer) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"student_number": "20120002", "code": "10"}, id="number"),
        pytest.param({"id_number": id_number(2, male=False), "code": "10"}, id="ID number"),
    ],
)
@pytest.mark.parametrize("kind", ["outcomes", "wishes"])
def test_a_student_of_another_university_is_nobody(two_universities, kind, row):
    known_elsewhere = take(kind, row, university_id=two_universities["90001"])
    nowhere = take(
        kind,
        {name: id_number(80) if name == "id_number" else "2012ZZZZ" for name in row}
        | {"code": "10"},
        university_id=two_universities["90001"],
    )

    assert [e["code"] for e in known_elsewhere["errors"]] == ["unknown_student"]
    assert [(e["column"], e["message"]) for e in known_elsewhere["errors"]] == [
        (e["column"], e["message"]) for e in nowhere["errors"]
    ]
    assert known("outcomes") == []


def test_a_list_finds_its_own_students_only(two_universities):
    row = {"name": "乙乙", "id_number": id_number(2, male=False)}

    answer = take(
        "list",
        row,
        list_kind=ListKind.LOW_INCOME,
        confirm=True,
        university_id=two_universities["90001"],
    )

    assert answer["list"]["not_ours"] == 1
    assert answer["matches"][0]["student_number"] is None
    assert len(known("memberships")) == 1


def test_a_complete_list_of_one_university_ends_nothing_at_another(two_universities):
    kind = {"list_kind": ListKind.LOW_INCOME, "confirm": True}
    take("list", {"name": "乙乙", "id_number": id_number(2, male=False)}, **kind)

    answer = take(
        "list",
        {"name": "甲甲", "id_number": id_number(1)},
        complete=True,
        university_id=two_universities["90001"],
        **kind,
    )

    assert answer["list"]["left"] == 0


def test_a_university_sees_what_it_sent_and_what_lists_found_of_its_own(cast):
    universities = know_universities_of(cast)
    zheng, xu, huang = map(viewer_of, (cast.zheng, cast.xu, cast.huang))
    take_samples()
    take_students(student(90, level="99"), university_id=universities["90001"])
    take("list", sample("list-low-income.csv"), list_kind=ListKind.LOW_INCOME)

    seen = {}
    for viewer in (zheng, xu, huang):
        with use_scope(viewer.scope):
            imports = db.session.execute(visible_imports(viewer)).scalars().all()
            matches = db.session.execute(visible_matches(viewer)).scalars().all()
            rows = db.session.execute(select(ImportRow.id)).scalars().all()
            seen[viewer.username] = (len(imports), len(matches), len(rows))
            everything = db.session.execute(select(ListMatch.id)).scalars().all()
            assert len(everything) == len(matches) + (viewer is huang)
            db.session.rollback()

    assert seen == {"zheng": (1, 4, 1), "xu": (0, 1, 0), "huang": (3, 5, 1)}


def know_universities_of(cast) -> dict[str, int]:
    return {"90001": cast.university.id, "90002": cast.other_university.id}


@pytest.fixture
def asked(cast):
    """A list that asks the university about student 1: the name differs."""
    know_universities_of(cast)
    take_students(student(1, name="甲甲"), student(3, name="丙丙"))
    row = {
        "name": "欧阳锋",
        "id_number": id_number(1),
        "card_number": "DB1",
        "valid_to": "20171231",
    }
    take("list", row, list_kind=ListKind.LOW_INCOME)
    take("list", row, list_kind=ListKind.LOW_INCOME)
    return viewer_of(cast.zheng)


def test_a_confirmed_match_is_a_member_with_evidence_and_a_case(asked):
    with use_scope(asked.scope):
        (match,) = db.session.execute(waiting_matches(asked)).scalars()
        assert listed_person(match)["name"] == "欧阳锋"

        member = decide_match(match, actor=asked, decision=MatchDecision.CONFIRMED)
        db.session.commit()

        assert db.session.execute(waiting_matches(asked)).scalars().all() == []
        person = db.session.get_one(Student, member.student_id)
        evidence = person.key().open(member.evidence_sealed, "memberships.evidence", member.uid)
    assert "DB1" in evidence
    assert [row[1:5] for row in known("memberships")] == [
        ("family_hardship", "low_income", "list", "low_income")
    ]
    assert len(known("cases")) == 1
    answered = db.session.execute(select(ListMatch.decision)).scalars().all()
    assert answered == [MatchDecision.CONFIRMED] * 2


def test_a_refused_match_needs_a_reason_and_makes_nobody_a_member(asked):
    with use_scope(asked.scope):
        (match,) = db.session.execute(waiting_matches(asked)).scalars()
        with pytest.raises(InvalidValueError):
            decide_match(match, actor=asked, decision=MatchDecision.REFUSED)

        decide_match(match, actor=asked, decision=MatchDecision.REFUSED, reason="another person")
        db.session.commit()

    assert known("memberships") == []
    assert match.decision_reason == "another person"


def test_two_people_decide_at_once(asked):
    (match,) = db.session.execute(waiting_matches(asked)).scalars()
    decide_match(match, actor=asked, decision=MatchDecision.CONFIRMED)

    with pytest.raises(EditConflictError):
        decide_match(match, actor=asked, decision=MatchDecision.REFUSED, reason="somebody else")


def test_a_counselor_does_not_decide_and_nobody_names_a_stranger(asked, cast):
    (match,) = db.session.execute(waiting_matches(asked)).scalars()
    stranger = db.session.execute(
        select(Student.id).where(Student.student_number == "20120003")
    ).scalar_one()

    with pytest.raises(NotAllowedError):
        decide_match(match, actor=viewer_of(cast.chen), decision=MatchDecision.CONFIRMED)
    with pytest.raises(InvalidValueError):
        decide_match(match, actor=asked, decision=MatchDecision.CONFIRMED, student_id=stranger)


def test_of_two_namesakes_the_other_is_meant(cast):
    know_universities_of(cast)
    take_students(student(1, name="甲甲"), student(3, name="甲甲"))
    take("list", {"name": "甲甲", "card_number": "DB7"}, list_kind=ListKind.LOW_INCOME)
    zheng = viewer_of(cast.zheng)
    (match,) = db.session.execute(waiting_matches(zheng)).scalars()
    (other,) = listed_person(match)["alternatives"]

    member = decide_match(match, actor=zheng, decision=MatchDecision.CONFIRMED, student_id=other)
    db.session.commit()

    assert (member.student_id, match.student_id) == (other, other)
    assert listed_person(match)["card_number"] == "DB7"


def test_rejected_rows_of_the_province_are_not_a_universitys_to_read(cast):
    know_universities_of(cast)
    take_students(student(1, level="99"))
    zheng = viewer_of(cast.zheng)

    with use_scope(zheng.scope):
        rows = db.session.execute(select(ImportRow.id)).scalars().all()

    assert rows == []
