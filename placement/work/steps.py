"""How far a long reading or writing has come, told to whoever listens.

What makes a file does not know whether a request or a worker waits for it: it says now and then
how far it is, and a worker that listens renews its lease, shows the progress, and may break off.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

EVERY = 500
"""A word costs a commit, so that not every row gets one."""

T = TypeVar("T")

_listener: ContextVar[Callable[[int], None] | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Callable[[int], None]) -> Iterator[None]:
    """Have `listener` told how many rows are done; what it raises ends the work."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def counted(rows: Iterable[T]) -> Iterator[T]:
    """Give the rows on, and tell whoever listens after every 500 of them."""
    listener = _listener.get()
    for number, row in enumerate(rows, start=1):
        yield row
        if listener is not None and number % EVERY == 0:
            listener(number)
