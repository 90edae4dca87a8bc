"""`placement notice channels|restart|health|bounces`: the outbox as a whole."""

import sys
from dataclasses import asdict

import click

from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.db import transaction
from placement.errors import InvalidValueError
from placement.notices.bounces.collecting import collect_bounces
from placement.notices.channels import is_offered
from placement.notices.channels.sms import receipts_url
from placement.notices.liveness import STALLED_SECONDS, Pulse, take_pulse
from placement.notices.models import Channel
from placement.notices.operations.steering import restart_channel


@click.command()
@FORMAT
def channels(form: str) -> None:
    """Show each channel: what is due, whether it is stopped, where its gateway may report."""
    with command_session("notice channels") as app:
        settings = app.config["SETTINGS"]
        pulses = take_pulse(settings)
        receipts = receipts_url(settings) if is_offered(Channel.SMS, settings) else None
    if form == "json":
        echo_json({"channels": [asdict(pulse) for pulse in pulses], "receipts_url": receipts})
        return
    for pulse in pulses:
        click.echo(_line(pulse))
    if receipts:
        click.echo(f"The SMS gateway reports to {receipts}")


@click.command()
@click.argument("channel", type=click.Choice([Channel.MAIL.value, Channel.SMS.value]))
def restart(channel: str) -> None:
    """Try a channel again that stopped until a person acts."""
    with command_session("notice restart") as app, transaction():
        restart_channel(Channel(channel), actor=None, settings=app.config["SETTINGS"])
    click.echo(f"The channel {channel} is tried again.")


@click.command()
@click.option(
    "--seconds",
    default=STALLED_SECONDS,
    show_default=True,
    help="For how long nothing may move while deliveries are due.",
)
@FORMAT
def health(seconds: int, form: str) -> None:
    """Tell whether the outbox moves; exit code 1 where a channel is stalled or stopped."""
    with command_session("notice health") as app:
        pulses = take_pulse(app.config["SETTINGS"], stalled_seconds=seconds)
    ill = [pulse for pulse in pulses if pulse.stalled or pulse.stopped_reason]
    if form == "json":
        echo_json({"ok": not ill, "channels": [asdict(pulse) for pulse in pulses]})
    else:
        for pulse in pulses:
            click.echo(_line(pulse))
    sys.exit(1 if ill else 0)


@click.command()
def bounces() -> None:
    """Read the mails that have come back now, instead of within five minutes."""
    with command_session("notice bounces") as app:
        place = app.config["SETTINGS"].bounces
        if not place:
            raise InvalidValueError(
                "No mailbox for mails that come back is set.", remedy="Set PLACEMENT_BOUNCES."
            )
        collected = collect_bounces(place)
    click.echo(f"{collected.read:,} mails read, {collected.taken:,} deliveries came back.")


def _line(pulse: Pulse) -> str:
    if pulse.stopped_reason:
        how = f"stopped: {pulse.stopped_reason}"
    elif pulse.stalled:
        how = "stalled: no sender is at work"
    elif pulse.failures:
        how = f"the other side is away, tried {pulse.failures} times"
    else:
        how = "ok"
    return f"{pulse.channel.value}: {how}; due {pulse.due:,}, oldest {pulse.oldest_seconds:.0f} s"
