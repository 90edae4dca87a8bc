"""One box finds a student by whatever is at hand, within the scope, through the indexes."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from placement.accounts.queries import viewer_of
from placement.db import db, use_scope
from placement.students.models import Student
from placement.students.queries import visible_students
from placement.students.search import matches
from tests.factories import make_student

ASKED = ["高秀琴", "高", "高秀", "gao xiu qin", "GAO XIU", "gxq", "gx", "2012 7777", "20127777",
         "2012777", "17900069980"]  # fmt: skip
NOT_FOUND = ["秀琴", "gao_xiu", "xq", "%", "0127777", "1790006998", "高秀琴女"]


@pytest.fixture
def people(cast):
    wanted = make_student(
        cast.university,
        counselor=cast.chen,
        name="高秀琴",
        student_number="20127777",
        mobile="17900069980",
    )
    for name in ("林大海", "郭大溪", "蔡和平"):
        make_student(cast.university, counselor=cast.chen, name=name)
    return wanted


def found_by(viewer, asked):
    with use_scope(viewer.scope):
        return set(db.session.execute(visible_students(viewer).where(matches(asked))).scalars())


@pytest.mark.parametrize("who", ["chen", "zheng", "huang"])
def test_student_is_found_by_whatever_is_at_hand(cast, people, who):
    viewer = viewer_of(getattr(cast, who))

    asked = [*ASKED, str(people.id_number), str(people.id_number)[-4:].lower()]
    assert {text: found_by(viewer, text) for text in asked} == {text: {people} for text in asked}
    assert {text: found_by(viewer, text) for text in NOT_FOUND} == {t: set() for t in NOT_FOUND}


def test_colleague_without_share_finds_nobody(cast, people):
    assert found_by(viewer_of(cast.wu), "高秀琴") == set()


@pytest.mark.parametrize("asked", ["高", "gxq", "20127777", "17900069980"])
def test_search_of_the_whole_province_reads_indexes_only(cast, people, asked):
    viewer = viewer_of(cast.huang)
    with use_scope(viewer.scope):
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        searched = select(Student.id).where(matches(asked)).compile(dialect=postgresql.dialect())
        statement = str(searched) % {
            name: f"'\\x{value.hex()}'" if isinstance(value, bytes) else f"'{value}'"
            for name, value in searched.params.items()
        }
        plan = "\n".join(db.session.execute(text("EXPLAIN " + statement)).scalars())

    assert "Seq Scan on students" not in plan
    assert "ix_students_number" in plan
