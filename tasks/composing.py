"""Drafts: those that were released go out at their time."""

from flask import current_app

from placement.composing.operations import send_next_draft
from placement.db import transaction
from placement.queue import SEND_DRAFTS
from tasks.context import job


@job(SEND_DRAFTS)
def send_drafts() -> None:
    """Send every scheduled draft whose time has come, each in a transaction of its own."""
    settings = current_app.config["SETTINGS"]
    more = True
    while more:
        with transaction():
            more = send_next_draft(settings)
