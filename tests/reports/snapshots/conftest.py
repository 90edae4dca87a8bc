"""A register to freeze, and the command line on the test's own servers."""

import datetime as dt
import json
from functools import partial
from typing import Any

import pytest
from click.testing import Result

import placement.cli.snapshot as commands
from placement import clock
from placement.accounts.models import Role
from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.reports.models import Snapshot
from placement.reports.snapshots.operations import (
    sign_snapshot,
    take_snapshot,
    verify_snapshot,
)
from placement.students.models import Category, StandingKind
from tests.factories import make_member, make_outcome, make_standing, make_student, make_user

FINAL = dt.date(2016, 12, 31)


@pytest.fixture
def register(cast):
    """Four of one university: two placed, one unknown, one not counted; one of another."""
    make_outcome(cast.lin_mei)
    for code in ("80", None):
        student = make_student(cast.university)
        make_member(student, Category.RURAL_ORIGIN)
        if code:
            make_outcome(student, code)
    deferred = make_student(cast.university)
    make_member(deferred, Category.RURAL_ORIGIN)
    make_standing(deferred, StandingKind.DEFERRED)
    assert cast.stranger


@pytest.fixture
def take(register, cast):
    """Take the snapshot of the final day: of the cast's university, or of the province."""

    def act(*, province: bool = False, **values: Any) -> Snapshot:
        university = None if province else cast.university
        with transaction():
            return take_snapshot(2016, FINAL, university=university, **values)

    return act


@pytest.fixture
def colleague(cast):
    """Mr Huang's colleague at the province."""
    return make_user(Role.PROVINCE, username="lan", display_name="兰处长")


@pytest.fixture
def signed(take, cast):
    """A snapshot of the university that Ms Zheng has signed."""
    snapshot = take()
    sign(snapshot, cast.zheng)
    return snapshot


@pytest.fixture
def verified(signed, cast):
    """A signed snapshot that Mr Huang has verified."""
    verify(signed, cast.huang)
    return signed


def sign(snapshot: Snapshot, user: Any) -> None:
    """Sign with a password given just now."""
    with transaction():
        row = db.session.get_one(Snapshot, snapshot.id)
        sign_snapshot(row, signer=viewer_of(user), confirmed_at=clock.now())


def verify(snapshot: Snapshot, user: Any) -> None:
    """Verify with a password given just now."""
    with transaction():
        row = db.session.get_one(Snapshot, snapshot.id)
        verify_snapshot(row, verifier=viewer_of(user), confirmed_at=clock.now())


@pytest.fixture
def command(typed):
    """Type `placement snapshot …` on the test's application."""
    return partial(typed, commands)


def answer_of(result: Result) -> dict[str, Any]:
    """The JSON object that a command printed."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found
