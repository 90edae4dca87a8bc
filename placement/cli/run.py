"""`placement run`: the whole program at work."""

import sys

import click

from placement import migrate
from placement.cli.parts import PORT, check_port, run_everything
from placement.config import load_settings
from placement.services import attach, detach


@click.command()
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(1, 65_535),
    help="Port of the pages, on this machine alone.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Jobs at once; default by setting.")
def run(port: int, workers: int | None) -> None:
    """Migrate, then run web, worker and beat until Ctrl-C."""
    settings = load_settings()
    check_port(port)
    endpoints = attach(settings)
    migrate.upgrade(endpoints.migrate_url)
    code = run_everything(settings, endpoints, port=port, workers=workers)
    detach(settings.instance, at_once=True)
    sys.exit(code)


commands: list[click.Command] = [run]
