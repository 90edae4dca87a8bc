"""`placement fairs …` and `placement notice send`: find, make and announce fairs."""

import datetime as dt
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from placement.accounts.queries import university_by_code
from placement.cli.notice import notice
from placement.cli.session import command_session, echo_json
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotVisibleError
from placement.fairs.audience import Audience
from placement.fairs.models import Fair
from placement.fairs.operations import FairPlan, add_fair, announce_fair, preview_announcement
from placement.notices.models import Channel
from placement.reference import categories, destinations, levels
from placement.students.models import Category

DAY = click.DateTime(["%Y-%m-%d"])
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@click.group()
def fairs() -> None:
    """Find and make job fairs."""


@fairs.command("list")
@FORMAT
def list_fairs(form: str) -> None:
    """List all fairs by day."""
    with command_session("fairs list"):
        found = db.session.execute(select(Fair).order_by(Fair.on, Fair.id)).scalars().all()
    rows = [
        {
            "fair_id": fair.id,
            "title": fair.title,
            "on": fair.on.isoformat(),
            "place": fair.place,
            "class_year": fair.class_year,
        }
        for fair in found
    ]
    if form == "json":
        echo_json({"fairs": rows})
        return
    for row in rows:
        click.echo(f"{row['fair_id']}  {row['on']}  {row['title']}, {row['place']}")


@fairs.command("add")
@click.option("--title", required=True, help="What it is called.")
@click.option("--on", "day", required=True, type=DAY, help="The day, such as 2026-12-05.")
@click.option("--place", required=True, help="Where it takes place.")
@click.option("--class-year", type=int, help="The register it is for; without it, all.")
@FORMAT
def add(title: str, day: dt.datetime, place: str, class_year: int | None, form: str) -> None:
    """Make a fair."""
    with command_session("fairs add"):
        with transaction():
            plan = FairPlan(title=title, on=day.date(), place=place, class_year=class_year)
            fair = add_fair(plan, actor=None)
        answer = {"fair_id": fair.id}
    if form == "json":
        echo_json(answer)
    else:
        click.echo(f"Fair {answer['fair_id']} is planned.")


@notice.command("send")
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


commands: list[click.Command] = [fairs]
