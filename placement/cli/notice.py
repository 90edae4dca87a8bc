"""`placement notice …`: how a notice stands."""

from typing import Any

import click

from placement.cli.session import command_session, echo_json
from placement.db import db
from placement.errors import NotVisibleError
from placement.notices.models import Notice
from placement.notices.queries import Counts, count_states


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
            echo_json(_answer(found, counts))
        else:
            click.echo(_words(found, counts))


def _answer(notice: Notice, counts: Counts) -> dict[str, Any]:
    deliveries = {
        channel.value: {state.value: number for state, number in states.items()}
        for channel, states in counts.items()
    }
    return {"notice_id": notice.id, "audience": notice.audience_size, "deliveries": deliveries}


def _words(notice: Notice, counts: Counts) -> str:
    lines = [f"Notice {notice.id} to {notice.audience_size:,} people ({notice.state.value})"]
    for channel, states in counts.items():
        told = [f"{state.value} {number:,}" for state, number in states.items() if number]
        lines.append(f"  {channel.value}: {', '.join(told)}")
    return "\n".join(lines)


commands: list[click.Command] = [notice]
