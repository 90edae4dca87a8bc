"""What students are told without anybody sending it, and reminded of."""

from flask import current_app

from placement import clock
from placement.db import transaction
from placement.desk.notices.daily import tell_students
from placement.fairs.operations.reminding import remind_silent
from placement.queue import TELL_STUDENTS
from tasks.context import job


@job(TELL_STUDENTS)
def tell_and_remind() -> None:
    """Remind of fairs those who are silent, then tell what else there is; each once.

    The rows of what was told keep two of these from telling the same, whenever they run.
    """
    settings = current_app.config["SETTINGS"]
    with transaction():
        remind_silent(settings)
    with transaction():
        tell_students(settings, today=clock.today())
