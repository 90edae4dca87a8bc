"""What reports keep: counts of all graduates, frozen reports, what of them was published."""

from placement.reports.models.baselines import Baseline
from placement.reports.models.snapshots import Publication, Snapshot, SnapshotState

__all__ = ["Baseline", "Publication", "Snapshot", "SnapshotState"]
