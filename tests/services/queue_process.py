"""A worker or a beat with small jobs, as `placement worker` and `placement beat` run them."""

import os
import signal
import sys
import time
from pathlib import Path

from placement import queue
from placement.services import celery_parts
from placement.services.celery_parts import run_beat, run_worker
from placement.services.ending import is_ending


@queue.celery.task(name="test.note")
def note(folder: str, word: str) -> None:
    """Leave a note."""
    Path(folder, word).touch()


@queue.celery.task(name="test.patient")
def patient(folder: str) -> None:
    """Work until the worker is asked to end, then take a moment to finish."""
    Path(folder, "begun").touch()
    while not is_ending():
        time.sleep(0.02)
    time.sleep(0.1)
    Path(folder, "finished").touch()


@queue.celery.task(name="test.endless")
def endless(folder: str) -> None:
    """Work on whatever happens."""
    Path(folder, "begun").touch()
    while True:
        time.sleep(1)


@queue.celery.task(name="test.frozen", soft_time_limit=0.5, time_limit=1)
def frozen(folder: str) -> None:
    """Stand still, deaf to every signal but one."""
    Path(folder, "begun").touch()
    os.kill(os.getpid(), signal.SIGSTOP)


def main() -> int:
    """Run what the first argument names; then the broker and a folder for notes."""
    kind, redis_url, folder = sys.argv[1:]
    queue.configure(redis_url, "parts")
    # A second in place of five for jobs in hand that take too long.
    celery_parts.FINISH_SECONDS = 1.0
    if kind == "beat":
        options = {"queue": queue.queue_name(queue.SHORT)}
        entry = {"task": "test.note", "schedule": 0.2, "args": ("", ""), "options": options}
        return run_beat({"note": entry})
    return run_worker(
        "short",
        [queue.SHORT],
        1,
        in_each_process=lambda: Path(folder, "process").touch(),
    )


if __name__ == "__main__":
    sys.exit(main())
