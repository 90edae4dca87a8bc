"""`placement dispute`: somebody tells the office that what is recorded about them is wrong."""

import datetime as dt
import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result

from placement.audit.models import AuditEvent
from placement.cli import dispute as commands
from placement.cli import main
from placement.db import db, system_scope, use_scope
from placement.outcomes.models import Dispute
from tests.factories import make_outcome, make_student

REASON = "我没有在这家公司上班"
FIGURES = "/reports/rates.json?year=2016&as_of=2016-12-31"


@pytest.fixture
def dispute(app, monkeypatch):
    """Types `placement dispute …` and gives what came of it."""

    @contextmanager
    def here(name):
        db.session.rollback()
        with use_scope(system_scope(name)):
            yield app
        db.session.rollback()

    monkeypatch.setattr(commands, "command_session", here)

    def run(student, *, reason: str = REASON, university: str = "90001") -> Result:
        number = student if isinstance(student, str) else student.student_number
        given = ["dispute", "--student", number, "--university", university, "--reason", reason]
        return CliRunner().invoke(main, [*given, "--format", "json"])

    return run


def test_disputed_outcome_stops_counting(dispute, cast, browser):
    outcome = make_outcome(cast.lin_mei)
    page = browser.sign_in(cast.zheng)
    before = page.get(FIGURES).json["total"]

    done = dispute(cast.lin_mei)

    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer == {
        "dispute_id": db.session.query(Dispute).one().id,
        "student_number": cast.lin_mei.student_number,
        "university": "90001",
        "outcome": {
            "code": "10",
            "effective_on": "2016-07-01",
            "employer": outcome.employer,
        },
    }
    after = page.get(FIGURES).json["total"]
    assert (before["placed"], after["placed"]) == (1, 0)
    assert after["codes"] == {"disputed": 1}


def test_it_is_logged_and_the_student_reads_the_own_words(dispute, cast):
    make_outcome(cast.lin_mei)

    dispute(cast.lin_mei)

    opened = db.session.query(Dispute).one()
    event = db.session.query(AuditEvent).filter_by(action="dispute.opened").one()
    assert (event.subject_type, event.subject_id) == ("disputes", opened.id)
    assert event.student_ids == [cast.lin_mei.id]
    key = cast.lin_mei.key()
    assert key.open(opened.reason_sealed, "disputes.reason", opened.uid) == REASON
    assert REASON not in str(event.details)


def test_the_outcome_that_counts_is_disputed_not_a_later_claim(dispute, cast):
    counting = make_outcome(cast.lin_mei, "10")
    make_outcome(cast.lin_mei, "80", dt.date(2016, 9, 1), verified=False)

    dispute(cast.lin_mei)

    assert db.session.query(Dispute).one().outcome_id == counting.id


def test_a_claim_is_disputed_where_nothing_counts_yet(dispute, cast):
    claim = make_outcome(cast.lin_mei, "10", verified=False)

    dispute(cast.lin_mei)

    assert db.session.query(Dispute).one().outcome_id == claim.id


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"university": "99999"}, "no university with the code 99999", id="university"),
        pytest.param({"student": "0"}, "no student 0 at the university 90001", id="student"),
        pytest.param({"reason": " "}, "Say in a few words what is wrong", id="no-reason"),
        pytest.param({"reason": "x" * 1001}, "longer than 1000 characters", id="long-reason"),
    ],
)
def test_refusal_says_why_and_writes_nothing(dispute, cast, given, words):
    make_outcome(cast.lin_mei)

    done = dispute(**{"student": cast.lin_mei} | given)

    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stdout == ""
    assert db.session.query(Dispute).count() == 0


def test_student_of_another_university_is_not_found(dispute, cast):
    stranger = make_student(cast.other_university)
    make_outcome(stranger)

    done = dispute(stranger, university=cast.university.code)

    assert done.exit_code == 1
    assert "There is no student" in done.stderr


def test_student_without_outcome_has_nothing_to_dispute(dispute, cast):
    done = dispute(cast.lin_mei)

    assert done.exit_code == 1
    assert "has no outcome that could be wrong" in done.stderr


def test_a_second_dispute_waits_for_the_first(dispute, cast):
    make_outcome(cast.lin_mei)
    dispute(cast.lin_mei)

    done = dispute(cast.lin_mei, reason="another reason")

    assert done.exit_code == 1
    assert "is in dispute already" in done.stderr
    assert db.session.query(Dispute).count() == 1
