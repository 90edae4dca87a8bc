"""`placement audit …`: proof that the audit trail is unbroken."""

import click

from placement.audit.sealing import AuditBrokenError, seal_events, verify_trail
from placement.cli.groups import Commands
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.db import transaction


@click.group(cls=Commands)
def audit() -> None:
    """Prove the audit trail."""


@audit.command()
@FORMAT
@click.pass_context
def verify(context: click.Context, form: str) -> None:
    """Seal what is not sealed yet and prove every seal."""
    with command_session("audit verify") as app:
        witness = app.config["SETTINGS"].instance
        try:
            with transaction():
                seal_events(witness)
            events = verify_trail(witness)
        except AuditBrokenError as error:
            if form == "json":
                echo_json({"ok": False, "events": None, "message": error.message})
            click.echo(f"placement: {error}", err=True)
            context.exit(1)
    if form == "json":
        echo_json({"ok": True, "events": events})
    else:
        click.echo(f"The audit trail is unbroken: {events} events.")


commands: list[click.Command] = [audit]
