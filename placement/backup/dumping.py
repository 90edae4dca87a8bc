"""A dump of the whole database: what is encrypted stays so, and the keys are never in it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from placement.backup.errors import BackupError
from placement.backup.programs import connect_owner, programs_for_dump, tools_for


def dump(migrate_url: str, file: Path) -> int:
    """Write everything to `file` (mode 0600), whole or not at all; its size in bytes.

    `migrate_url` is the log-in of the owner of the tables. The database stays in use. Raises
    BackupError, such as for a full disk; a file that was there before is kept then.
    """
    if file.exists() and not file.is_file():
        raise BackupError(f"{file} is not a file.", remedy="Name one that may be written.")
    try:
        with connect_owner(migrate_url) as (_connection, role, major):
            tools = tools_for(programs_for_dump(major), migrate_url, role)
        with _place_for(file) as (fresh, opened):
            tools.dump(fresh, opened)
            os.fsync(opened.fileno())
            fresh.replace(file)
        return file.stat().st_size
    except OSError as error:
        raise BackupError(
            f"{file} cannot be written: {error.strerror}.",
            remedy="Name a folder with room that is there and that you may write to.",
        ) from error


@contextmanager
def _place_for(file: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside `file` that is written by us alone, and is gone at the end."""
    fresh = file.with_name(f"{file.name}.part")
    handle = os.open(fresh, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "rb+") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"Another dump is just being written to {file}.",
                remedy="Wait for it, or name another file.",
            ) from error
        os.fchmod(opened.fileno(), 0o600)
        try:
            yield fresh, opened
        finally:
            fresh.unlink(missing_ok=True)
