"""The audit trail's job."""

from flask import current_app

from placement.audit.sealing import seal_events
from placement.db import transaction
from placement.queue import SEAL_AUDIT
from tasks.context import job


@job(SEAL_AUDIT)
def seal_audit() -> None:
    """Chain the events that no running transaction can still add to."""
    with transaction():
        seal_events(current_app.config["SETTINGS"].instance)
