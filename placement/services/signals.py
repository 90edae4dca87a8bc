"""Signals turned into something that a loop can wait for."""

import contextlib
import os
import select
import signal
from collections.abc import Iterable
from types import FrameType, TracebackType
from typing import Self


class SignalPipe:
    """Collects signals as they come and wakes `wait`; the handlers before it return at the end."""

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self.received: list[signal.Signals] = []
        self._numbers = list(numbers)
        self._before: dict[signal.Signals, object] = {}
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def __enter__(self) -> Self:
        """Take over the signals."""
        for number in self._numbers:
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back to those who had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # what signal() returned
        self.close()

    def wait(self, seconds: float, others: Iterable[int] = ()) -> list[int]:
        """Wait for a signal or for one of the descriptors `others`; return those to be read."""
        readable, _, _ = select.select([self._read, *others], [], [], seconds)
        if self._read in readable:
            readable.remove(self._read)
            with contextlib.suppress(BlockingIOError):
                os.read(self._read, 1024)
        return readable

    def close(self) -> None:
        """Close the pipe; for a forked child, which has signals of its own."""
        os.close(self._read)
        os.close(self._write)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.received.append(signal.Signals(number))
        # A full pipe wakes as well.
        with contextlib.suppress(BlockingIOError):
            os.write(self._write, b"!")
