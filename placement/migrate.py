"""Migrations: brings the schema up to what this program knows, one process at a time."""

import hashlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from placement.errors import ServiceUnavailableError
from placement.locks import Lock

OWNER_ROLE = "placement_owner"
_LAID_BY = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")


class SchemaVersionError(ServiceUnavailableError):
    """The database has a schema that this version of the program does not know."""

    code = "schema_version"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The revision that this program was written for."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise SchemaVersionError("The program carries no migrations.")
    return revision


def upgrade(migrate_url: str) -> tuple[str | None, str]:
    """Bring the schema up to date; the revision before and after.

    Only one process does it, the others wait. Raises SchemaVersionError for a schema that is
    newer than this program, ServiceUnavailableError for a database that does not answer.
    """
    engine = create_engine(migrate_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(select(func.pg_advisory_lock(Lock.MIGRATION, 0)))
            take_owner_role(connection)
            connection.commit()
            before = MigrationContext.configure(connection).get_current_revision()
            check_known(before)
            _check_laying(connection, before)
            connection.commit()
            with connection.begin():
                command.upgrade(_config(connection), "head")
                if before != newest_revision():
                    _sign_laying(connection)
                _renumber_transactions(connection)
            return before, newest_revision()
    except OperationalError as error:
        raise ServiceUnavailableError(
            "The database does not answer.", remedy="Start it, or check DATABASE_URL."
        ) from error
    finally:
        engine.dispose()


def _renumber_transactions(connection: Connection) -> None:
    """Let the audit trail go on above what is sealed, if this log-in is the owner's.

    After a restore by PostgreSQL's own tools it would go on below.
    """
    is_owner = text("SELECT has_function_privilege('placement_renumber_transactions()', 'EXECUTE')")
    if connection.execute(is_owner).scalar():
        connection.execute(text("SELECT placement_renumber_transactions()"))


def check_current(database_url: str) -> None:
    """Raise SchemaVersionError unless the schema is the one that this program was written for."""
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            check_known(revision)
            _check_laying(connection, revision)
    except OperationalError as error:
        raise ServiceUnavailableError(
            "The database does not answer.", remedy="Start it, or check DATABASE_URL."
        ) from error
    finally:
        engine.dispose()
    if revision != newest_revision():
        raise SchemaVersionError(
            f"The database has schema {revision or 'none'}, which is older than this program.",
            remedy="Bring it up to date with 'placement db upgrade'.",
        )


def downgrade(migrate_url: str, revision: str) -> None:
    """Take the schema back to `revision` ("base" for an empty one); what it held is lost."""
    engine = create_engine(migrate_url, poolclass=NullPool)
    with engine.connect() as connection:
        take_owner_role(connection)
        connection.commit()
        with connection.begin():
            command.downgrade(_config(connection), revision)
    engine.dispose()


def check_known(revision: str | None) -> None:
    """Raise SchemaVersionError unless `revision` is one that this program knows, or none."""
    script = ScriptDirectory.from_config(_config())
    if revision is not None and revision not in {r.revision for r in script.walk_revisions()}:
        raise SchemaVersionError(
            f"The database has schema {revision}, which is newer than this program.",
            remedy="Install the newer version, or restore a dump made with this one.",
        )


def laying() -> str:
    """A short digest of all migrations, which tells two states of an unreleased one apart."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "migrations").glob("sql/*/*.sql")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _check_laying(connection: Connection, revision: str | None) -> None:
    """Refuse tables that another state of the same migrations has laid."""
    laid_by = connection.execute(_LAID_BY).scalar()
    if revision is None or revision != newest_revision() or laid_by == laying():
        return
    raise SchemaVersionError(
        "The database was laid by an earlier state of this program that was never released.",
        remedy="Begin with an empty one: 'placement demo --fresh' drops a demo,"
        " PLACEMENT_INSTANCE=another/folder leaves what is there alone.",
    )


def _sign_laying(connection: Connection) -> None:
    connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{laying()}'"))


def take_owner_role(connection: Connection) -> str | None:
    """Act as the owner of the tables from now on, if this log-in may; the role's name."""
    exists = connection.execute(
        text("SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = :name"),
        {"name": OWNER_ROLE},
    ).scalar()
    if not exists:
        return None
    connection.execute(text(f"SET ROLE {OWNER_ROLE}"))
    return OWNER_ROLE
