"""What can go wrong with a backup, in words that say what to do about it."""

import re

from placement.errors import PlacementError

_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_NO_RIGHT = re.compile(r"permission denied|must be owner|row-level security")
_OTHER_VERSION = re.compile(r"server version mismatch|unsupported version")
_LOST = re.compile(r"connection to server was lost|server closed the connection")
_ERROR = re.compile(r"(?:error|ERROR|fatal|FATAL): +(.*)")


class BackupError(PlacementError):
    """A dump or a restore was refused or did not come to its end."""

    code = "backup"


class KeysDoNotFitError(BackupError):
    """The keys of this installation are not those that a dump was written with."""

    code = "wrong_key"


def program_failed(program: str, said: str, code: int) -> BackupError:
    """Explain why one of PostgreSQL's programs ended, from what it said."""
    if _NO_ROOM.search(said):
        message = f"{program} found no room left on the disk."
        return BackupError(
            message, remedy="Nothing was kept of it. Free some space or name another disk."
        )
    found = _ERROR.search(said)
    last = said.splitlines()[-1] if said else f"it was ended with code {code}"
    words = (found.group(1) if found else last).strip().rstrip(".")
    if _NO_RIGHT.search(said):
        remedy = "Name the log-in of the owner of the tables in PLACEMENT_MIGRATE_URL."
    elif _LOST.search(said):
        remedy = (
            "Nothing was kept of it. A server ends like this when its disk is full: look into its"
            " log, free some space, and try again once it answers."
        )
    elif _OTHER_VERSION.search(said):
        remedy = "Install PostgreSQL's client programs of the version that wrote it, or a newer."
    else:
        remedy = "Nothing was kept of it."
    return BackupError(f"{program} failed: {words}.", remedy=remedy)
