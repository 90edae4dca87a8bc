"""Tokens of the cast, and a publication that everybody may read."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.models import Role
from placement.accounts.queries import viewer_of
from placement.db import db, system_scope, transaction, use_scope
from placement.reports.api.operations import make_token
from placement.reports.disclosure.suppression import protect
from placement.reports.models import TokenScope
from placement.reports.snapshots.operations import sign_snapshot, take_snapshot, verify_snapshot
from placement.reports.snapshots.publishing import publish, release_of
from placement.reports.snapshots.queries import figures_of, snapshot_by_id
from placement.students.models import Category
from tests.factories import make_member, make_outcome, make_student, make_user


@pytest.fixture
def register(cast):
    """Twelve of one university, seven of them placed and one of another level; one of another."""
    make_outcome(cast.lin_mei)
    for number in range(11):
        student = make_student(cast.university, level="41" if number == 9 else "31")
        make_member(student, Category.RURAL_ORIGIN)
        if number < 6:
            make_outcome(student, "10")
    assert cast.stranger


@pytest.fixture
def token_of(app):
    """Make a token of somebody."""

    def make(user, scope=TokenScope.OWN, *, days=30, small_counts=False):
        with use_scope(system_scope("test")), transaction():
            return make_token(
                viewer_of(user), name="test", scope=scope, days=days, small_counts=small_counts
            )

    return make


@pytest.fixture
def asked(app):
    """Ask the API with a token; what comes is always JSON."""

    def ask(path, token=None):
        db.session.rollback()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = app.test_client().get(f"/api/v1/{path}", headers=headers)
        assert answer.mimetype in {"application/json", "application/problem+json"}
        return answer

    return ask


@pytest.fixture
def publication(cast, register):
    """The province's final figures, published as they are protected."""
    with transaction():
        snapshot = take_snapshot(2016, dt.date(2016, 12, 31), university=None)
    signer, verifier = (viewer_of(make_user(Role.PROVINCE)) for _ in range(2))
    with transaction():
        snapshot = snapshot_by_id(snapshot.id)
        sign_snapshot(snapshot, signer=signer, confirmed_at=clock.now())
        db.session.flush()
        verify_snapshot(snapshot, verifier=verifier, confirmed_at=clock.now())
        db.session.flush()
        protected = protect(release_of(snapshot, figures_of(snapshot)))
        return publish(snapshot, protected, publisher_id=verifier.user_id)
