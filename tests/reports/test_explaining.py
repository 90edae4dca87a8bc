"""Why one person counts as they do, on the page and by command, told as the figures count."""

import datetime as dt
import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from flask_babel import force_locale
from hypothesis import HealthCheck, event, given, settings

import placement.cli.report.asking as commands
from placement.audit.models import AuditEvent
from placement.audit.queries import looks_at
from placement.cli import main
from placement.db import db, system_scope, use_scope
from placement.outcomes.models import Decision
from placement.reports.answers import explanation_answer
from placement.reports.queries.histories import why_counted
from placement.reports.queries.readings import begin_reading
from placement.students.models import Category, StandingKind, Student
from tests.factories import make_member, make_outcome, make_standing, make_student
from tests.reports import oracle
from tests.reports.asking import AUTUMN, decide, dispute
from tests.reports.history_makers import STUDENTS, histories, write_history
from tests.reports.test_figures_agree import asked, question_of

ASKED = "year=2016&as_of=2016-12-31"


@pytest.fixture
def told(app, monkeypatch):
    """Types `placement report explain …` about a student and gives what it says."""
    monkeypatch.setattr(commands, "command_session", _here(app))

    def run(student, *arguments, form="json"):
        db.session.commit()
        given = ["report", "explain", "--class-year", "2016", "--as-of", "2016-12-31"]
        given += ["--student", student.student_number, "--university", student.university.code]
        result = CliRunner(catch_exceptions=False).invoke(
            main, [*given, "--format", form, *arguments]
        )
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout) if form == "json" else result.stdout

    return run


def _here(app):
    @contextmanager
    def here(name):
        with use_scope(system_scope(name)):
            yield app

    return here


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories(), asked=asked)
def test_what_is_told_of_everybody_is_how_they_are_counted(app, superuser, history, asked):
    write_history(superuser, history)
    register = {one.student: one for one in oracle.register(history, asked)}
    reading = begin_reading(question_of(asked), None)

    for number in STUDENTS:
        found = why_counted(reading, db.session.get_one(Student, number))

        event(found.reason)
        deciding = [row for row in found.outcomes if row.used]
        one = register.get(number)
        if one is None:
            assert found.absent is not None
            continue
        assert found.absent is None
        assert (found.counted, found.standing, found.reason) == (
            one.counted,
            one.standing,
            one.reason,
        )
        assert (found.code, found.placed) == (one.code, one.counted and one.placed)
        assert set(found.categories) == {row.key for row in found.memberships if row.used}
        assert [row.key for row in found.standings if row.used] in ([], [one.standing])
        assert len([row for row in found.versions if row.used]) == 1
        assert [
            "disputed" if row.disputed and asked.basis == "verified" else row.key
            for row in deciding
        ] == ([one.code] if one.known else [])
        with force_locale("zh_Hans_CN"):
            assert explanation_answer(found)["because"]


def test_command_tells_the_rows_and_the_rules(told, cast):
    make_outcome(cast.lin_mei, "10", dt.date(2016, 7, 1))
    make_outcome(cast.lin_mei, "75", dt.date(2016, 9, 1), verified=False)

    answer = told(cast.lin_mei)

    assert answer["counted_as"] == "已落实 · 协议和合同就业"
    assert answer["because"] == "去向经核验，已落实"
    outcomes = {row["key"]: row["verdict"] for row in answer["history"] if row["kind"] == "outcome"}
    assert outcomes == {"10": "decides", "75": "unverified"}
    assert {rule["rule"] for rule in answer["rules"]} == {
        "register",
        "base",
        "last_outcome",
        "basis",
        "scheme",
        "known_at",
    }
    assert "教学厅函〔2021〕19号" in {rule["source"] for rule in answer["rules"]}


def test_terminal_reads_like_a_letter(told, cast):
    make_outcome(cast.lin_mei, "10")

    text = told(cast.lin_mei, form="text")

    assert "已落实 · 协议和合同就业: 去向经核验" in text
    assert "* 2016-07-01 10 签就业协议形式就业 (已核验)" in text
    assert "林梅" not in text


def test_who_is_left_out_or_absent_is_told_why(told, cast):
    deferred, other = make_student(cast.university), make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)

    left_out, absent = told(deferred), told(other)

    assert (left_out["counted"], left_out["reason"]) == (False, "deferred")
    assert "延期毕业" in left_out["because"]
    assert (absent["in_register"], absent["reason"]) == (False, "no_membership")


def test_what_was_known_earlier_is_told_as_it_was_known(told, cast):
    outcome = make_outcome(cast.lin_mei, "10", recorded_at=AUTUMN)
    then = told(cast.lin_mei)["known_at"]
    decide(outcome, Decision.REJECTED)
    dispute(outcome)

    assert told(cast.lin_mei)["reason"] == "rejected"
    assert told(cast.lin_mei, "--known-at", then)["reason"] == "verified"


def test_page_says_in_words_how_a_person_is_counted(browser, cast):
    make_outcome(cast.lin_mei, "10")
    cast.chen.locale = "zh_Hans_CN"
    db.session.commit()

    page = browser.sign_in(cast.chen).get(f"/reports/people/{cast.lin_mei.id}?{ASKED}").text

    assert "计为：已落实 · 协议和合同就业。" in page
    assert "因为：去向经核验，已落实。" in page
    assert "林梅" in page


def test_list_of_people_leads_to_why(browser, cast):
    make_outcome(cast.lin_mei)
    browser.sign_in(cast.zheng)

    people = browser.get(f"/reports/people?{ASKED}&basis=reported").text

    way = people.split(f'href="/reports/people/{cast.lin_mei.id}?')[1].split('"')[0]
    assert {"year=2016", "as_of=2016-12-31", "basis=reported"} == set(way.split("&amp;"))


def test_province_reads_the_name_only_for_a_reason_that_is_logged(browser, cast):
    browser.sign_in(cast.huang)
    page = browser.get(f"/reports/people/{cast.lin_mei.id}?{ASKED}").text
    way = f"/students/{cast.lin_mei.id}/reveal/name"

    shown = browser.submit(way, reason="核对就业材料")

    assert "林梅" not in page
    assert way in page
    assert "林梅" in shown.text
    event = db.session.query(AuditEvent).filter_by(action="student.revealed").one()
    assert event.details["reason"] == "核对就业材料"


def test_student_sees_who_looked(browser, cast):
    browser.sign_in(cast.zheng).get(f"/reports/people/{cast.lin_mei.id}?{ASKED}")
    browser.get(f"/reports/people?{ASKED}")

    with use_scope(system_scope("test")):
        looks = db.session.execute(looks_at(cast.lin_mei.id)).scalars().all()

    assert [look.action for look in looks] == ["report.people_listed", "student.read"]
