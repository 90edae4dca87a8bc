"""What went wrong with a server, in words that say what to do about it."""

import errno
import re
import shutil
from pathlib import Path

from placement.errors import ServiceUnavailableError

LEAST_FREE_BYTES = 300_000_000
TAIL_BYTES = 4_000
NO_PORT = re.compile(r"[Aa]ddress already in use|could not create listen|Failed listening on port")
NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
NO_MEMORY = re.compile(r"Cannot allocate memory|could not map anonymous shared memory")
NOT_ALLOWED = re.compile(r"Permission denied|has wrong ownership|Read-only file system")
BROKEN_QUEUE = re.compile(r"Bad file format reading the append only file|Unexpected end of file")


def log_tail(path: Path, offset: int) -> str:
    """Return the last part of what was written to a log since `offset`."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(max(offset, size - TAIL_BYTES) if size >= offset else 0)
            return log.read().decode(errors="replace").strip()
    except OSError:
        return ""


def port_was_taken(log: str) -> bool:
    """Tell whether a server ended because somebody else listens on its port."""
    return NO_PORT.search(log) is not None


def queue_is_broken(log: str) -> bool:
    """Tell whether the broker cannot read its own file."""
    return BROKEN_QUEUE.search(log) is not None


def failed_start(title: str, log: str, folder: Path, log_file: Path) -> ServiceUnavailableError:
    """Explain why a server ended at its start, from what it wrote to its log."""
    if NO_SPACE.search(log):
        return disk_full(title, folder)
    if NO_MEMORY.search(log):
        message = f"{title} gets too little memory to start."
        remedy = "Free about 400 MB of memory, or name a server of your own in DATABASE_URL."
    elif NO_PORT.search(log):
        message = f"{title} cannot listen: its port is taken by another program."
        remedy = "Another port is tried by itself; if none is free, end what takes them."
    elif NOT_ALLOWED.search(log):
        message = f"{title} may not read or write {folder}."
        remedy = "Let the folder belong to the user who runs the program, on a writable disk."
    else:
        message = f"{title} ended at its start."
        remedy = f"What it said is in {log_file}."
    last = log.splitlines()[-1] if log else ""
    return ServiceUnavailableError(
        f"{message} Its last words: {last}" if last else message, remedy=remedy
    )


def from_os_error(title: str, error: OSError, folder: Path) -> ServiceUnavailableError:
    """Explain why the files of a server cannot be used."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(title, folder)
    return ServiceUnavailableError(
        f"{title} cannot be started: {error}.",
        remedy=f"Check that {folder} is on a writable disk and belongs to you, "
        "or name another folder in PLACEMENT_INSTANCE.",
    )


def disk_full(title: str, folder: Path) -> ServiceUnavailableError:
    """Say that the disk under `folder` has no room left for a server."""
    return ServiceUnavailableError(
        f"{title} has no room left on the disk of {folder}.",
        remedy="Free some space there (nothing is lost, the server starts by itself once there "
        "is room), or name a folder on another disk in PLACEMENT_INSTANCE.",
    )


def check_room(title: str, folder: Path) -> None:
    """Raise ServiceUnavailableError when too little room is left to make a new database."""
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise disk_full(title, folder)


def name_aside(path: Path) -> Path:
    """Return a free name beside `path` under which it can be kept."""
    number = 1
    while (aside := path.with_name(f"{path.name}-kept-{number}")).exists():
        number += 1
    return aside
