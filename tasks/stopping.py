"""Stopping: the worker's first process tells its children to finish what they have in hand.

Celery lets running jobs come to their end. A job that would run for a while asks `is_stopping`
and gives back what it holds. The flag is memory that the children share by being forked.
"""

import mmap
from typing import Any

from celery.signals import worker_shutting_down

_flag = mmap.mmap(-1, 1)


def is_stopping() -> bool:
    """Whether this worker was asked to end."""
    return _flag[0] != 0


@worker_shutting_down.connect
def _ask_children(**_details: Any) -> None:
    _flag[0] = 1
