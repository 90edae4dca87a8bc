"""`placement notice draft|drafts|preview|hand-in|release|take-back|discard`: before it goes out."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from placement.accounts.viewer import Viewer
from placement.cli.notice.acting import account_that_sends, draft_by_id
from placement.cli.notice.choosing import (
    REMIND,
    audience_from_options,
    audience_options,
    fair_by_id,
)
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.clock import ZONE
from placement.composing import operations
from placement.composing.models import DraftState, NoticeDraft
from placement.composing.operations import DraftPlan, Shown
from placement.composing.queries import chosen_by, reach_of_draft
from placement.composing.texts import LANGUAGES, announcement_from, digest_of, texts_of
from placement.db import db, transaction
from placement.notices.models import Channel

_NUMBER = click.argument("draft_id", type=int)
_BY = click.option("--by", "username", required=True, help="Whose act it is: a user name.")
_PEOPLE = click.option(
    "--people", required=True, type=int, help="The head count that `preview` showed."
)
_VERSION = click.option(
    "--version", "mark", required=True, help="The version that `preview` showed, 8 digits or all."
)


@click.command()
@audience_options
@click.option("--message", default="", help="Your words, beside the facts of the fair.")
@click.option("--message-en", default="", help="The same in English.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]),
    help="When it goes out, in Fujian; without it as soon as it may.",
)
@REMIND
@_BY
@FORMAT
def draft(
    *,
    message: str,
    message_en: str,
    at: dt.datetime | None,
    remind_after: int | None,
    username: str,
    form: str,
    **chosen: Any,
) -> None:
    """Compose a notice of a fair and keep it as a draft; nothing goes out."""
    with _acting("draft", username) as (_app, actor):
        plan = DraftPlan(
            audience=audience_from_options(chosen),
            channels=[Channel(channel) for channel in chosen["channels"]],
            message=message,
            message_en=message_en,
            send_at=None if at is None else at.replace(tzinfo=ZONE),
            remind_after_days=remind_after,
            again=chosen["again"],
        )
        with transaction():
            fair = fair_by_id(chosen["fair_id"], viewer=actor)
            made = operations.create_draft(fair, plan, actor=actor, submission_id=uuid.uuid4())
        number = made.id
    if form == "json":
        echo_json({"draft_id": number})
    else:
        click.echo(f"Draft {number} is kept. See `placement notice preview {number}`.")


@click.command()
@FORMAT
def drafts(form: str) -> None:
    """List the drafts that have not gone out."""
    open_ = (DraftState.DRAFT, DraftState.WAITING, DraftState.SCHEDULED)
    with command_session("notice drafts"):
        found = db.session.execute(
            select(NoticeDraft).where(NoticeDraft.state.in_(open_)).order_by(NoticeDraft.id)
        ).scalars()
        rows = [_told(row) for row in found]
    if form == "json":
        echo_json({"drafts": rows})
        return
    for row in rows:
        people = "-" if row["people"] is None else f"{row['people']:,}"
        back = f", set back: {row['setback']}" if row["setback"] else ""
        at = row["send_at"] or "as soon as it may"
        click.echo(f"{row['draft_id']}  {row['state']}{back}  {people} people  {at}  {row['fair']}")


@click.command()
@_NUMBER
@_BY
@FORMAT
def preview(draft_id: int, username: str, form: str) -> None:
    """Show whom a draft reaches, what they read in both languages, and its version."""
    with _acting("preview", username) as (app, actor):
        answer = _previewed(draft_by_id(draft_id, actor), actor, app)
    if form == "json":
        echo_json(answer)
        return
    click.echo(f"Draft {draft_id}, version {answer['version'][:8]}: {answer['people']:,} people")
    for channel, states in answer["channels"].items():
        why = ", ".join(f"{reason} {count:,}" for reason, count in states["not"].items())
        click.echo(f"  {channel}: {states['reached']:,}" + (f"; not: {why}" if why else ""))
    for reason, count in answer["left_out"].items():
        click.echo(f"  left out, {reason}: {count:,}")
    for text in answer["texts"].values():
        click.echo(f"\n{text['subject']}\n\n{text['text']}")


@click.command("hand-in")
@_NUMBER
@_BY
@_PEOPLE
@_VERSION
def hand_in(draft_id: int, username: str, people: int, mark: str) -> None:
    """Agree to what `preview` showed: it goes out, or waits for its time or a second person."""

    def act(row: NoticeDraft, actor: Viewer, app: Flask) -> DraftState:
        shown = Shown(people, _whole(mark, _previewed(row, actor, app)["version"]))
        return operations.hand_in(
            row, shown, actor=actor, version=row.version, settings=app.config["SETTINGS"]
        )

    _say(draft_id, _act("hand-in", draft_id, username, act))


@click.command()
@_NUMBER
@_BY
@_PEOPLE
@_VERSION
def release(draft_id: int, username: str, people: int, mark: str) -> None:
    """Agree as a second person to the same head count and version."""

    def act(row: NoticeDraft, actor: Viewer, app: Flask) -> DraftState:
        shown = Shown(people, _whole(mark, row.digest or ""))
        return operations.release(row, shown, actor=actor, settings=app.config["SETTINGS"])

    _say(draft_id, _act("release", draft_id, username, act))


@click.command("take-back")
@_NUMBER
@_BY
def take_back(draft_id: int, username: str) -> None:
    """Make a draft again of what was handed in or released."""
    _act(
        "take-back",
        draft_id,
        username,
        lambda row, actor, _app: operations.take_back(row, actor=actor, version=row.version),
    )
    click.echo(f"Draft {draft_id} is a draft again; nothing goes out.")


@click.command()
@_NUMBER
@_BY
def discard(draft_id: int, username: str) -> None:
    """Put a draft away."""
    _act(
        "discard",
        draft_id,
        username,
        lambda row, actor, _app: operations.discard_draft(row, actor=actor, version=row.version),
    )
    click.echo(f"Draft {draft_id} is discarded.")


@contextmanager
def _acting(name: str, username: str) -> Iterator[tuple[Flask, Viewer]]:
    """A session of a command that acts for an account which may compose notices."""
    with command_session(f"notice {name}") as app:
        yield app, account_that_sends(username)


def _act(
    name: str, draft_id: int, username: str, act: Callable[[NoticeDraft, Viewer, Flask], Any]
) -> Any:
    with _acting(name, username) as (app, actor), transaction():
        return act(draft_by_id(draft_id, actor), actor, app)


def _previewed(row: NoticeDraft, actor: Viewer, app: Flask) -> dict[str, Any]:
    announcement = announcement_from(row, app.config["SETTINGS"])
    ids = list(db.session.execute(chosen_by(row, actor)).scalars())
    reach = reach_of_draft(row, viewer=actor)
    texts = texts_of(announcement, name="…")
    return _told(row) | {
        "people": len(ids),
        "version": row.digest or digest_of(row, announcement, ids),
        "channels": {
            channel.value: {"reached": reach.reached(channel), "not": dict(objections)}
            for channel, objections in reach.objections.items()
        },
        "left_out": dict(reach.left_out),
        "texts": {
            language: {"subject": texts[language].subject, "text": texts[language].text}
            for language in LANGUAGES
        },
    }


def _told(row: NoticeDraft) -> dict[str, Any]:
    return {
        "draft_id": row.id,
        "fair": row.fair.title,
        "state": row.state.value,
        "setback": row.setback,
        "people": row.head_count,
        "send_at": None if row.send_at is None else row.send_at.astimezone(ZONE).isoformat(),
        "version": row.digest,
        "notice_id": row.notice_id,
    }


def _whole(mark: str, version: str) -> str:
    """The version that a mark of at least eight digits names; else the mark as it stands."""
    return version if len(mark) >= 8 and version.startswith(mark) else mark


def _say(draft_id: int, state: DraftState) -> None:
    words = {
        DraftState.SENT: "has gone out",
        DraftState.WAITING: "waits for a second person's release",
        DraftState.SCHEDULED: "goes out at its time",
    }
    click.echo(f"Draft {draft_id} {words[state]}.")
