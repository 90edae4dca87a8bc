"""Partner lists: whom they find, who becomes a member, who waits, who has left."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.cases.models import Case
from placement.db import db
from placement.intake.models import ListKind, ListMatch, MatchDecision
from placement.students.models import Membership, Student
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
)

APRIL = dt.date(2016, 4, 1)
OCTOBER = dt.date(2016, 10, 1)


def listed(serial: int = 1, **changes: object) -> dict[str, object]:
    male = serial % 2 == 1
    row = {
        "name": "吴建国" if male else "林梅",
        "id_number": id_number(serial, male=male),
        "card_number": f"DB{serial:05}",
        "valid_to": "2017-12-31",
    }
    return row | changes


def take_list(*rows: object, **options: object) -> dict[str, object]:
    options = {"list_kind": ListKind.LOW_INCOME, "as_of": APRIL} | options
    return take("list", *rows, **options)


@pytest.fixture
def graduates(app):
    take_students(student(1), student(2), student(3))


def states(answer):
    return [(match["row"], match["state"], match["student_number"]) for match in answer["matches"]]


def test_the_sample_of_low_income(app):
    take_samples()

    answer = take(
        "list", sample("list-low-income.csv"), list_kind=ListKind.LOW_INCOME, confirm=True
    )

    assert answer["list"] == {
        "matched": 5,
        "possible": 0,
        "not_ours": 1,
        "duplicate": 0,
        "left": 0,
    }
    assert counts(answer) == (5, 0, 1, 0)
    lin = answer["matches"][4]
    assert lin == {
        "row": 6,
        "state": "matched",
        "student_number": "20120002",
        "university": "90001",
        "score": 1.0,
        "reason": "same_id_and_name",
    }
    assert answer["matches"][5]["student_number"] is None


def test_confirmed_are_members_with_evidence_and_a_case(graduates):
    answer = take_list(listed(1, level="一级"), confirm=True)

    member = db.session.execute(select(Membership)).scalar_one()
    person = db.session.get_one(Student, member.student_id)
    evidence = person.key().open(member.evidence_sealed, "memberships.evidence", member.uid)
    assert counts(answer) == (1, 0, 0, 0)
    assert (member.category, member.hardship_class) == ("family_hardship", "low_income")
    assert (member.basis, member.source, member.state) == ("list", "low_income", "confirmed")
    assert (member.holds_from, member.valid_to) == (APRIL, dt.date(2017, 12, 31))
    assert "DB00001" in evidence
    assert "一级" in evidence
    assert db.session.execute(select(Case.student_id)).scalars().all() == [member.student_id]


def test_a_list_of_disability_is_its_own_category(graduates):
    take_list(listed(1), confirm=True, list_kind=ListKind.DISABILITY)

    assert [row[1:3] for row in known("memberships")] == [("disability", "disability")]


def test_without_a_day_the_list_is_of_the_day_it_was_learnt(graduates):
    take_list(listed(1), confirm=True, as_of=None)

    assert [row[6] for row in known("memberships")] == [clock.today()]


def test_the_same_list_again_changes_nothing(graduates):
    rows = listed(1), listed(2), listed(9)
    take_list(*rows, confirm=True)
    before = register_now()

    answer = take_list(*rows, confirm=True)

    assert counts(answer) == (0, 0, 3, 0)
    assert register_now() == before


def test_new_evidence_replaces_the_old(graduates):
    take_list(listed(1), confirm=True)

    answer = take_list(listed(1, valid_to="2018-12-31"), confirm=True, as_of=OCTOBER)

    assert counts(answer) == (0, 1, 0, 0)
    assert [row[6:] for row in known("memberships")] == [(APRIL, None, dt.date(2018, 12, 31))]


def test_an_earlier_list_extends_the_membership_back(graduates):
    take_list(listed(1), confirm=True, as_of=OCTOBER)

    answer = take_list(listed(1), confirm=True, as_of=APRIL)

    assert counts(answer) == (0, 1, 0, 0)
    assert [row[6] for row in known("memberships")] == [APRIL]


def test_without_confirm_all_wait(graduates):
    answer = take_list(listed(1), listed(2))

    matches = db.session.execute(select(ListMatch)).scalars().all()
    assert counts(answer) == (2, 0, 0, 0)
    assert known("memberships") == []
    assert [match.decision for match in matches] == [None, None]
    assert counts(take_list(listed(1), listed(2))) == (0, 0, 2, 0)


def test_another_name_is_possible_and_waits_even_with_confirm(graduates):
    answer = take_list(listed(1, name="欧阳锋"), confirm=True)

    assert states(answer) == [(2, "possible", "20120001")]
    assert answer["matches"][0]["reason"] == "same_id_other_name"
    assert known("memberships") == []


def test_variants_of_a_character_are_one_name(app):
    take_students(student(1, name="林志强"))

    answer = take_list(listed(1, name="林志強"), confirm=True)

    assert states(answer) == [(2, "matched", "20120001")]


def test_a_namesake_with_the_same_birthday_is_possible(graduates):
    row = {"name": "吴建国", "birth_date": "1993-03-04"}

    answer = take_list(row, confirm=True)

    assert answer["list"]["possible"] == 1
    assert answer["matches"][0]["reason"] == "same_name_and_birth"


def test_twice_on_the_list_is_a_duplicate(graduates):
    answer = take_list(listed(1), listed(1), confirm=True)

    assert states(answer) == [(2, "matched", "20120001"), (3, "duplicate", "20120001")]
    assert counts(answer) == (1, 0, 1, 0)
    assert len(known("memberships")) == 1


def test_a_wrong_id_number_is_an_error_row(graduates):
    wrong = listed(1, id_number="350000199303040170")

    answer = take_list(wrong, listed(2))

    assert counts(answer) == (1, 0, 0, 1)
    assert faults(answer)[0][:2] == (2, "id_number")
    assert states(answer) == [(3, "matched", "20120002")]


def test_nothing_is_kept_of_people_who_are_not_ours(graduates):
    take_list(listed(9, name="欧阳锋"), listed(1))

    stranger, ours = db.session.execute(select(ListMatch).order_by(ListMatch.row)).scalars()
    assert (stranger.state, stranger.person_sealed, stranger.student_id) == ("not_ours", None, None)
    assert ours.person_sealed is not None


def test_of_another_class_is_not_ours(graduates):
    answer = take_list(listed(1), class_year=2017)

    assert states(answer) == [(2, "not_ours", None)]


def test_a_confirmed_list_answers_what_an_earlier_one_asked(graduates):
    take_list(listed(1))

    answer = take_list(listed(1), confirm=True)

    asked = db.session.execute(select(ListMatch).order_by(ListMatch.id)).scalars().all()
    assert counts(answer) == (1, 0, 0, 0)
    assert [match.decision for match in asked] == [MatchDecision.CONFIRMED] * 2


def test_who_is_missing_from_a_complete_list_has_left(graduates):
    take_list(listed(1), listed(2), listed(3), confirm=True)

    counted = take_list(listed(1), as_of=OCTOBER, complete=True)
    still = known("memberships")
    ended = take_list(listed(1), as_of=OCTOBER, complete=True, confirm=True)
    again = take_list(listed(1), as_of=OCTOBER, complete=True, confirm=True)

    assert counted["list"]["left"] == 2
    assert [row[7] for row in still] == [None, None, None]
    assert ended["list"]["left"] == 2
    assert {(row[0], row[6], row[7]) for row in known("memberships")} == {
        ("20120001", APRIL, None),
        ("20120002", APRIL, OCTOBER),
        ("20120003", APRIL, OCTOBER),
    }
    assert again["list"]["left"] == 0


def test_who_left_keeps_the_evidence_of_the_time(graduates):
    take_list(listed(1), confirm=True)

    take_list(listed(2), as_of=OCTOBER, complete=True, confirm=True)

    member = db.session.execute(
        select(Membership).where(Membership.holds_to == OCTOBER)
    ).scalar_one()
    person = db.session.get_one(Student, member.student_id)
    opened = person.key().open(member.evidence_sealed, "memberships.evidence", member.uid)
    assert "DB00001" in opened


def test_possible_is_not_missing_and_neither_is_a_mistyped_row(graduates):
    take_list(listed(1), listed(2), confirm=True)
    mistyped = listed(2, id_number="350000199303040170")

    answer = take_list(
        listed(1, name="欧阳锋"), mistyped, as_of=OCTOBER, complete=True, confirm=True
    )

    assert answer["list"]["left"] == 0
    assert [row[7] for row in known("memberships")] == [None, None]


def test_another_kind_of_list_ends_nothing(graduates):
    take_list(listed(1), confirm=True)

    answer = take_list(
        listed(2), as_of=OCTOBER, complete=True, confirm=True, list_kind=ListKind.POVERTY
    )

    assert answer["list"]["left"] == 0


def test_who_comes_back_is_a_member_from_then(graduates):
    take_list(listed(1), listed(2), confirm=True)
    take_list(listed(2), as_of=dt.date(2016, 6, 1), complete=True, confirm=True)

    answer = take_list(listed(1), listed(2), as_of=OCTOBER, confirm=True)

    assert counts(answer) == (1, 0, 1, 0)
    periods = {(row[6], row[7]) for row in known("memberships") if row[0] == "20120001"}
    assert periods == {(APRIL, dt.date(2016, 6, 1)), (OCTOBER, None)}


def test_a_preview_of_a_list_writes_nothing(graduates):
    before = register_now()
    stranger = listed(9, name="欧阳锋")

    answer = look_at(
        "list", listed(1), stranger, list_kind=ListKind.LOW_INCOME, confirm=True, complete=True
    )

    assert answer["import_id"] is None
    assert counts(answer) == (1, 0, 1, 0)
    assert register_now() == before
    assert db.session.execute(select(ListMatch.id)).first() is None
