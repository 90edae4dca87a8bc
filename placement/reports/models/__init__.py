"""What reports keep: counts of all graduates, facts, frozen reports, what was published, tokens."""

from placement.reports.models.baselines import Baseline
from placement.reports.models.facts import (
    FACT_LATER_MOVES,
    FACT_MOVES,
    FACT_SUMS,
    FACTS,
    FactBuild,
    FactTouch,
)
from placement.reports.models.schedules import ReportPage, Rhythm, Schedule, ScheduleState
from placement.reports.models.snapshots import Publication, Snapshot, SnapshotState
from placement.reports.models.tokens import ApiToken, TokenScope

__all__ = [
    "FACTS",
    "FACT_LATER_MOVES",
    "FACT_MOVES",
    "FACT_SUMS",
    "ApiToken",
    "Baseline",
    "FactBuild",
    "FactTouch",
    "Publication",
    "ReportPage",
    "Rhythm",
    "Schedule",
    "ScheduleState",
    "Snapshot",
    "SnapshotState",
    "TokenScope",
]
