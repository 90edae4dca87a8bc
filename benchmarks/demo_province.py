"""What the measurements of pages share: the demo province on an instance, and people signed in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from placement import migrate
from placement.accounts.operations.sign_ins import sign_in
from placement.app import create_app
from placement.config import load_settings
from placement.db import db, system_scope, transaction, use_scope
from placement.demo.loading.accounts import read_logins
from placement.demo.loading.loading import load_demo
from placement.services import attach, detach
from placement.work.queries import due_work
from tasks.work import run_work

STUDENTS = 34_267


@contextmanager
def demo_province(instance: Path, students: int = STUDENTS) -> Iterator[Flask]:
    """The application over the demo in `instance`, which is loaded first if it is not there.

    What the demo leaves to its workers is done here too, so that nothing runs beside what is
    measured.
    """
    settings = load_settings({}, instance=instance, demo=True)
    endpoints = attach(settings)
    try:
        migrate.upgrade(endpoints.migrate_url)
        app = create_app(settings, endpoints=endpoints)
        with app.app_context(), use_scope(system_scope("benchmark")):
            load_demo(students, settings=settings, tell=_tell)
            _finish_work()
        yield app
        with app.app_context():
            db.engine.dispose()
    finally:
        detach(instance, at_once=True)


def token_of(app: Flask, role: str) -> str:
    """The session token of the demo's account of `role`, signed in through its real password."""
    settings = app.config["SETTINGS"]
    login = read_logins(settings.instance)[role]
    with app.app_context(), use_scope(system_scope("benchmark")), transaction():
        token = sign_in(
            login["username"], login["password"], address="127.0.0.1", settings=settings
        )
    if token is None:
        raise SystemExit(f"the demo's {role} account does not take its password")
    return token


def _finish_work() -> None:
    while due := db.session.execute(select(due_work().subquery().c.id)).scalars().all():
        for work_id in due:
            run_work(work_id)
        db.session.rollback()


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
