"""Each piece of work is woken in the lane of its kind, and found again there."""

from placement import queue
from placement.db import db, transaction
from placement.work.models import WorkKind
from placement.work.operations import queue_work
from tasks.work import sweep_work


def test_what_an_office_waits_for_never_waits_behind_an_import(app, sent_jobs):
    with transaction():
        works = {kind: queue_work(kind, input={}, actor_id=None).id for kind in WorkKind}
    sweep_work()
    db.session.rollback()

    office = {WorkKind.SNAPSHOT, WorkKind.PUBLISH, WorkKind.EXPORT}
    expected = [
        (queue.RUN_OFFICE_WORK if kind in office else queue.RUN_WORK, (number,))
        for kind, number in works.items()
    ]
    assert sent_jobs == expected + expected
    assert queue.RUN_OFFICE_WORK.queue != queue.RUN_WORK.queue
