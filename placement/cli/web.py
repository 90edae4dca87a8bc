"""`placement web`: the part that serves the pages."""

import click

from placement import migrate
from placement.app import create_app
from placement.cli.parts import PORT, begin_part, check_port
from placement.services import attach
from placement.services.ports import HOST
from placement.services.web_server import WebServer


@click.command()
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(1, 65_535),
    help="Port to listen on.",
)
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
def web(port: int, host: str) -> None:
    """Serve the pages."""
    settings = begin_part()
    check_port(port, host)
    endpoints = attach(settings, watch=False)
    migrate.check_current(endpoints.database_url)
    WebServer(lambda: create_app(settings), settings, host=host, port=port).run()


commands: list[click.Command] = [web]
