"""The cluster of the embedded PostgreSQL: made once, with its roles and the database."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from placement.errors import ServiceUnavailableError
from placement.services import ports
from placement.services.endpoints import DATABASE
from placement.services.instance import APPLICATION, OWNER, POSTGRES, SUPERUSER, Instance
from placement.services.ownership import ServerUser, make_folder_for, working_folder_argument
from placement.services.server import Answer
from placement.services.troubles import check_room, failed_start

TITLE = "PostgreSQL"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where the system keeps it; nothing is written here
LEAST_SHARED_MEMORY_BYTES = 256 * 1024 * 1024
# For 2 cores and 4 GB: what the figures of the project are measured with.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": "Asia/Shanghai",
    "timezone": "Asia/Shanghai",
}
FOR_TESTS = {"fsync": "off", "full_page_writes": "off"}
STARTING = ("starting up", "not yet accepting", "shutting down", "recovery")

Connection = psycopg.Connection[tuple[Any, ...]]


def data_major(folder: Path) -> int | None:
    """Return the major version that made a data folder, None when there is no data yet.

    Raises ServiceUnavailableError when the folder holds something else.
    """
    version = folder / "PG_VERSION"
    if version.exists():
        return int(version.read_text().strip())
    if folder.exists() and any(folder.iterdir()):
        raise ServiceUnavailableError(
            f"{folder} is not empty and holds no PostgreSQL data.",
            remedy="Move it away, or name another folder in PLACEMENT_INSTANCE.",
        )
    return None


def create_cluster(instance: Instance, user: ServerUser, programs: Path, folder: Path) -> None:
    """Make a cluster in `folder`, whole or not at all."""
    check_room(TITLE, instance.folder)
    fresh = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder_for(user, fresh)
    read_end, write_end = os.pipe()
    try:
        # The password goes through a pipe that the user may open: no file to clean up.
        if user.switch:
            os.fchown(read_end, user.uid, user.gid)
        os.write(write_end, f"{instance.password(SUPERUSER)}\n".encode())
        os.close(write_end)
        command: list[str | Path] = [programs / "initdb"]
        command += ["-D", working_folder_argument(user, fresh), "-U", SUPERUSER]
        command += ["--auth=scram-sha-256", f"--pwfile=/dev/fd/{read_end}", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        command += [] if instance.durable else ["--no-sync"]
        done = subprocess.run(
            command,
            pass_fds=[read_end],
            cwd=fresh,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **user.popen_arguments(),
        )
    finally:
        os.close(read_end)
    if done.returncode != 0:
        said = f"{done.stdout}\n{done.stderr}".strip()
        shutil.rmtree(fresh, ignore_errors=True)
        raise failed_start(TITLE, said, folder, instance.log_file("supervisor"))
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)


def server_command(
    instance: Instance, user: ServerUser, programs: Path, folder: Path, port: int, *, label: str
) -> list[str | Path]:
    """Return the command of a server on `folder`, to be run with it as working folder.

    `label` is the server's mark among all processes. TCP on this machine alone: a socket file
    would fail in a folder with a long name.
    """
    settings = {
        "listen_addresses": ports.HOST,
        "unix_socket_directories": "",
        "cluster_name": label,
        "dynamic_shared_memory_type": _shared_memory(),
        **TUNING,
        **({} if instance.durable else FOR_TESTS),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    where = working_folder_argument(user, folder)
    return [programs / "postgres", "-D", where, "-p", str(port), *options]


def reset_superuser_password(instance: Instance, user: ServerUser, programs: Path) -> None:
    """Set the superuser's password to the one in its file, after that file was lost."""
    folder = instance.data_folder(POSTGRES)
    statement = sql.SQL("ALTER ROLE {} PASSWORD {};\n").format(
        sql.Identifier(SUPERUSER), sql.Literal(instance.password(SUPERUSER))
    )
    done = subprocess.run(
        [
            programs / "postgres",
            "--single",
            "-D",
            working_folder_argument(user, folder),
            "postgres",
        ],
        input=statement.as_string(),
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        **user.popen_arguments(),
    )
    if done.returncode != 0:
        raise failed_start(TITLE, done.stderr.strip(), folder, instance.log_file("supervisor"))


def superuser_connection(instance: Instance, port: int, database: str = "postgres") -> Connection:
    """Connect as the superuser, each statement its own transaction."""
    return psycopg.connect(
        host=ports.HOST,
        port=port,
        user=SUPERUSER,
        password=instance.password(SUPERUSER),
        dbname=database,
        connect_timeout=2,
        autocommit=True,
    )


def ask(instance: Instance, port: int) -> Answer:
    """Find out whether the server on `port` lets the superuser in."""
    try:
        superuser_connection(instance, port).close()
    except psycopg.OperationalError as error:
        starting = any(word in str(error) for word in STARTING)
        return Answer.BUSY if starting else Answer.SILENT
    return Answer.READY


def ensure_roles_and_database(connection: Connection, instance: Instance, *, renew: bool) -> None:
    """Make the two roles and the database unless they are there.

    `placement_owner` owns the database and migrates; `placement_app` owns nothing and cannot
    pass row-level security. `renew` sets their passwords anew to those in the files.
    """
    there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in (OWNER, APPLICATION):
        verb = "ALTER" if role in there else "CREATE"
        if renew or role not in there:
            connection.execute(
                sql.SQL(
                    "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}"
                ).format(sql.SQL(verb), sql.Identifier(role), sql.Literal(instance.password(role)))
            )
    ensure_database(connection, DATABASE)


def ensure_database(connection: Connection, name: str) -> None:
    """Make a database of `placement_owner` that `placement_app` may use, unless it is there."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    application = sql.Identifier(APPLICATION)
    for statement in (
        (
            "CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
        ),
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {application}",
    ):
        connection.execute(
            sql.SQL(statement).format(database=database, owner=owner, application=application)
        )


def _shared_memory() -> str:
    """Choose files over /dev/shm where that is too small, as in a container by default."""
    try:
        there = os.statvfs(SHARED_MEMORY)
    except OSError:
        return "posix"
    roomy = there.f_frsize * there.f_bavail >= LEAST_SHARED_MEMORY_BYTES
    return "posix" if roomy and os.access(SHARED_MEMORY, os.W_OK) else "mmap"
