"""The jobs of the desk."""

from flask import current_app

from placement.db import transaction
from placement.desk.staff_mails import due_people, tell_person
from placement.queue import WRITE_TO_STAFF
from tasks.context import job


@job(WRITE_TO_STAFF, soft_time_limit=1_800, time_limit=1_860)
def write_to_staff() -> None:
    """Tell each of the staff by mail of what waits for them; stopped half-way the rest follows."""
    settings = current_app.config["SETTINGS"]
    with transaction():
        due = due_people(settings)
    for kind, user_id in due:
        with transaction():
            tell_person(kind, user_id, settings=settings)
