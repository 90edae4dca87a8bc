"""Loading the program: its modules without a search for garbage among them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load modules inside; what they made is never looked through for garbage again.

    Nothing that loading makes is garbage, and looking for it took a quarter of the processor
    time of a start. The processes that are forked later share what is left alone.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.freeze()
