"""`placement notice send` and `status`: announce a fair, and see how its notice stands."""

from typing import Any

import click
from flask import Flask

from placement.cli.notice.choosing import (
    FORMAT,
    audience_from_options,
    audience_options,
    fair_by_id,
)
from placement.cli.session import command_session, echo_json
from placement.db import db, transaction
from placement.errors import NotVisibleError
from placement.fairs.audience import Audience
from placement.fairs.models import Fair
from placement.fairs.operations import announce_fair, preview_announcement
from placement.notices.models import Channel, Notice
from placement.notices.queries import Counts, count_states


@click.command()
@audience_options
@click.option("--dry-run", is_flag=True, help="Count only.")
@FORMAT
def send(*, dry_run: bool, form: str, **chosen: Any) -> None:
    """Announce a fair to an audience, once per person and channel.

    It goes out at once and asks for no second person, however many it is for: who runs commands
    on the server answers for it. See `placement notice draft` for the way with two people.
    """
    with command_session("notice send") as app:
        fair = fair_by_id(chosen["fair_id"])
        answer = _announce(
            app,
            fair,
            audience_from_options(chosen),
            chosen["channels"],
            dry_run=dry_run,
            again=chosen["again"],
        )
    if form == "json":
        echo_json(answer)
    else:
        told = ", ".join(f"{name} {count:,}" for name, count in answer["deliveries"].items())
        click.echo(f"Notice {answer['notice_id'] or '-'}: {answer['audience']:,} people; {told}")


def _announce(
    app: Flask,
    fair: Fair,
    audience: Audience,
    channels: tuple[str, ...],
    *,
    dry_run: bool,
    again: bool,
) -> dict[str, Any]:
    settings = app.config["SETTINGS"]
    by = [Channel(channel) for channel in channels]
    if dry_run:
        told = preview_announcement(fair, audience, channels=by, actor=None, settings=settings)
    else:
        with transaction():
            told = announce_fair(
                fair, audience, channels=by, actor=None, settings=settings, again=again
            )
    return {
        "notice_id": told.notice_id,
        "audience": told.audience,
        "deliveries": told.deliveries,
    }


@click.command()
@click.argument("notice_id", type=int)
@FORMAT
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
