"""`placement notice send` and `status`: announce a fair, and see how its notice stands."""

from typing import Any

import click
from flask import Flask

from placement.accounts.queries import university_by_code
from placement.cli.session import command_session, echo_json
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotVisibleError
from placement.fairs.audience import Audience
from placement.fairs.models import Fair
from placement.fairs.operations import announce_fair, preview_announcement
from placement.notices.models import Channel, Notice
from placement.notices.queries import Counts, count_states
from placement.reference import categories, destinations, levels
from placement.students.models import Category

FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@click.command()
@click.option("--fair", "fair_id", required=True, type=int, help="The fair to announce.")
@click.option("--category", "chosen", multiple=True, help="A category; may be repeated.")
@click.option("--university", "codes", multiple=True, help="A university's code; repeatable.")
@click.option("--level", "level_texts", multiple=True, help="A level of education; repeatable.")
@click.option("--part", "parts", multiple=True, help="A part of the rate, such as seeking.")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice([channel.value for channel in Channel]),
    default=("mail", "inbox"),
    help="A channel; repeatable. Default: mail and inbox.",
)
@click.option("--dry-run", is_flag=True, help="Count only.")
@click.option("--again", is_flag=True, help="Announce once more to the same audience.")
@FORMAT
def send(  # noqa: PLR0913 - one argument for each option
    *,
    fair_id: int,
    chosen: tuple[str, ...],
    codes: tuple[str, ...],
    level_texts: tuple[str, ...],
    parts: tuple[str, ...],
    channels: tuple[str, ...],
    dry_run: bool,
    again: bool,
    form: str,
) -> None:
    """Announce a fair to an audience, once per person and channel."""
    with command_session("notice send") as app:
        fair = db.session.get(Fair, fair_id)
        if fair is None:
            raise NotVisibleError(
                f"There is no fair {fair_id}.", remedy="See `placement fairs list`."
            )
        audience = Audience(
            categories=tuple(_category(text) for text in chosen),
            university_ids=tuple(university_by_code(code).id for code in codes),
            levels=tuple(_level(text) for text in level_texts),
            parts=tuple(_part(text) for text in parts),
        )
        answer = _announce(app, fair, audience, channels, dry_run=dry_run, again=again)
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


def _category(text: str) -> Category:
    code = categories.find(text)
    if code is None:
        raise InvalidValueError(
            f"There is no category {text}.", remedy=f"Give one of {', '.join(Category)}."
        )
    return Category(code)


def _level(text: str) -> str:
    found = levels.find(text)
    if found is None:
        raise InvalidValueError(f"There is no level {text}.", remedy="Give a code such as 31.")
    return found[0]


def _part(text: str) -> str:
    if text not in destinations.PARTS:
        raise InvalidValueError(
            f"There is no part {text}.", remedy=f"Give one of {', '.join(destinations.PARTS)}."
        )
    return text


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
