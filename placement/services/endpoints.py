"""Where the database and the broker answer."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg

from placement.errors import ConfigurationError, ServiceUnavailableError
from placement.services.instance import APPLICATION, OWNER, POSTGRES, REDIS, SUPERUSER, Instance
from placement.services.ports import HOST

DATABASE = "placement"
DRIVER = "postgresql+psycopg"
CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The URLs of the servers, passwords included.

    `database_url` is the application's log-in and `migrate_url` that of the owner of the tables,
    both as SQLAlchemy takes them; `redis_url` is the broker.
    """

    database_url: str
    migrate_url: str
    redis_url: str


def embedded_database_url(instance: Instance, role: str, database: str = DATABASE) -> str:
    """Return the URL of the embedded database for one of its roles."""
    password = instance.password(role)
    return f"{DRIVER}://{role}:{password}@{HOST}:{_port(instance, POSTGRES)}/{database}"


def embedded_redis_url(instance: Instance) -> str:
    """Return the URL of the embedded Redis-protocol server."""
    return f"redis://:{instance.password(REDIS)}@{HOST}:{_port(instance, REDIS)}/0"


def superuser_url(instance: Instance) -> str:
    """Return the URL of the cluster's superuser: for the launcher and for tests alone."""
    return embedded_database_url(instance, SUPERUSER, "postgres")


def endpoints_of(
    instance: Instance, database_url: str, migrate_url: str, redis_url: str
) -> Endpoints:
    """Put the given URLs and the embedded servers in place of the empty ones together."""
    if database_url:
        database_url = with_driver(database_url)
        migrate_url = with_driver(migrate_url) if migrate_url else database_url
    else:
        database_url = embedded_database_url(instance, APPLICATION)
        migrate_url = embedded_database_url(instance, OWNER)
    return Endpoints(database_url, migrate_url, redis_url or embedded_redis_url(instance))


def with_driver(url: str) -> str:
    """Return a database URL with our driver in it. Raises ConfigurationError for another engine."""
    scheme, separator, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres", DRIVER} or not separator:
        raise ConfigurationError(
            f"{masked(url)} does not name a PostgreSQL server.",
            remedy="Give DATABASE_URL as postgresql://user:password@host:port/database.",
        )
    return f"{DRIVER}://{rest}"


def masked(url: str) -> str:
    """Return `url` with asterisks in place of its password."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def check_database(url: str) -> None:
    """Log in once. Raises ServiceUnavailableError saying why that is not possible."""
    address = with_driver(url).replace(f"{DRIVER}://", "postgresql://", 1)
    try:
        psycopg.connect(address, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        raise ServiceUnavailableError(
            f"The database at {masked(url)} cannot be used: {str(error).strip()}",
            remedy="Check that the server runs and DATABASE_URL is right; "
            "without DATABASE_URL the program starts a server of its own.",
        ) from error


def redis_answers(url: str) -> bool:
    """Tell whether something listens where `redis_url` points."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return True
    address = (parts.hostname or HOST, parts.port or 6379)
    try:
        socket.create_connection(address, CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _port(instance: Instance, server: str) -> int:
    port = instance.read_state().get("servers", {}).get(server, {}).get("port")
    if port is None:
        raise ServiceUnavailableError(
            f"The {server} server of {instance.folder} has never been started.",
            remedy="Start it with 'placement services start'.",
        )
    return int(port)
