"""A restore into a database that nobody has used: whole or not at all."""

import contextlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from placement import migrate
from placement.backup.contents import look_into
from placement.backup.errors import BackupError, program_failed
from placement.backup.programs import Tools, connect_owner, programs_for_restore, tools_for
from placement.driver import APP_ROLE
from placement.keys import Keyring

# What the program writes by itself into a database that nobody has used yet.
OWN_ROWS = frozenset(
    (
        "alembic_version",
        "audit_events",
        "audit_seals",
        "channel_statuses",
        "periodic_runs",
        "posting_changes",
        "rate_buckets",
        "sign_in_attempts",
    )
)
# Settings that older servers do not know, and what one build of the server notes in columns.
NEW_SETTINGS = {"transaction_timeout": 17}
_SET = re.compile(rb"SET (\w+) = ")
_NOTE = re.compile(rb"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);$")
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usename IN (session_user, :app)"
)
_OPENING = """
BEGIN;
SET LOCAL lock_timeout = '10s';
DO $clear$
DECLARE
    statements text[];
    statement text;
BEGIN
    PERFORM set_config('search_path', '', true);
    SELECT array_agg(format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind
            WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
            ELSE 'TABLE' END, 'public', c.relname))
        INTO statements FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
              AND d.deptype IN ('a', 'e', 'i'));
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP EXECUTE statement; END LOOP;
    SELECT array_agg(format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure))
        INTO statements FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
              AND d.deptype = 'e');
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP EXECUTE statement; END LOOP;
END
$clear$;
"""
_CLOSING = b"""
SELECT public.placement_renumber_transactions();
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought: the dump's schema and whether there was a key to be tried."""

    revision: str
    keys_tried: bool


def restore(migrate_url: str, file: Path, keyring: Keyring | None, *, keys_place: str) -> Restored:
    """Put a dump into a database that holds nothing yet, whole or not at all.

    `keyring` are the keys of this installation, which belong to `keys_place`. Raises BackupError
    for a database with data or in use or a file that is no dump, SchemaVersionError for a dump
    of a newer program and KeysDoNotFitError: all before anything is touched.
    """
    contents = look_into(file, keyring, keys_place=keys_place)
    migrate.check_known(contents.revision)
    with connect_owner(migrate_url) as (connection, role, major):
        _refuse_data(connection)
        _refuse_company(connection)
        connection.commit()
        tools = tools_for(programs_for_restore(major), migrate_url, role)
        _replay(tools, file, major)
        connection.execute(text("ANALYZE"))
        connection.commit()
    return Restored(contents.revision, contents.keys_tried)


def _refuse_data(connection: Connection) -> None:
    found = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    for table in sorted(set(found.scalars()) - OWN_ROWS):
        name = connection.dialect.identifier_preparer.quote(table)
        has_rows = text(f"SELECT EXISTS (SELECT FROM {name})")  # noqa: S608 - from the catalogue
        if connection.execute(has_rows).scalar():
            raise BackupError(
                f"The database is not empty: there are rows in {table}. Nothing was changed.",
                remedy="Restore into a new database, or name another PLACEMENT_INSTANCE.",
            )


def _refuse_company(connection: Connection) -> None:
    if connection.execute(_OTHERS, {"app": APP_ROLE}).scalar():
        raise BackupError(
            "The database is in use. Nothing was changed.",
            remedy="Stop web, workers and beat, then restore.",
        )


def _replay(tools: Tools, file: Path, major: int) -> None:
    """Run the dump as one transaction, which is committed only if it was read to its end."""
    command = tools.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    role = f"SET ROLE {tools.role};\n" if tools.role else ""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command,
            env=tools.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as process,
    ):
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        # It says itself why it ended too early; without the last word all is taken back.
        with contextlib.suppress(BrokenPipeError), process.stdin as script:
            script.write(f"{role}{_OPENING}".encode())
            _pour(tools, file, script, major)
            script.write(_CLOSING)
        code = process.wait()
        if code != 0:
            raise program_failed("psql", _told(said), code)


def _pour(tools: Tools, file: Path, into: IO[bytes], major: int) -> None:
    """Write the dump's script `into` a server of this version. Raises BackupError."""
    command = [str(tools.folder / "pg_restore"), "--file=-", "--no-owner", str(file)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            for line in process.stdout:
                if not _is_foreign(line, major):
                    into.write(line)
                if line.startswith(b"COPY "):
                    break
            shutil.copyfileobj(process.stdout, into)
            code = process.wait()
        finally:
            process.kill()
        if code != 0:
            raise program_failed("pg_restore", _told(said), code)


def _is_foreign(line: bytes, major: int) -> bool:
    """Whether a line of the definitions is one that a server of this version refuses."""
    if found := _SET.match(line):
        return NEW_SETTINGS.get(found.group(1).decode(), 0) > major
    return _NOTE.match(line) is not None


def _told(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace").strip()
