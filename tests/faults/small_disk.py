"""A real small disk that can be filled: ext4 in a file, mounted where root may mount."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

_BLOCK = 1 << 20


class CannotMountError(Exception):
    """This machine lets nobody mount a disk here; the text says what it answered."""


class SmallDisk:
    """A disk of so many megabytes in `folder`; gone with all that is on it when left.

    Raises CannotMountError on entering where no disk can be had.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder / "disk"
        self._image = folder / "disk.img"
        self._megabytes = megabytes
        self._ballast = self.folder / "ballast"

    def __enter__(self) -> Self:
        """Make and mount it."""
        self.folder.mkdir()
        with self._image.open("wb") as image:
            image.truncate(self._megabytes * _BLOCK)
        if os.geteuid() or not shutil.which("mkfs.ext4") or not shutil.which("mount"):
            raise CannotMountError("it takes root, mkfs.ext4 and mount")
        _run("mkfs.ext4", "-q", "-m", "0", str(self._image))
        _run("mount", "-o", "loop", str(self._image), str(self.folder))
        self.folder.chmod(0o755)
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it away, even while something still holds it."""
        with contextlib.suppress(CannotMountError):
            _run("umount", "--lazy", str(self.folder))
        self._image.unlink(missing_ok=True)

    def fill(self) -> int:
        """Fill it to the last block; how many bytes that took."""
        with self._ballast.open("ab") as ballast, contextlib.suppress(OSError):
            for size in (_BLOCK, 4096):
                with contextlib.suppress(OSError):
                    while os.write(ballast.fileno(), bytes(size)):
                        pass
            os.fsync(ballast.fileno())
        return self._ballast.stat().st_size

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMountError(f"{words[0]}: {done.stderr.strip() or done.returncode}")
