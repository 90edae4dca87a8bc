"""`placement notice remind`: the reminder of those who have not answered."""

import click

from placement.cli.session import command_session
from placement.db import db, transaction
from placement.errors import InvalidValueError, NotVisibleError
from placement.fairs.operations.reminding import reminder_moment, set_reminder
from placement.notices.models import Notice


@click.command()
@click.argument("notice_id", type=int)
@click.option("--after-days", type=int, help="So many days after the notice.")
@click.option("--nobody", is_flag=True, help="Remind nobody.")
def remind(notice_id: int, after_days: int | None, nobody: bool) -> None:  # noqa: FBT001 - a flag of click
    """Set after how many days those who have not answered to a fair are reminded."""
    if nobody == (after_days is not None):
        raise InvalidValueError("Say either --after-days or --nobody.")
    with command_session("notice remind"):
        with transaction():
            notice = db.session.get(Notice, notice_id)
            if notice is None:
                raise NotVisibleError(f"There is no notice {notice_id}.")
            set_reminder(notice, after_days=after_days, actor=None)
        due = reminder_moment(notice)
    if due is None:
        click.echo("Nobody is reminded.")
    else:
        click.echo(f"Those who have not answered are reminded at {due:%Y-%m-%d %H:%M}.")
