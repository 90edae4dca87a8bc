"""A counselor's day, a student's contact, an administrator's week: on a demo province, in Chinese.

One small province for the three and both screens, since loading it is what takes long.
"""

import pytest

from placement import clock
from placement.accounts.models import User
from placement.cases.models import Case, FollowUp
from placement.db import db, transaction
from placement.demo.loading.loading import load_demo
from placement.students.models import Assignment
from tests.browser.days import administrators_week, counselors_day, students_contact
from tests.browser.screen import SIZES, open_screen

pytestmark = pytest.mark.browser

STUDENTS = 60


@pytest.fixture
def logins(app, settings) -> dict[str, dict[str, str]]:
    """A small demo province; the user names and passwords of its four people."""
    return load_demo(STUDENTS, settings=settings, tell=lambda _line: None)


def everybody_is_due(counselor: str) -> list[str]:
    """Let everybody in a counselor's caseload be due today; their names."""
    with transaction():
        cases = (
            db.session.query(Case)
            .join(Assignment, Assignment.student_id == Case.student_id)
            .join(User, User.id == Assignment.counselor_id)
            .filter(User.username == counselor, Assignment.holds_to.is_(None))
            .all()
        )
        for case in cases:
            case.closed_on, case.close_reason = None, None
            case.next_contact_on, case.later_until = clock.today(), None
            case.next_step = case.next_step or "约一次面谈"
        return [case.student.name for case in cases]


def test_three_people_do_their_work_on_both_screens(chromium, served, logins):
    for size in SIZES:
        names = everybody_is_due(logins["counselor"]["username"])
        noted = db.session.query(FollowUp).filter(FollowUp.voided_at.is_(None)).count()

        with open_screen(chromium, served, size) as screen:
            helped = counselors_day(screen, logins["counselor"], another=names[-1])
            students_contact(screen, logins["student"])
            administrators_week(screen, logins["university"])

        assert helped in names
        assert screen.complaints == []
        db.session.rollback()
        kept = db.session.query(FollowUp).filter(FollowUp.voided_at.is_(None)).count()
        assert kept == noted + 1, "the one noted with three taps; the others were taken back"
