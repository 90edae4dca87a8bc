"""`placement db …`: migrations, backup and restore."""

import json

import click

from placement import migrate
from placement.config import load_settings
from placement.services import attach


@click.group()
def db() -> None:
    """Migrate, back up and restore the database."""


@db.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
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


commands: list[click.Command] = [db]
