"""Draft, signed, verified: each step by who may, with a fresh password, and never back."""

import datetime as dt

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from placement import clock
from placement.accounts.models import Role
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, transaction, use_scope
from placement.errors import NotAllowedError
from placement.reports.models import Snapshot, SnapshotState
from placement.reports.snapshots.operations import (
    NotFreshError,
    OutOfOrderError,
    sign_snapshot,
)
from placement.reports.snapshots.proofs import SnapshotBrokenError
from placement.reports.snapshots.queries import visible_snapshots
from tests.factories import make_outcome, make_user
from tests.reports.snapshots.conftest import sign, verify


def test_university_signs_and_province_verifies(verified, cast):
    snapshot = db.session.get_one(Snapshot, verified.id)
    actions = db.session.execute(
        select(AuditEvent.action).where(AuditEvent.subject_type == "snapshots").order_by("id")
    ).scalars()

    assert snapshot.state is SnapshotState.VERIFIED
    assert (snapshot.signer, snapshot.verifier) == ("郑主任", "黄处长")
    assert list(actions) == ["snapshot.taken", "snapshot.signed", "snapshot.verified"]


@pytest.mark.parametrize("name", ["xu", "chen", "huang"])
def test_strangers_do_not_sign(take, cast, name):
    snapshot = take()

    with pytest.raises(NotAllowedError):
        sign(snapshot, getattr(cast, name))


def test_account_of_some_colleges_does_not_sign(take, cast):
    narrow = make_user(Role.UNIVERSITY, cast.university, colleges=["文学院"])

    with pytest.raises(NotAllowedError, match="whole university"):
        sign(take(), narrow)


def test_stale_password_does_not_sign(take, cast):
    snapshot = take()
    ago = clock.now() - dt.timedelta(minutes=5, seconds=1)

    with pytest.raises(NotFreshError):
        sign_snapshot(snapshot, signer=viewer_of(cast.zheng), confirmed_at=ago)


def test_nobody_verifies_what_they_signed(take, cast, colleague):
    snapshot = take(province=True)
    sign(snapshot, cast.huang)

    with pytest.raises(NotAllowedError, match="Who signed"):
        verify(snapshot, cast.huang)

    verify(snapshot, colleague)
    assert db.session.get_one(Snapshot, snapshot.id).state is SnapshotState.VERIFIED


def test_university_does_not_verify(signed, cast):
    with pytest.raises(NotAllowedError, match="Only the province"):
        verify(signed, cast.zheng)


def test_draft_is_not_verified_and_nothing_is_signed_twice(take, signed, cast):
    with pytest.raises(OutOfOrderError):
        sign(signed, cast.zheng)
    make_outcome(cast.stranger)
    with pytest.raises(OutOfOrderError):
        verify(take(province=True), cast.huang)


def test_version_that_was_corrected_goes_no_further(take, signed, cast):
    make_outcome(cast.lin_mei, "46", dt.date(2016, 8, 1))
    take()

    with pytest.raises(OutOfOrderError, match="newer version"):
        verify(signed, cast.huang)


def test_broken_content_is_not_signed(take, cast, superuser):
    snapshot = take()
    superuser.execute("DELETE FROM file_chunks WHERE file_id = %s", (snapshot.people_file_id,))

    with pytest.raises(SnapshotBrokenError):
        sign(snapshot, cast.zheng)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshots SET seal = '\\x00'",
        "UPDATE snapshots SET known_at = now()",
        "UPDATE snapshots SET signer = 'somebody else'",
        "UPDATE snapshots SET state = 'draft', signed_at = NULL, signed_by = NULL, signer = NULL",
        "UPDATE snapshots SET state = 'public', published_at = now(), verified_at = now()",
        "DELETE FROM snapshots",
        "TRUNCATE snapshots CASCADE",
        "DELETE FROM file_chunks",
        "UPDATE file_chunks SET number = number + 1",
        "UPDATE stored_files SET data_key = NULL",
        "UPDATE stored_files SET size = 0",
        "DELETE FROM stored_files",
    ],
)
def test_database_refuses_to_change_what_is_sealed(signed, statement):
    with pytest.raises(ProgrammingError) as refused:
        db.session.execute(text(statement))

    assert isinstance(refused.value.orig, InsufficientPrivilege)


def test_key_around_the_key_of_a_file_may_be_renewed(signed):
    with transaction():
        db.session.execute(text("UPDATE stored_files SET data_key = data_key || '\\x00'"))


def test_database_knows_who_may_sign(take, cast):
    take()
    other, own = viewer_of(cast.xu), viewer_of(cast.zheng)
    chosen = update(Snapshot).values(
        state=SnapshotState.SIGNED, signed_at=clock.now(), signed_by=own.user_id
    )

    with use_scope(other.scope):
        seen = db.session.execute(select(Snapshot)).all()
        changed = db.session.execute(chosen).rowcount
    with use_scope(own.scope):
        changed_by_own = db.session.execute(chosen).rowcount

    assert (seen, changed, changed_by_own) == ([], 0, 1)
    db.session.rollback()


def test_who_sees_a_draft(take, cast):
    take()
    seen = {}
    for name in ("chen", "zheng", "xu", "huang", "lin_mei_user"):
        viewer = viewer_of(getattr(cast, name))
        with use_scope(viewer.scope):
            seen[name] = len(db.session.execute(visible_snapshots(viewer)).all())
        db.session.rollback()

    assert seen == {"chen": 0, "zheng": 1, "xu": 0, "huang": 1, "lin_mei_user": 0}
