"""An installation with data and keys, and others to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from placement.audit.operations import record_event
from placement.audit.sealing import seal_events
from placement.db import db, transaction
from placement.files import store_file
from placement.services import attach, detach
from tests.backup.places import Place, load_settings
from tests.factories import make_member, make_outcome, make_student, make_university
from tests.servers import Cluster


@pytest.fixture
def here(app, endpoints, settings) -> Place:
    """The installation of the tests: a student with an outcome and a paper, a sealed trail."""
    student = make_student(make_university(code="90001"), student_number="20120001")
    make_member(student, "disability")
    make_outcome(student)
    with transaction():
        store_file(b"minutes", name="a.txt", content_type="text/plain", purpose="evidence")
        record_event("student.read", actor_id=None, subject=student)
    with transaction():
        seal_events(None)
    db.session.rollback()
    return Place(settings.instance, endpoints)


@pytest.fixture
def elsewhere(cluster: Cluster, process_name: str, tmp_path: Path) -> Iterator[Place]:
    """Another installation on the same servers, migrated and never used; it has no keys."""
    name = f"placement_restored_{process_name}"
    yield Place(tmp_path / "elsewhere", cluster.clone(name))
    with cluster.connect() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def far_away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Another installation with servers of its own, empty, whose cluster is young."""
    folder = tmp_path_factory.mktemp("far") / "instance"
    endpoints = attach(load_settings({}, instance=folder), durable=False)
    yield Place(folder, endpoints)
    detach(folder, at_once=True)
