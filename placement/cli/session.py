"""What commands share: the application with its database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from placement import migrate
from placement.app import create_app
from placement.audit.operations import acting_from
from placement.cli.output import echo_json, note
from placement.config import load_settings
from placement.db import system_scope, use_scope
from placement.demo.remembered import remembered
from placement.services import attach

__all__ = ["command_session", "echo_json", "note"]


@contextmanager
def command_session(name: str) -> Iterator[Flask]:
    """Run a command on an up-to-date database, under the program's own scope."""
    settings = load_settings()
    # Beside a demo a command knows the demo's mailbox; what the environment says stays.
    settings = load_settings({**remembered(settings.instance), **os.environ})
    endpoints = attach(settings)
    migrate.upgrade(endpoints.migrate_url)
    app = create_app(settings, endpoints=endpoints)
    with app.app_context(), acting_from(f"command {name}"), use_scope(system_scope(name)):
        yield app
