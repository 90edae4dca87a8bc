"""What commands share: the application with its database, data as one JSON object."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask

from placement import migrate
from placement.app import create_app
from placement.audit.operations import acting_from
from placement.config import load_settings
from placement.db import system_scope, use_scope
from placement.services import attach

commands: list[click.Command] = []


@contextmanager
def command_session(name: str) -> Iterator[Flask]:
    """Run a command on an up-to-date database, under the program's own scope."""
    settings = load_settings()
    endpoints = attach(settings)
    migrate.upgrade(endpoints.migrate_url)
    app = create_app(settings, endpoints=endpoints)
    with (
        app.app_context(),
        acting_from(f"command {name}"),
        use_scope(system_scope(name)),
    ):
        yield app


def echo_json(answer: dict[str, Any]) -> None:
    """Print the one JSON object of a command's answer on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False, default=str))


def note(text: str) -> None:
    """Print progress to standard error, so that the answer stands alone on standard output."""
    click.echo(text, err=True)
