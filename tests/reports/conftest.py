"""Fixtures of the figures."""

import pytest

from placement.db import db
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


@pytest.fixture
def writer(superuser):
    """A connection whose writes touch the facts as any writer's do; its students need no case."""
    superuser.execute("SET session_replication_role = origin")
    superuser.execute("ALTER TABLE memberships DISABLE TRIGGER membership_has_case")
    yield superuser
    db.session.rollback()
    superuser.execute("ALTER TABLE memberships ENABLE TRIGGER membership_has_case")
    superuser.execute("SET session_replication_role = replica")
