"""PostgreSQL's own programs, at work on one database as the owner of its tables."""

import glob
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from placement import migrate
from placement.backup.errors import BackupError, program_failed
from placement.errors import ServiceUnavailableError
from placement.services.programs import postgres_folder

USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
PROGRAMS = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs in `folder` with the address of the database that they work on."""

    folder: Path
    address: str
    password: str
    role: str | None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command of a program on the database, without its password."""
        return [str(self.folder / program), f"--dbname={self.address}", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """What a program is told beside its command."""
        return {**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"}

    def dump(self, file: Path, lock: IO[bytes]) -> None:
        """Write the database to `file`. Raises BackupError.

        The program inherits `lock`, so that it is held until nobody writes any more. A limit
        of the size of files is an error that it tells, not a signal that ends it.
        """
        role = [f"--role={self.role}"] if self.role else []
        done = subprocess.run(
            self.command("pg_dump", "--format=custom", "--no-owner", *role, f"--file={file}"),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            pass_fds=[lock.fileno()],
            restore_signals=False,
        )
        if done.returncode != 0:
            raise program_failed("pg_dump", done.stderr.strip(), done.returncode)


@contextmanager
def connect_owner(migrate_url: str) -> Iterator[tuple[Connection, str | None, int]]:
    """Connect as the owner of the tables: with the role taken and the server's major version.

    Raises ServiceUnavailableError for a database that does not answer.
    """
    engine = create_engine(migrate_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            role = migrate.take_owner_role(connection)
            version = connection.execute(text("SHOW server_version_num")).scalar_one()
            connection.commit()
            yield connection, role, int(version) // 10_000
    except OperationalError as error:
        raise ServiceUnavailableError(
            "The database does not answer.", remedy="Start it, or check DATABASE_URL."
        ) from error
    finally:
        engine.dispose()


def tools_for(folder: Path, migrate_url: str, role: str | None) -> Tools:
    """The programs in `folder` on the database of `migrate_url`."""
    url = make_url(migrate_url).set(drivername="postgresql")
    address = url._replace(password=None).render_as_string(hide_password=False)
    return Tools(folder, address, url.password or "", role)


def programs_for_dump(major: int) -> Path:
    """The folder of the programs of the server's own version, else of the next newer one."""
    fitting = [(found, folder) for found, folder in _installed() if found >= major]
    if not fitting:
        raise _missing(f"of version {major}")
    return min(fitting)[1]


def programs_for_restore(major: int = 0) -> Path:
    """The folder of the newest programs: they read what all older ones wrote."""
    fitting = [(found, folder) for found, folder in _installed() if found >= major]
    if not fitting:
        raise _missing(f"of version {major}" if major else "")
    return max(fitting)[1]


def _missing(version: str) -> BackupError:
    return BackupError(
        f"PostgreSQL's client programs {version}".rstrip() + " are not installed.",
        remedy="Install them with the system's packages, such as postgresql-client.",
    )


@cache
def _installed() -> tuple[tuple[int, Path], ...]:
    places = [Path(found).parent] if (found := shutil.which("pg_dump")) else []
    places += [Path(place) for pattern in USUAL_PLACES for place in sorted(glob.glob(pattern))]
    try:
        places.append(postgres_folder() / "bin")
    except ServiceUnavailableError:
        places = list(places)
    whole = [place for place in places if all((place / name).exists() for name in PROGRAMS)]
    return tuple((_major_of(place / "pg_dump"), place) for place in whole)


def _major_of(program: Path) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found.group(1)) if found else 0
