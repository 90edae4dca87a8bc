"""What reports keep: counts of all graduates, facts, frozen reports, what was published of them."""

from placement.reports.models.baselines import Baseline
from placement.reports.models.facts import (
    FACT_MOVES,
    FACT_SUMS,
    FACTS,
    FactBuild,
    FactTouch,
)
from placement.reports.models.snapshots import Publication, Snapshot, SnapshotState

__all__ = [
    "FACTS",
    "FACT_MOVES",
    "FACT_SUMS",
    "Baseline",
    "FactBuild",
    "FactTouch",
    "Publication",
    "Snapshot",
    "SnapshotState",
]
