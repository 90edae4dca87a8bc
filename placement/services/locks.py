"""Locks on files that the kernel frees however their holder ends."""

import fcntl
import os
import time
from pathlib import Path

from placement.services.ownership import give_to_folder_owner

PAUSE_SECONDS = 0.02


class FileLock:
    """A lock on one file, shared by many or held by one.

    The descriptor is closed on exec, so that no program started by the holder keeps the lock.
    A forked child does share it: whoever forks calls `forget` in the child.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def try_shared(self) -> bool:
        """Take the lock beside other holders; False when somebody holds it alone."""
        return self._take(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take the lock alone; False when anybody holds it."""
        return self._take(fcntl.LOCK_EX)

    def wait_shared(self, seconds: float) -> bool:
        """Try for `seconds` to take the lock beside other holders."""
        return self._wait(fcntl.LOCK_SH, seconds)

    def wait_exclusive(self, seconds: float) -> bool:
        """Try for `seconds` to take the lock alone."""
        return self._wait(fcntl.LOCK_EX, seconds)

    def still_names_file(self) -> bool:
        """Tell whether the path still leads to the file that is open here."""
        if self._descriptor is None:
            return False
        try:
            there = os.stat(self.path)
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(self._descriptor))

    def open(self) -> int:
        """Open the file without taking the lock and return the descriptor, which stays ours.

        Raises OSError when that is not possible.
        """
        if self._descriptor is None:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._descriptor = os.open(self.path, flags, 0o600)
            give_to_folder_owner(self._descriptor, self.path.parent)
        return self._descriptor

    def let_go(self) -> None:
        """Give the lock back and keep the file open."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def release(self) -> None:
        """Give the lock back and close the file."""
        self.let_go()
        self.forget()

    def forget(self) -> None:
        """Close this process's descriptor; a lock shared with a parent stays with the parent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, kind: int) -> bool:
        try:
            fcntl.flock(self.open(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait(self, kind: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._take(kind):
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        return True


def is_held_exclusively(path: Path) -> bool:
    """Tell whether a process holds the lock on `path` alone; False when there is no such file."""
    if not path.exists():
        return False
    probe = FileLock(path)
    try:
        return not probe.try_shared()
    finally:
        probe.forget()


def holders(path: Path) -> list[int]:
    """List the processes that hold a lock on `path`; empty where the system does not tell."""
    try:
        inode = f":{path.stat().st_ino}"
        lines = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return []
    held = [line.split() for line in lines if "FLOCK" in line and "->" not in line]
    return sorted({int(words[4]) for words in held if words[5].endswith(inode)} - {0, -1})
