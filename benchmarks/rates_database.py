"""The database of the benchmark of figures: a class of people on an embedded server of its own."""

from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.population import MANY, write_people
from benchmarks.population_facts import write_facts
from benchmarks.rates_clock import line, timed
from placement import migrate
from placement.app import create_app
from placement.config import Settings, load_settings
from placement.db import db, system_scope, use_scope
from placement.services import Instance, attach, detach, superuser_url

FOR_MANY = {
    "shared_buffers": "2GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "6GB",
    "max_wal_size": "8GB",
}
"""What a database of a nation is given, instead of the defaults for one province."""


@contextmanager
def class_of(people: int, folder: Path, *, laid_out: bool = False) -> Any:
    """An application on a database with so many people, who are written if nobody is there."""
    settings = load_settings({}, instance=folder)
    endpoints = attach(settings)
    try:
        if people > MANY:
            endpoints = tune(settings, folder)
        migrate.upgrade(endpoints.migrate_url)
        with psycopg.connect(superuser_at(folder)) as connection:
            there = connection.execute("SELECT count(*) FROM universities").fetchone()
            if there == (0,):
                seconds = timed(lambda: write_people(connection, people, few=laid_out))
                line(f"{people:,} people written", f"{seconds:8.1f} s")
                if laid_out:
                    seconds = timed(lambda: write_facts(connection, people))
                    line("their facts laid out", f"{seconds:8.1f} s")
        app = create_app(settings, endpoints=endpoints)
        with app.app_context(), use_scope(system_scope("benchmark")):
            yield app
            db.session.rollback()
            db.engine.dispose()
    finally:
        detach(folder, at_once=True)


def tune(settings: Settings, folder: Path) -> Any:
    """Give the database the memory that one for so many people has, and start it again."""
    with psycopg.connect(superuser_at(folder), autocommit=True) as connection:
        for name, value in FOR_MANY.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    detach(folder, at_once=True)
    return attach(settings)


def superuser_at(folder: Path) -> str:
    """The address of the database for its superuser."""
    url = superuser_url(Instance.at(folder)).replace("+psycopg", "")
    return f"{url.rpartition('/')[0]}/placement"


def analyze(folder: Path) -> None:
    """Do at once what autovacuum does within minutes."""
    with psycopg.connect(superuser_at(folder), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE facts, fact_sums, fact_moves")
