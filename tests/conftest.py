"""Fixtures: the servers of the run, an application on them, the cast, a browser, sent jobs."""

import datetime as dt
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from placement import clock, queue
from placement.app import create_app
from placement.cli import main
from placement.config import Settings, load_settings
from placement.db import db, system_scope, use_scope
from placement.queue import Job
from placement.services import Endpoints, detach
from tests.browsing import Browser
from tests.cast import Cast
from tests.commands import Commands
from tests.servers import Cluster, empty_tables, start_cluster
from tests.sharing import Sharing, place_of

_cluster = pytest.StashKey[Cluster]()
_folder = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once for the run; each process of it is told where they are."""
    gc.disable()  # until the tests are collected, of which nothing is garbage
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[_cluster] = Cluster(**given["cluster"])
        return
    if config.option.collectonly or config.option.help:
        return
    config.stash[_folder] = Path(tempfile.mkdtemp(prefix="placement-tests-"))
    config.stash[_cluster] = start_cluster(config.stash[_folder])


def pytest_configure_node(node: Any) -> None:
    """Tell a process of a parallel run where the servers are."""
    node.workerinput["cluster"] = asdict(node.config.stash[_cluster])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Share the tests out by what they use, whatever `--dist` says."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(key=place_of)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Search for garbage among what the tests make, and not in what was loaded."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers; nothing of the run is left."""
    folder = config.stash.get(_folder, None)
    if folder is not None:
        detach(folder, at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The servers of the run."""
    return request.config.stash[_cluster]


@pytest.fixture(scope="session")
def process_name(request: pytest.FixtureRequest) -> str:
    """The name of this process of the run, such as `gw0`."""
    given = getattr(request.config, "workerinput", None)
    return "main" if given is None else str(given["workerid"])


@pytest.fixture(scope="session")
def endpoints(cluster: Cluster, process_name: str) -> Endpoints:
    """This process's own database and the broker."""
    return cluster.clone(f"placement_test_{process_name}")


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, process_name: str, endpoints: Endpoints
) -> Settings:
    """Settings with keys of this run and a queue of this process."""
    return load_settings(
        {},
        instance=tmp_path_factory.mktemp("instance"),
        database_url=endpoints.database_url,
        migrate_url=endpoints.migrate_url,
        redis_url=endpoints.redis_url,
        queue_prefix=f"test-{process_name}",
        smtp_url="smtp://127.0.0.1:9",
        mail_quiet_hours="off",
        sms_quiet_hours="off",
        mail_rate=0,
        mail_domain_rate=0,
        sms_rate=0,
    )


@pytest.fixture(scope="session")
def _application(settings: Settings, endpoints: Endpoints) -> Iterator[Flask]:
    app = create_app(settings, endpoints=endpoints)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    queue.celery.close()


@pytest.fixture(scope="session")
def _superuser(cluster: Cluster, endpoints: Endpoints) -> Iterator[psycopg.Connection]:
    name = endpoints.database_url.rpartition("/")[2]
    with cluster.connect(name) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def app(_application: Flask, _superuser: psycopg.Connection) -> Iterator[Flask]:
    """The application on an empty database, within its context and the program's own scope."""
    empty_tables(_superuser)
    clock.set_offset(dt.timedelta(0))
    queue.discard()
    with _application.app_context(), use_scope(system_scope("test")):
        yield _application
        db.session.rollback()
    clock.set_offset(dt.timedelta(0))


@pytest.fixture
def superuser(_superuser: psycopg.Connection, app: Flask) -> psycopg.Connection:
    """A superuser's connection to the test's database, which no policy holds."""
    return _superuser


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, made on first use of each of its members."""
    return Cast()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without script that looks at every page as an inspector would."""
    return Browser(app)


@pytest.fixture
def sent_jobs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Job, tuple[Any, ...]]]:
    """The jobs that were handed to the queue after a commit, instead of the broker."""
    sent: list[tuple[Job, tuple[Any, ...]]] = []

    def remember(job: Job, *arguments: Any) -> bool:
        sent.append((job, arguments))
        return True

    monkeypatch.setattr(queue, "send", remember)
    return sent


@pytest.fixture
def travel(app: Flask) -> Any:
    """Shift the clock: `travel(days=3)`; the database's transaction under way ends first."""

    def shift(**delta: float) -> None:
        db.session.rollback()
        clock.set_offset(clock.offset() + dt.timedelta(**delta))

    return shift


@pytest.fixture
def typed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Type `placement …` on the application of the test, without a process of its own.

    `typed(module, …)`, where `module` is the file of the commands.
    """

    @contextmanager
    def session_of_the_test(name: str) -> Iterator[Flask]:
        db.session.rollback()
        with use_scope(system_scope(name)):
            yield app
            db.session.rollback()
        db.session.expire_all()

    def run(module: ModuleType, *words: object) -> Result:
        monkeypatch.setattr(module, "command_session", session_of_the_test)
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


@pytest.fixture(scope="session")
def _commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    with Commands(tmp_path_factory.mktemp("commands")) as commands:
        yield commands


@pytest.fixture
def command(
    settings: Settings, _commands: Commands
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `placement …` as a process of its own."""
    environment = os.environ | {
        "PLACEMENT_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "PLACEMENT_MIGRATE_URL": settings.migrate_url,
        "REDIS_URL": settings.redis_url,
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return _commands.run(*arguments, environment=environment)

    return run
