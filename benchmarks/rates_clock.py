"""What the benchmark of figures reads its times from, and how it prints them."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from placement.db import db


class Watch:
    """The seconds that statements took, from sending them to having their rows."""

    def __init__(self) -> None:
        self.seconds = 0.0
        event.listen(db.engine, "before_cursor_execute", self._begin)
        event.listen(db.engine, "after_cursor_execute", self._end)

    def _begin(self, *_: Any) -> None:
        self.begun = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.seconds += time.perf_counter() - self.begun


def timed(work: Callable[[], Any]) -> float:
    """The seconds of an act."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def processor_seconds() -> tuple[float, float]:
    """The seconds that this process has worked, and its connection's server process."""
    number = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return time.process_time(), (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def worked(begun: tuple[float, float], times: int) -> str:
    """The processor time of each of so many acts since, which hardly depends on other work."""
    here, there = (
        1000 * (after - before) / times
        for after, before in zip(processor_seconds(), begun, strict=True)
    )
    return f"processor {here:.1f} + {there:.1f} ms"


def ms(seconds: list[float]) -> str:
    """A median as milliseconds, and the slowest."""
    return f"{statistics.median(seconds) * 1000:8.1f} ms (slowest {max(seconds) * 1000:.1f})"


def line(label: str, *parts: str) -> None:
    """Print one line at once."""
    print(f"{label:44} {'   '.join(parts)}", flush=True)
