"""The audit trail proves itself, and nobody can change it."""

import time

import psycopg
import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import ProgrammingError

from placement.audit.models import AuditEvent, AuditSeal
from placement.audit.operations import record_event
from placement.audit.sealing import AuditBrokenError, seal_events, verify_trail
from placement.db import db, transaction
from placement.notices.models import Channel
from placement.notices.post import take_post


def write_events(count: int) -> None:
    for _ in range(count):
        with transaction():
            record_event("student.read", actor_id=None, subject="students", subject_id=1)


def seal_once(folder) -> None:
    with transaction():
        seal_events(folder)


def seal(folder) -> None:
    """Seal until nothing is left; transactions of the run's other databases hold a seal back."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        seal_once(folder)
        sealed = db.session.query(func.coalesce(func.sum(AuditSeal.events), 0)).scalar()
        if sealed == db.session.query(AuditEvent).count():
            return
        db.session.rollback()
        time.sleep(0.02)
    pytest.fail("some events were never sealed")


def test_sealed_events_are_proved(app, tmp_path):
    write_events(3)
    seal(tmp_path)
    write_events(2)
    seal(tmp_path)

    assert verify_trail(tmp_path) == 5


def test_application_cannot_change_an_event(app):
    write_events(1)

    for statement in ("UPDATE audit_events SET action = 'x'", "DELETE FROM audit_seals"):
        with pytest.raises(ProgrammingError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_owner_is_refused_by_the_trigger(app, cluster, endpoints):
    plain = endpoints.migrate_url.replace("+psycopg", "")

    with (
        psycopg.connect(plain) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"),
    ):
        owner.execute("DELETE FROM audit_events")


@pytest.mark.parametrize(
    "tampering",
    [
        pytest.param("UPDATE audit_events SET action = 'nothing'", id="changed"),
        pytest.param(
            "DELETE FROM audit_events WHERE id = (SELECT min(id) FROM audit_events)", id="removed"
        ),
        pytest.param(
            "DELETE FROM audit_seals WHERE number = (SELECT max(number) FROM audit_seals)",
            id="tail-cut-off",
        ),
    ],
)
def test_tampering_with_the_database_is_noticed(app, superuser, tmp_path, tampering):
    write_events(2)
    seal(tmp_path)

    superuser.execute(tampering)
    db.session.rollback()

    with pytest.raises(AuditBrokenError):
        verify_trail(tmp_path)


def test_senders_of_notices_do_not_keep_the_trail_open(app, tmp_path):
    write_events(1)

    with take_post(Channel.MAIL, 0, owner="test", lease_seconds=60) as post:
        assert post is not None
        seal(tmp_path)

    assert verify_trail(tmp_path) == 1


def test_event_of_a_running_transaction_waits_for_the_next_seal(app, endpoints, tmp_path):
    write_events(1)
    plain = endpoints.database_url.replace("+psycopg", "")

    with psycopg.connect(plain) as running:
        running.execute(
            "INSERT INTO audit_events (actor_role, action, subject_type, origin)"
            " VALUES ('', 'slow.act', '', 'test')"
        )
        write_events(1)
        seal_once(tmp_path)
        assert verify_trail(tmp_path) <= 1
        running.commit()
    seal(tmp_path)

    assert verify_trail(tmp_path) == 3
