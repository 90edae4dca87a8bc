"""The jobs of the reports."""

from flask import current_app

from placement import clock
from placement.db import transaction
from placement.queue import CHECK_FACTS, KEEP_FACTS, MAIL_REPORTS, TAKE_SNAPSHOTS
from placement.reports.checking import check_facts_nightly
from placement.reports.keeping import keep_facts_when_due
from placement.reports.schedules.operations import mail_due_reports
from placement.reports.snapshots.counting import take_due_snapshots
from tasks.context import job


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
    """Once a night, compare the kept facts with the history."""
    with transaction():
        check_facts_nightly()


@job(MAIL_REPORTS)
def mail_reports() -> None:
    """Make the mails of the reports that are due, once each whatever number of beats there is."""
    with transaction():
        mail_due_reports(current_app.config["SETTINGS"])
