"""Taking a snapshot as long work: it renews its lease as it goes, and hears of a wish to stop."""

import pytest

from placement.accounts.queries import viewer_of
from placement.db import db, transaction
from placement.reports.models import Snapshot
from placement.reports.snapshots import queries
from placement.reports.snapshots.taking import ask_to_take, run_take_work
from placement.work.models import WorkState
from placement.work.operations import Progress, WorkCancelledError, ask_to_cancel, claim_work
from tests.reports.snapshots.conftest import FINAL


class Watched(Progress):
    """Counts how often the lease is renewed; somebody asks for a stop before one of them."""

    renewed = 0
    stops_before = 0

    def report(self, done, total=None):
        self.renewed += 1
        if self.renewed == self.stops_before:
            raise WorkCancelledError("The work was cancelled.")
        super().report(done, total)


@pytest.fixture
def work(cast, register, monkeypatch):
    """A taking of the province's figures that a worker has taken up, a person a step."""
    monkeypatch.setattr(queries, "_PEOPLE_AT_ONCE", 1)
    with transaction():
        queued = ask_to_take(2016, FINAL, taker=viewer_of(cast.huang))
    with transaction():
        return claim_work(queued.id, owner="worker")


def test_lease_is_renewed_for_people_and_tables(work):
    progress = Watched(work_id=work.id, owner="worker")

    run_take_work(work, progress)

    assert work.state is WorkState.DONE
    tables, people = 11, 5
    assert progress.renewed >= 1 + people + tables


def test_wish_to_stop_ends_it_without_a_snapshot(work):
    progress = Watched(work_id=work.id, owner="worker")
    progress.stops_before = 4

    with pytest.raises(WorkCancelledError):
        run_take_work(work, progress)

    db.session.rollback()
    assert db.session.query(Snapshot).count() == 0
    assert work.state is WorkState.RUNNING


def test_work_that_was_cancelled_says_so_to_the_worker(work):
    with transaction():
        ask_to_cancel(work)

    with pytest.raises(WorkCancelledError):
        run_take_work(work, Progress(work_id=work.id, owner="worker"))
