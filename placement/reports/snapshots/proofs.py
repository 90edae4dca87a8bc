"""The proof of a snapshot: its bytes fit the seal, and history gives the same bytes again."""

import zlib
from dataclasses import dataclass

from placement.errors import PlacementError
from placement.keys import WrongKeyError
from placement.reports.models import Snapshot
from placement.reports.queries.changes import backdated_rows
from placement.reports.snapshots.differences import Differences, differences
from placement.reports.snapshots.freezing import freeze_again
from placement.reports.snapshots.frozen import seal_of
from placement.reports.snapshots.queries import Content, content_of, seal_before


class SnapshotBrokenError(PlacementError):
    """The stored content of a snapshot is not what was sealed."""

    code = "snapshot_broken"
    status = 409


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of proving a snapshot.

    `changed` is None where the recomputed bytes are the same. `backdated` counts the rows of
    history that were entered after the snapshot's moment and recorded before it: they alone
    can make history tell another story.
    """

    snapshot: Snapshot
    changed: Differences | None
    backdated: int

    @property
    def is_whole(self) -> bool:
        """Whether history still gives the very figures and people that were sealed."""
        return self.changed is None or self.changed.same_figures


def prove_snapshot(snapshot: Snapshot) -> Proof:
    """Check the seal, then compute the snapshot again from history at its own moment.

    Ends the transaction under way. Raises SnapshotBrokenError if the stored bytes do not fit
    the seal.
    """
    content = intact_content(snapshot)
    fresh, reading = freeze_again(snapshot, seal_before(snapshot))
    backdated = backdated_rows(reading)
    if fresh == content:
        return Proof(snapshot, None, backdated)
    changed = differences(
        content.figures,
        fresh.figures,
        people_before=content.people,
        people_after=fresh.people,
    )
    return Proof(snapshot, changed, backdated)


def intact_content(snapshot: Snapshot) -> Content:
    """The frozen content, proved against the seal. Raises SnapshotBrokenError."""
    try:
        content = content_of(snapshot)
    except (WrongKeyError, zlib.error, LookupError) as error:
        raise _broken() from error
    if seal_of(content.figures_bytes, content.people_bytes) != snapshot.seal:
        raise _broken()
    return content


def _broken() -> SnapshotBrokenError:
    return SnapshotBrokenError(
        "The content of the snapshot is not what was sealed.",
        remedy="Keep the database as it is and compare it with the last backup.",
    )
