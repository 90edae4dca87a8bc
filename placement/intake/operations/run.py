"""One import under way: what was given, what is known, where it writes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from placement.clock import day_of
from placement.history import Recorded
from placement.intake.checks import Checked
from placement.intake.models import Import
from placement.intake.operations.changes import ChangeLog
from placement.intake.operations.options import ImportOptions
from placement.intake.operations.tally import Tally
from placement.intake.operations.universities import Universities

ReportProgress = Callable[[int, int], None]
"""Told how many rows are done, of how many; raises to stop the import."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Where an import writes: its row, the moments of its history, the log of its changes."""

    import_: Import
    recorded: Recorded
    log: ChangeLog
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One import under way; `writing` is none for a preview, which only counts.

    `moment` is the one at which the rows are known: what was learnt later is not looked at.
    """

    options: ImportOptions
    checked: Checked
    tally: Tally
    universities: Universities
    moment: dt.datetime
    report: ReportProgress
    writing: Writing | None = None

    @property
    def today(self) -> dt.date:
        """The day on which the rows were learnt."""
        return day_of(self.moment)
