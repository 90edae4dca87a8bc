"""`placement notice …`: how a notice stands."""

import click

from placement.cli.session import command_session, echo_json
from placement.db import db
from placement.errors import NotVisibleError
from placement.notices.models import Notice
from placement.notices.queries import count_states


@click.group()
def notice() -> None:
    """Announce, and see how it stands."""


@notice.command()
@click.argument("notice_id", type=int)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def status(notice_id: int, form: str) -> None:
    """Show the state of a notice's deliveries, by channel."""
    with command_session("notice status"):
        found = db.session.get(Notice, notice_id)
        if found is None:
            raise NotVisibleError(
                f"There is no notice {notice_id}.", remedy="See `placement notice send`."
            )
        counts = count_states([found.id])[found.id]
    if form == "json":
        deliveries = {
            channel.value: {state.value: number for state, number in states.items()}
            for channel, states in counts.items()
        }
        echo_json(
            {"notice_id": found.id, "audience": found.audience_size, "deliveries": deliveries}
        )
        return
    click.echo(f"Notice {found.id} to {found.audience_size:,} people ({found.state.value})")
    for channel, states in counts.items():
        told = ", ".join(f"{state.value} {number:,}" for state, number in states.items() if number)
        click.echo(f"  {channel.value}: {told}")


commands: list[click.Command] = [notice]
