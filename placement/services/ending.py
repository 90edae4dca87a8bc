"""Whether the process is asked to end, for work that takes long and can stop in good order."""

import mmap


class _Asked:
    """One byte that a worker shares with the processes that it forks later."""

    byte = mmap.mmap(-1, 1)


def begin_anew() -> None:
    """Forget an earlier end: a worker that takes the place of one that was asked to end."""
    _Asked.byte = mmap.mmap(-1, 1)


def announce_ending() -> None:
    """Let this process and those forked from it know that they are to end soon."""
    _Asked.byte[0] = 1


def is_ending() -> bool:
    """Tell whether to finish what is in hand and give back the rest, within a few seconds."""
    return _Asked.byte[0] != 0
