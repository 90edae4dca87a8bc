"""What the embedded servers of an instance are doing, and the request that they stay."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from placement.config import Settings
from placement.services import processes
from placement.services.endpoints import embedded_database_url, embedded_redis_url, masked
from placement.services.instance import APPLICATION, OWNER, POSTGRES, REDIS, SERVERS, Instance
from placement.services.supervision import let_supervisor_go, supervisor_process


@dataclass(frozen=True, slots=True)
class Status:
    """The servers of an instance: what runs, where, and for whom.

    `servers` holds pid, port, whether it answers and what is wrong, for each embedded server;
    `users` are the pids of the other processes that use them. URLs carry their passwords.
    """

    folder: Path
    supervisor: int | None
    stays: bool
    servers: dict[str, dict[str, Any]]
    users: list[int]
    urls: dict[str, str | None]

    def as_dict(self) -> dict[str, Any]:
        """Return everything, passwords included, for a program that wants to connect."""
        return {
            "instance": str(self.folder),
            "running": self.supervisor is not None,
            "supervisor": {"pid": self.supervisor, "stays": self.stays},
            **self.servers,
            "users": self.users,
            **self.urls,
        }

    def lines(self) -> list[str]:
        """Return what a person wants to know, with the passwords masked."""
        lines = [f"{'instance':<14}{self.folder}"]
        until = "until 'services stop'" if self.stays else "while it is used"
        running = f"pid {self.supervisor}, {until}" if self.supervisor else "not running"
        lines.append(f"{'supervisor':<14}{running}")
        lines += [f"{name:<14}{_describe(server)}" for name, server in self.servers.items()]
        if self.users:
            lines.append(f"{'used by':<14}{', '.join(map(str, self.users))}")
        return lines + [f"{name:<14}{masked(url)}" for name, url in self.urls.items() if url]


def status_of(settings: Settings) -> Status:
    """Look at the instance of `settings` without starting or making anything."""
    instance = Instance.at(settings.instance)
    supervisor = supervisor_process(instance)
    reports = instance.read_state().get("servers", {})
    given = {POSTGRES: bool(settings.database_url), REDIS: bool(settings.redis_url)}
    servers = {name: _server(reports.get(name, {}), given=given[name]) for name in SERVERS}
    return Status(
        folder=instance.folder,
        supervisor=supervisor.pid if supervisor else None,
        stays=supervisor is not None and instance.stay_file().exists(),
        servers=servers,
        users=sorted(set(instance.users()) - {supervisor.pid if supervisor else 0, os.getpid()}),
        urls=_urls(instance, settings, servers),
    )


def stay(instance_folder: Path) -> None:
    """Let the servers of an instance that this process uses run on without users."""
    Instance.at(instance_folder).stay_file().touch(mode=0o600)


def stop_staying(instance_folder: Path) -> list[str]:
    """Take the request to stay back and wait for the end of unused servers.

    Returns the processes that still use them, each as pid and command.
    """
    instance = Instance.at(instance_folder)
    instance.stay_file().unlink(missing_ok=True)
    users = let_supervisor_go(instance)
    return [f"{pid} ({processes.command_line(pid).strip()})" for pid in users]


def _server(report: dict[str, Any], *, given: bool) -> dict[str, Any]:
    running = processes.found(report.get("pid") or 0, report.get("started") or "")
    return {
        "embedded": not given,
        "running": running is not None and bool(report.get("ready")),
        "pid": running.pid if running else None,
        "port": report.get("port"),
        "message": report.get("message"),
    }


def _describe(server: dict[str, Any]) -> str:
    if not server["embedded"]:
        return "a server of your own"
    if server["running"]:
        return f"pid {server['pid']}, port {server['port']}"
    return f"not running. {server['message'] or ''}".strip()


def _urls(
    instance: Instance, settings: Settings, servers: dict[str, dict[str, Any]]
) -> dict[str, str | None]:
    database = migrate = redis = None
    if settings.database_url:
        database, migrate = settings.database_url, settings.migrate_url or settings.database_url
    elif servers[POSTGRES]["running"]:
        database = embedded_database_url(instance, APPLICATION)
        migrate = embedded_database_url(instance, OWNER)
    if settings.redis_url:
        redis = settings.redis_url
    elif servers[REDIS]["running"]:
        redis = embedded_redis_url(instance)
    return {"database_url": database, "migrate_url": migrate, "redis_url": redis}
