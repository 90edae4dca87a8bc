"""What tests of fairs share: a fair in two days, and the accounts of those who come."""

import datetime as dt
from typing import Any

from placement import clock
from placement.accounts.models import Role, User
from placement.fairs.models import Fair
from placement.students.models import Student
from tests.factories import make_user, save


def held(**values: Any) -> Fair:
    """A fair of the province in two days."""
    fair = Fair(
        **{"title": "Spring fair", "place": "Fuzhou", "on": clock.today() + dt.timedelta(days=2)}
        | values
    )
    save(fair)
    return fair


def account_of(student: Student) -> User:
    """The account of a student."""
    return make_user(Role.STUDENT, student.university, student_id=student.id)
