"""Work that fails says so, whatever it leaves behind."""

import pytest
from sqlalchemy import text

from placement.db import db, transaction
from placement.errors import InvalidValueError
from placement.work.models import Work, WorkKind
from placement.work.operations import queue_work
from tasks import work as jobs


def break_the_transaction(work, progress):
    db.session.execute(text("SELECT 1 / 0"))


def refuse_in_a_broken_transaction(work, progress):
    try:
        break_the_transaction(work, progress)
    except Exception as error:
        raise InvalidValueError("Nothing divides by zero.") from error


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (break_the_transaction, "Something went wrong; nothing was changed. Try again."),
        (refuse_in_a_broken_transaction, "Nothing divides by zero."),
    ],
)
def test_work_that_breaks_its_transaction_is_told_as_failed(
    app, sent_jobs, monkeypatch, handler, told
):
    monkeypatch.setitem(jobs.HANDLERS, WorkKind.RECOMMEND, handler)
    with transaction():
        number = queue_work(WorkKind.RECOMMEND, input={}, actor_id=None).id

    jobs.run_work(number)

    db.session.rollback()
    work = db.session.get(Work, number)
    assert (work.state, work.error) == ("failed", told)
