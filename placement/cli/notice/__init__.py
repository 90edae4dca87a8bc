"""`placement notice …`: announce, see how it stands, steer it, and see that the outbox moves."""

import click

from placement.cli.groups import Commands
from placement.cli.notice.drafting import (
    discard,
    draft,
    drafts,
    hand_in,
    preview,
    release,
    take_back,
)
from placement.cli.notice.outbox import bounces, channels, health, restart
from placement.cli.notice.reminding import remind
from placement.cli.notice.sending import send, status
from placement.cli.notice.steering import (
    cancel,
    list_notices,
    pause,
    resolve,
    resume,
    retry,
    show,
)
from placement.cli.notice.testing import test


@click.group(cls=Commands)
def notice() -> None:
    """Announce, see how it stands, and steer it."""


for command in (
    *(send, status, list_notices, show, pause, resume, cancel, retry, resolve, remind),
    *(draft, drafts, preview, hand_in, release, take_back, discard, test),
    *(channels, restart, health, bounces),
):
    notice.add_command(command)

commands: list[click.Command] = [notice]
