"""`placement notice test`: a draft as a mail to oneself."""

import click

from placement.cli.notice.acting import account_that_sends, draft_by_id
from placement.cli.session import command_session
from placement.composing import operations
from placement.composing.texts import LANGUAGES
from placement.db import transaction


@click.command()
@click.argument("draft_id", type=int)
@click.option("--by", "username", required=True, help="Whose act it is, and who gets the mail.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    help="In which language. Default: Chinese.",
)
def test(draft_id: int, username: str, language: str) -> None:
    """Mail a draft to the confirmed address of one's own account, marked as a test."""
    with command_session("notice test") as app, transaction():
        actor = account_that_sends(username)
        operations.send_test(
            draft_by_id(draft_id, actor), language, actor=actor, settings=app.config["SETTINGS"]
        )
    click.echo(f"A test of draft {draft_id} is on its way to {username}; nobody else gets it.")
