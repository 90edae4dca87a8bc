"""The jobs of the reports."""

from placement import clock
from placement.db import transaction
from placement.queue import TAKE_SNAPSHOTS
from placement.reports.snapshots.counting import take_due_snapshots
from tasks.context import job


@job(TAKE_SNAPSHOTS, soft_time_limit=3_600, time_limit=3_660)
def take_snapshots() -> None:
    """Freeze the figures of the last counting day, if nobody has."""
    with transaction():
        take_due_snapshots(clock.today())
