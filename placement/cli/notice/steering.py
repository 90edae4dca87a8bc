"""`placement notice list|show|pause|resume|cancel|retry|resolve`: a notice on its way."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
from flask import Flask

from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.db import db, transaction
from placement.errors import NotVisibleError
from placement.notices.models import (
    ACCOUNT_KINDS,
    FINAL_STATES,
    DeliveryState,
    Notice,
    NoticeState,
    Recipient,
)
from placement.notices.operations.steering import (
    Resolution,
    cancel_notice,
    pause_notice,
    resolve_doubt,
    resume_notice,
    retry_failed,
)
from placement.notices.queries import count_reasons, count_states, recipient_of

_NUMBER = click.argument("notice_id", type=int)
_PEOPLE = {Recipient.STUDENT.value: "people", Recipient.STAFF.value: "of staff"}
_OPEN = [state for state in DeliveryState if state not in FINAL_STATES]
_ONE = click.option("--delivery", "delivery_id", type=int, help="Only this delivery.")


@click.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
@FORMAT
def list_notices(limit: int, form: str) -> None:
    """List notices to audiences, the newest first, with the states of their deliveries."""
    with command_session("notice list"):
        found = db.session.execute(
            db.select(Notice)
            .where(Notice.kind.not_in(ACCOUNT_KINDS))
            .order_by(Notice.id.desc())
            .limit(limit)
        ).scalars()
        notices = [_told(notice) for notice in found]
    if form == "json":
        echo_json({"notices": notices})
        return
    for notice in notices:
        click.echo(_line(notice))
    if not notices:
        click.echo("No notice has been sent yet.")


@click.command()
@_NUMBER
@FORMAT
def show(notice_id: int, form: str) -> None:
    """Show a notice: its states by channel, and why deliveries are held, refused or in doubt."""
    with command_session("notice show"):
        notice = _notice(notice_id)
        told = _told(notice)
        reasons = {state.value: dict(found) for state, found in count_reasons(notice).items()}
    if form == "json":
        echo_json(told | {"reasons": reasons})
        return
    click.echo(_line(told))
    for state, found in reasons.items():
        words = ", ".join(f"{reason} {number:,}" for reason, number in found.items())
        click.echo(f"  {state}: {words}")


@click.command()
@_NUMBER
def pause(notice_id: int) -> None:
    """Send nothing more of a notice until it is resumed."""
    _steer("pause", notice_id, lambda notice, _app: pause_notice(notice, actor=None))
    click.echo(f"Notice {notice_id} is paused; nothing more goes out.")


@click.command()
@_NUMBER
def resume(notice_id: int) -> None:
    """Go on with a paused notice."""
    _steer(
        "resume",
        notice_id,
        lambda notice, app: resume_notice(notice, actor=None, settings=app.config["SETTINGS"]),
    )
    click.echo(f"Notice {notice_id} goes on.")


@click.command()
@_NUMBER
@click.option("--yes", is_flag=True, help="Do not ask; it cannot be taken back.")
def cancel(notice_id: int, yes: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Send nothing more of a notice, ever; what has gone out stays out."""
    if not yes:
        click.confirm(f"Cancel notice {notice_id} for good?", abort=True, err=True)
    _steer("cancel", notice_id, lambda notice, _app: cancel_notice(notice, actor=None))
    click.echo(f"Notice {notice_id} is cancelled; what has gone out stays out.")


@click.command()
@_NUMBER
@_ONE
def retry(notice_id: int, delivery_id: int | None) -> None:
    """Try again what was refused, under the same numbers."""
    changed = _steer(
        "retry",
        notice_id,
        lambda notice, app: retry_failed(
            notice, actor=None, settings=app.config["SETTINGS"], delivery_id=delivery_id
        ),
    )
    click.echo(f"Notice {notice_id}: {changed:,} deliveries are tried again.")


@click.command()
@_NUMBER
@click.argument("resolution", type=click.Choice([r.value for r in Resolution]))
@_ONE
def resolve(notice_id: int, resolution: str, delivery_id: int | None) -> None:
    """Decide about the deliveries in doubt: they arrived, go out again, or stay as they are."""
    changed = _steer(
        "resolve",
        notice_id,
        lambda notice, app: resolve_doubt(
            notice,
            Resolution(resolution),
            actor=None,
            settings=app.config["SETTINGS"],
            delivery_id=delivery_id,
        ),
    )
    click.echo(f"Notice {notice_id}: {changed:,} deliveries decided.")


def _steer(name: str, notice_id: int, act: Callable[[Notice, Flask], Any]) -> Any:
    with command_session(f"notice {name}") as app, transaction():
        return act(_notice(notice_id), app)


def _notice(notice_id: int) -> Notice:
    found = db.session.get(Notice, notice_id)
    if found is None:
        raise NotVisibleError(
            f"There is no notice {notice_id}.", remedy="See `placement notice list`."
        )
    return found


def _told(notice: Notice) -> dict[str, Any]:
    counts = count_states([notice.id])[notice.id]
    return {
        "notice_id": notice.id,
        "kind": notice.kind.value,
        "state": _state(notice, counts.values()),
        "state_reason": notice.state_reason,
        "created_at": notice.created_at.isoformat(),
        "to": recipient_of(notice).value,
        "audience": notice.audience_size,
        "deliveries": {
            channel.value: {state.value: number for state, number in states.items() if number}
            for channel, states in counts.items()
        },
    }


def _state(notice: Notice, counts: Iterable[Mapping[DeliveryState, int]]) -> str:
    # A notice keeps no end of its own, since doubt may be decided or a refusal tried again later.
    waits = any(states.get(state) for states in counts for state in _OPEN)
    over = notice.state is NoticeState.SENDING and not waits
    return "done" if over else notice.state.value


def _line(notice: dict[str, Any]) -> str:
    by_channel = "; ".join(
        f"{channel}: " + ", ".join(f"{state} {number:,}" for state, number in states.items())
        for channel, states in notice["deliveries"].items()
    )
    head = f"{notice['notice_id']:>6}  {notice['created_at'][:16]}  {notice['state']}"
    return f"{head}  {notice['audience']:,} {_PEOPLE[notice['to']]}  {by_channel}"
