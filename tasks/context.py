"""What surrounds every job: the application of this process, the job's name, its scope."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, has_app_context

from placement.app import create_app
from placement.audit.operations import acting_from
from placement.db import system_scope, use_scope
from placement.queue import Job, celery


@functools.cache
def worker_app() -> Flask:
    """The application of this process, made at its first job, after any fork."""
    return create_app()


@contextmanager
def job_context(name: str) -> Iterator[None]:
    """Run a job under the program's own scope, in the application's context."""
    with acting_from(f"job {name}"):
        if has_app_context():
            with use_scope(system_scope(name)):
                yield
            return
        with worker_app().app_context(), use_scope(system_scope(name)):
            yield


def job(job_name: Job, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Register a function as the job of a name; running it twice or late must harm nobody."""

    def register(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def run(*arguments: Any) -> None:
            with job_context(job_name.name):
                function(*arguments)

        return celery.task(name=job_name.name, **options)(run)

    return register
