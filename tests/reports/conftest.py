"""Fixtures of the figures."""

import pytest

from placement.students.models import (
    Category,
)
from tests.factories import make_member, make_student
from tests.reports.asking import known_since_winter


@pytest.fixture
def member(cast):
    """One more of the register, since long ago."""
    student = make_student(cast.university)
    make_member(student, Category.RURAL_ORIGIN)
    return known_since_winter(student)
