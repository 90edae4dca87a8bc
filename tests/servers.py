"""The servers of a test run: one cluster for all, a database for each process.

`PLACEMENT_TEST_SUPERUSER_URL` names another PostgreSQL to run on (a superuser's URL, in
SQLAlchemy's form); without it the project's own embedded server is started, and its Redis
protocol server in either case.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from placement import migrate
from placement.config import load_settings
from placement.services import Endpoints, Instance, attach, superuser_url

TEMPLATE = "placement_template"
ROLES = ("placement_owner", "placement_app")


@dataclass(frozen=True)
class Cluster:
    """Where the run's servers are, as plain values that go to every process of the run."""

    superuser: str
    redis_url: str
    password: str

    def url(self, role: str, database: str) -> str:
        """The SQLAlchemy URL of a database for one of the two roles."""
        host = self.superuser.rpartition("@")[2].partition("/")[0]
        return f"postgresql+psycopg://{role}:{self.password}@{host}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection that commits each statement."""
        plain = self.superuser.replace("+psycopg", "").rpartition("/")[0]
        return psycopg.connect(f"{plain}/{database}", autocommit=True)

    def clone(self, name: str) -> Endpoints:
        """A fresh database, cloned from the migrated template."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER placement_owner").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE)
                )
            )
        return Endpoints(
            database_url=self.url("placement_app", name),
            migrate_url=self.url("placement_owner", name),
            redis_url=self.redis_url,
        )


def start_cluster(folder: Path, *, durable: bool = False) -> Cluster:
    """Start the servers in `folder`, quick or `durable`, and migrate the template database."""
    given = os.environ.get("PLACEMENT_TEST_SUPERUSER_URL", "")
    settings = load_settings({}, instance=folder, database_url=given)
    endpoints = attach(settings, durable=durable)
    cluster = Cluster(
        superuser=given or superuser_url(Instance.at(folder)),
        redis_url=endpoints.redis_url,
        password=secrets.token_hex(8),
    )
    _make_roles_and_template(cluster)
    migrate.upgrade(cluster.url("placement_owner", TEMPLATE))
    return cluster


def _make_roles_and_template(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        for role in ROLES:
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            act = "ALTER" if exists.fetchone() else "CREATE"
            connection.execute(
                sql.SQL(f"{act} ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {{}}").format(
                    sql.Identifier(role), sql.Literal(cluster.password)
                )
            )
        name = sql.Identifier(TEMPLATE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER placement_owner ENCODING 'UTF8'"
                " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
            ).format(name)
        )


_TABLES = (
    "SELECT array_agg(tablename ORDER BY tablename) FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


def empty_tables(connection: psycopg.Connection) -> None:
    """Delete all rows of all tables, by a connection on which no trigger minds."""
    # Rows are deleted, not tables truncated: TRUNCATE … CASCADE makes new files for every table
    # that refers to the filled ones and their indexes, a hundred times the work for a few rows.
    filled = connection.execute(_filled(connection), prepare=True).fetchall()
    if filled:
        connection.execute(";".join(f'DELETE FROM "{table}"' for (table,) in filled))


_statements: dict[str, str] = {}


def _filled(connection: psycopg.Connection) -> str:
    """The statement that says which tables have rows, the same for a whole run."""
    if connection.info.dbname not in _statements:
        row = connection.execute(_TABLES).fetchone()
        assert row is not None
        _statements[connection.info.dbname] = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in row[0]
        )
    return _statements[connection.info.dbname]
