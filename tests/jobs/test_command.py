"""`placement recommend`: the lists of everybody or of some, as one JSON object."""

import datetime as dt
import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result

import placement.cli.recommend as commands
from placement import clock
from placement.cli import main
from placement.db import db, system_scope, use_scope
from placement.jobs.models import RecommendationRun
from placement.jobs.queries import recommended_to
from placement.students.models import Category
from tests.factories import make_member, make_outcome, make_student
from tests.openings import make_employer, make_posting, make_wish


@pytest.fixture
def recommend(app, monkeypatch):
    """Types `placement recommend …` and gives what came of it."""

    @contextmanager
    def here(name):
        with use_scope(system_scope(name)):
            yield app

    monkeypatch.setattr(commands, "command_session", here)

    def run(*arguments: str) -> Result:
        db.session.commit()
        given = ["recommend", "--class-year", "2016", *arguments]
        return CliRunner(catch_exceptions=False).invoke(main, given)

    return run


def answer_of(result: Result) -> dict:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_answer_counts_people_and_postings(recommend, cast):
    make_wish(cast.lin_mei)
    for _ in range(3):
        make_posting()

    answer = answer_of(recommend("--format", "json"))

    assert answer.pop("seconds") >= 0
    assert answer == {"students": 1, "postings": 3, "with_three": 1}
    assert len(recommended_to(cast.lin_mei.id)) == 3


def test_list_says_why_in_the_language_of_the_installation(recommend, cast):
    make_wish(cast.lin_mei, salary=9000)
    make_posting(make_employer(), number="2016-007")

    answer = answer_of(recommend("--list", "--format", "json"))

    (one,) = answer["recommendations"]
    assert (one["student_number"], one["university"]) == ("20120001", "90001")
    (posting,) = one["postings"]
    assert (posting["posting"], posting["rank"]) == ("2016-007", 1)
    assert 0 < posting["score"] <= 1
    assert (
        posting["reasons"]
        == [
            "提到你填写的技能：会议组织、档案管理",
            "与你的专业（汉语言文学）对口",
            "“行政事务处理人员”与你想做的“行政事务处理人员”属于同一类职业",
        ]
        or posting["reasons"][1] == "与你的专业（汉语言文学）对口"
    )
    assert posting["caution"] == "月薪 4,000–5,000，低于你期望的 9,000"


def test_one_student_alone_leaves_the_others_as_they_are(recommend, cast):
    other = make_student(cast.university, student_number="20120099")
    make_member(other, Category.RURAL_ORIGIN)
    make_wish(cast.lin_mei)
    make_posting()
    answer_of(recommend("--format", "json"))
    make_posting()

    answer = answer_of(recommend("--student", "20120099", "--format", "json"))

    assert (answer["students"], answer["postings"], answer["with_three"]) == (1, 2, 0)
    assert [len(one["postings"]) for one in answer["recommendations"]] == [2]
    db.session.expire_all()
    assert len(recommended_to(cast.lin_mei.id)) == 1
    assert db.session.query(RecommendationRun).count() == 1


def test_one_university_alone(recommend, cast):
    assert cast.lin_mei
    assert cast.stranger
    make_posting(majors=[])

    answer = answer_of(recommend("--university", "90002", "--list", "--format", "json"))

    assert answer["students"] == 1
    assert [one["university"] for one in answer["recommendations"]] == ["90002"]
    assert recommended_to(cast.lin_mei.id) == []


def test_day_decides_on_deadlines_and_outcomes(recommend, cast):
    make_posting(deadline=dt.date(2016, 12, 31))
    make_outcome(cast.lin_mei, effective_on=dt.date(2016, 11, 1))

    october = answer_of(recommend("--as-of", "2016-10-01", "--format", "json"))
    december = answer_of(recommend("--as-of", "2016-12-01", "--format", "json"))
    later = answer_of(recommend("--as-of", "2017-01-01", "--format", "json"))

    counts = [(a["students"], a["postings"]) for a in (october, december, later)]
    assert counts == [(1, 1), (0, 1), (0, 0)]


def test_placed_student_gets_an_empty_list_and_a_word_why(recommend, cast):
    make_posting()
    make_outcome(cast.lin_mei)

    result = recommend("--student", "20120001", "--format", "json")

    answer = answer_of(result)
    assert answer["students"] == 0
    assert answer["recommendations"] == [
        {"student_number": "20120001", "university": "90001", "postings": []}
    ]
    assert "placed and verified" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--student", "no-such-number"],
        ["--university", "99999"],
        ["--class-year", "1999"],
        ["--student", "20120001"],
    ],
    ids=["unknown-student", "unknown-university", "no-such-class", "two-of-that-number"],
)
def test_refusals_are_one_clear_line(recommend, cast, arguments):
    make_student(cast.other_university, student_number="20120001")
    assert cast.lin_mei

    result = recommend(*arguments, "--format", "json")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_text_is_for_people(recommend, cast):
    make_wish(cast.lin_mei)
    make_posting()

    result = recommend("--list")

    assert result.exit_code == 0
    assert "1 students, 1 postings" in result.stdout
    assert "+ 与你的专业（汉语言文学）对口" in result.stdout


def test_clock_is_the_day_without_another(recommend, cast):
    assert cast.lin_mei
    make_posting()

    answer_of(recommend("--format", "json"))

    assert db.session.query(RecommendationRun).one().as_of == clock.today()
