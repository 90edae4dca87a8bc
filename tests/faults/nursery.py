"""A process that raises senders which die at a given point: `python -m tests.faults.nursery`.

Reads lines `PORT POINT NTH` and answers each with how the sender ended. The sender is forked, so
that the program is loaded once; it kills itself when it comes to POINT for the NTH time.
"""

import dataclasses
import os
import signal
import sys

from flask import Flask

from placement.app import create_app
from placement.config import Settings, load_settings
from placement.notices.models import Channel
from placement.notices.sender import Orders, drain
from placement.services import Endpoints


def raise_sender(app: Flask, settings: Settings, point: str, nth: int) -> int:
    """Let a sender work until it dies; its exit status as `os.waitpid` gives it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    passed = 0

    def die(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        drain(Channel.MAIL, 0, Orders(settings=settings, at_point=die))
    os._exit(0)


def serve() -> None:
    """Answer until the input ends."""
    settings = load_settings()
    endpoints = Endpoints(settings.database_url, settings.migrate_url, settings.redis_url)
    app = create_app(settings, endpoints=endpoints)
    print("ready", flush=True)  # noqa: T201 - whoever started it reads
    for line in sys.stdin:
        port, point, nth = line.split()
        outlet = dataclasses.replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
        status = raise_sender(app, outlet, point, int(nth))
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else "ended", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    serve()
