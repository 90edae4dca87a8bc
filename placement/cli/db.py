"""`placement db …`: migrations, backup and restore."""

import json
from pathlib import Path

import click

from placement import migrate
from placement.audit.operations import record_event
from placement.audit.sealing import set_witness_aside
from placement.backup.dumping import dump
from placement.backup.restoring import restore
from placement.cli.groups import Commands
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json, note
from placement.config import load_settings
from placement.db import transaction
from placement.keys import find_keyring, key_file
from placement.services import attach

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group(cls=Commands)
def db() -> None:
    """Migrate, back up and restore the database."""


@db.command()
@FORMAT
def upgrade(form: str) -> None:
    """Bring the schema up to what this program knows."""
    endpoints = attach(load_settings())
    before, after = migrate.upgrade(endpoints.migrate_url)
    if form == "json":
        click.echo(json.dumps({"before": before, "after": after}))
    elif before == after:
        click.echo(f"The schema is up to date ({after}).")
    else:
        click.echo(f"The schema went from {before or 'nothing'} to {after}.")


@db.command("dump")
@FILE
@FORMAT
def dump_to(file: Path, form: str) -> None:
    """Write the whole database to FILE; what is encrypted stays so, and no key is in it."""
    size = dump(attach(load_settings()).migrate_url, file)
    if form == "json":
        echo_json({"file": str(file), "bytes": size})
    else:
        click.echo(f"The dump is in {file} ({size:,} bytes). Keep the keys elsewhere.")


@db.command("restore")
@FILE
@FORMAT
def restore_from(file: Path, form: str) -> None:
    """Put a dump into an empty database, after its keys were tried; whole or not at all."""
    settings = load_settings()
    restored = restore(
        attach(settings).migrate_url,
        file,
        find_keyring(settings),
        keys_place="PLACEMENT_KEYS" if settings.keys else str(key_file(settings.instance)),
    )
    # The trail of the dump goes on; the witness of another one would contradict it.
    seal = set_witness_aside(settings.instance)
    with command_session("db restore"), transaction():
        details = {"schema": restored.revision, "witness_before": seal}
        record_event("database.restored", actor_id=None, details=details)
    if not restored.keys_tried:
        note("There was nothing encrypted to try the keys on.")
    if form == "json":
        echo_json({"schema": restored.revision, "keys_tried": restored.keys_tried})
    else:
        click.echo(f"The dump is restored (schema {restored.revision}).")


commands: list[click.Command] = [db]
