"""`placement services …`: the embedded servers alone."""

import click

from placement.cli.groups import Commands
from placement.cli.output import FORMAT, echo_json
from placement.config import load_settings
from placement.errors import ServiceUnavailableError
from placement.services import attach
from placement.services.status import Status, status_of, stay, stop_staying


@click.group(cls=Commands)
def services() -> None:
    """Start and stop the embedded PostgreSQL and Redis-compatible server."""


@services.command()
@FORMAT
def start(form: str) -> None:
    """Start the embedded servers and keep them running until `services stop`."""
    settings = load_settings()
    if settings.database_url and settings.redis_url:
        raise ServiceUnavailableError(
            "DATABASE_URL and REDIS_URL name servers of your own; there is none to start.",
            remedy="Leave one of them out to use an embedded server in its place.",
        )
    attach(settings)
    stay(settings.instance)
    _print(status_of(settings), form)


@services.command()
@FORMAT
def stop(form: str) -> None:
    """Stop the embedded servers as soon as nobody uses them."""
    settings = load_settings()
    users = stop_staying(settings.instance)
    if users:
        raise ServiceUnavailableError(
            f"The servers are in use by {', '.join(users)}.",
            remedy="They stop two seconds after the last of these has ended.",
        )
    _print(status_of(settings), form)


@services.command()
@FORMAT
def status(form: str) -> None:
    """Show pids, ports and URLs; the JSON form carries the passwords, the text does not."""
    _print(status_of(load_settings()), form)


def _print(found: Status, form: str) -> None:
    if form == "json":
        echo_json(found.as_dict())
        return
    for line in found.lines():
        click.echo(line)


commands: list[click.Command] = [services]
