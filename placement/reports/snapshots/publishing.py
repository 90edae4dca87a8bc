"""Making a snapshot public: its tables are protected first, as long work, then shown to all."""

from typing import Any

from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.errors import NotAllowedError
from placement.reports.disclosure.printing import printed_before, printed_tables
from placement.reports.disclosure.releases import SMALLEST, Key, Release, rows_of
from placement.reports.disclosure.suppression import Protected, measures_by_table, protect
from placement.reports.models import Publication, Snapshot, SnapshotState
from placement.reports.snapshots.operations import OutOfOrderError, refuse_other_step
from placement.reports.snapshots.proofs import intact_content
from placement.reports.snapshots.queries import figures_of, published_before, snapshot_by_id
from placement.work.models import Work, WorkKind, WorkState
from placement.work.operations import Progress, finish_work, queue_work

_ALWAYS = ("total", "category", "level", "sex")
PROVINCE_TABLES = (*_ALWAYS, "university", "category+university")
UNIVERSITY_TABLES = (*_ALWAYS, "college", "category+college")
"""What is published. Tables of more dimensions would hide nearly all that they hold."""


def ask_to_publish(snapshot: Snapshot, *, publisher: Viewer) -> Work:
    """Queue the publication of a verified snapshot; a worker protects its tables and shows them.

    Raises NotAllowedError for all but the province, OutOfOrderError for a snapshot that is not
    verified, that was corrected since, or whose publication is under way.
    """
    if publisher.role is not Role.PROVINCE:
        raise NotAllowedError("Only the province publishes a snapshot.")
    refuse_other_step(snapshot, SnapshotState.VERIFIED)
    if publication_work(snapshot) is not None:
        raise OutOfOrderError("The publication is under way.", remedy="Wait for it to end.")
    return queue_work(
        WorkKind.PUBLISH,
        input={"snapshot_id": snapshot.id, "publisher_id": publisher.user_id},
        actor_id=publisher.user_id,
    )


def publication_work(snapshot: Snapshot) -> Work | None:
    """The publication of a snapshot that is under way, if one is."""
    return db.session.execute(
        select(Work).where(
            Work.kind == WorkKind.PUBLISH,
            Work.state.in_((WorkState.QUEUED, WorkState.RUNNING)),
            Work.input["snapshot_id"].as_integer() == snapshot.id,
        )
    ).scalar_one_or_none()


def publication_failure(snapshot: Snapshot) -> str | None:
    """Why the last try to publish a snapshot failed, if it did."""
    last = db.session.execute(
        select(Work)
        .where(
            Work.kind == WorkKind.PUBLISH,
            Work.input["snapshot_id"].as_integer() == snapshot.id,
        )
        .order_by(Work.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return last.error if last is not None and last.state is WorkState.FAILED else None


def run_publish_work(work: Work, progress: Progress) -> None:
    """Protect the tables of a snapshot and make it public.

    What is published of the same class and day meanwhile makes it begin again. Raises
    OutOfOrderError if the snapshot has gone on, SnapshotBrokenError if it is not what was sealed.
    """
    publisher_id = int(work.input["publisher_id"])
    while True:
        progress.report(0, 2)
        with transaction():
            snapshot = snapshot_by_id(int(work.input["snapshot_id"]))
            refuse_other_step(snapshot, SnapshotState.VERIFIED)
            intact_content(snapshot)
            newest = release_of(snapshot, figures_of(snapshot))
            before = published_before(snapshot)
            earlier = [_published(publication) for publication in before]
        protected = protect(newest, earlier, at_step=lambda: progress.report(0))
        progress.report(1, 2)
        with transaction():
            snapshot = snapshot_by_id(snapshot.id)
            if len(published_before(snapshot)) == len(before):
                publication = publish(snapshot, protected, publisher_id=publisher_id)
                finish_work(work, result={"publication_id": publication.id})
                return


def publish(snapshot: Snapshot, protected: Protected, *, publisher_id: int) -> Publication:
    """Keep the protected tables and make the snapshot public. Raises OutOfOrderError."""
    refuse_other_step(snapshot, SnapshotState.VERIFIED)
    publication = Publication(
        snapshot_id=snapshot.id,
        tables=printed_tables(protected.release),
        proof={
            "smallest": SMALLEST,
            "small": protected.small,
            "complementary": protected.complementary,
            "narrowest": protected.narrowest,
            "coarsened": [
                {"table": found.table, "left_out": list(found.left_out)}
                for found in protected.coarsened
            ],
        },
    )
    db.session.add(publication)
    snapshot.state = SnapshotState.PUBLIC
    snapshot.published_by, snapshot.published_at = publisher_id, clock.now()
    db.session.flush()
    record_event(
        "snapshot.published",
        actor_id=publisher_id,
        subject=snapshot,
        details={"publication_id": publication.id, "seal": snapshot.seal.hex()},
    )
    return publication


def release_of(snapshot: Snapshot, figures: dict[str, Any]) -> Release:
    """What would be printed of a snapshot if nothing had to be hidden."""
    tables = UNIVERSITY_TABLES if snapshot.university_id else PROVINCE_TABLES
    return Release(_fixed(figures), rows_of(figures["tables"]), measures_by_table(tables))


def _published(publication: Publication) -> Release:
    figures = figures_of(publication.snapshot)
    return printed_before(publication.tables, rows_of(figures["tables"]), _fixed(figures))


def _fixed(figures: dict[str, Any]) -> Key:
    code = figures["university"]
    return frozenset() if code is None else frozenset({("university", code)})
