"""The jobs of the reports."""

import time

from flask import current_app

from placement import clock
from placement.db import transaction
from placement.queue import CHECK_FACTS, KEEP_FACTS, MAIL_REPORTS, TAKE_SNAPSHOTS
from placement.reports.checking import check_next
from placement.reports.keeping import keep_facts_when_due
from placement.reports.schedules.operations import mail_due_reports
from placement.reports.snapshots.counting import take_due_snapshots
from placement.services.ending import is_ending
from tasks.context import job

CHECK_SECONDS = 1_800
"""A nation's class takes more than one such while; the next one goes on."""


@job(TAKE_SNAPSHOTS, soft_time_limit=3_600, time_limit=3_660)
def take_snapshots() -> None:
    """Freeze the figures of the last counting day, if nobody has."""
    with transaction():
        take_due_snapshots(clock.today())


# A class of a whole nation takes minutes; a second keeper finds the lock taken and leaves.
@job(KEEP_FACTS, soft_time_limit=3_600, time_limit=3_660)
def keep_facts() -> None:
    """Bring the kept facts up to what is known now, if it is time to."""
    with transaction():
        keep_facts_when_due()


@job(CHECK_FACTS, soft_time_limit=3_600, time_limit=3_660)
def check_facts() -> None:
    """Compare the kept facts with the history, for a while an hour of the night, step by step."""
    end, more = time.monotonic() + CHECK_SECONDS, True
    while more and time.monotonic() < end and not is_ending():
        with transaction():
            more = check_next()


@job(MAIL_REPORTS)
def mail_reports() -> None:
    """Make the mails of the reports that are due, once each whatever number of beats there is."""
    with transaction():
        mail_due_reports(current_app.config["SETTINGS"])
