"""Hosts whose clocks are wrong: real processes that see another time of day, and see it jump."""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shifted_clock.c")


def compiler() -> str | None:
    """The compiler that builds the shim; none where the machine has none."""
    return shutil.which("cc")


class HostClock:
    """The clock of one host, so many seconds wrong."""

    def __init__(self, folder: Path, name: str, seconds: int = 0) -> None:
        self._shift = folder / f"{name}.clock"
        self._library = folder / "shifted_clock.so"
        self.jump_to(seconds)
        if not self._library.exists():
            build = [compiler() or "cc", "-shared", "-fPIC", "-O1"]
            subprocess.run([*build, str(SOURCE), "-o", str(self._library)], check=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this host is told."""
        return {"LD_PRELOAD": str(self._library), "CLOCK_SHIFT": str(self._shift)}

    def jump_to(self, seconds: int) -> None:
        """Put the clock so many seconds off, for processes that run already too."""
        with self._shift.open("r+b" if self._shift.exists() else "w+b") as file:
            file.write(struct.pack("l", seconds))
