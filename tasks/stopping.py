"""Stopping: a worker tells its children to finish what they have in hand.

Celery lets running jobs come to their end. A job that would run for a while asks `is_stopping`
and gives back what it holds. The flag is memory that a worker shares with its children, made
anew when it begins, before it forks them.
"""

import mmap
from typing import Any

from celery.signals import worker_init, worker_shutting_down


class _Worker:
    flag = mmap.mmap(-1, 1)


def is_stopping() -> bool:
    """Whether this worker was asked to end."""
    return _Worker.flag[0] != 0


@worker_init.connect
def _begin(**_details: Any) -> None:
    _Worker.flag = mmap.mmap(-1, 1)


@worker_shutting_down.connect
def _ask_children(**_details: Any) -> None:
    _Worker.flag[0] = 1
