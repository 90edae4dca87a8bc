"""What the kept facts answer is what the history answers, whoever writes meanwhile."""

import datetime as dt
import itertools
import threading

import psycopg
import pytest
from sqlalchemy import text

from placement.db import db, transaction
from placement.reference import destinations
from placement.reports.answers import rates_answer
from placement.reports.checking import check_facts
from placement.reports.dimensions import Dimension
from placement.reports.keeping import keep_facts
from placement.reports.queries import cells, changes
from placement.reports.queries.reports import report_rates
from placement.reports.questions import ask
from tests.intake.taking import take, take_samples, undo
from tests.reports.test_kept_facts import keep

BY = [(d,) for d in Dimension] + [
    (Dimension.CATEGORY, Dimension.COLLEGE),
    (Dimension.LEVEL, Dimension.SEX),
]
DAYS = (dt.date(2016, 8, 31), dt.date(2016, 12, 31))


def answer(day, known_at=None):
    return rates_answer(report_rates(ask(2016, day, known_at=known_at, by=BY)))


def answer_by_history(monkeypatch, day, known_at):
    """The answer for a moment as if nothing were kept."""
    with monkeypatch.context() as patch:
        for room in (cells, changes):
            patch.setattr(room, "find_facts", lambda reading: None)
        return answer(day, known_at)


def assert_both_ways_agree(monkeypatch):
    for day in DAYS:
        kept = answer(day)
        known_at = dt.datetime.fromisoformat(kept["known_at"])
        assert kept == answer_by_history(monkeypatch, day, known_at)


WRITE = """
WITH one AS (
    INSERT INTO outcomes (student_id, code, effective_on, reported_by, recorded_at, entered_at)
    SELECT id, %(code)s, %(day)s, 'file', %(moment)s, %(moment)s FROM students
    ORDER BY id OFFSET %(place)s LIMIT 1 RETURNING id, student_id
)
INSERT INTO verifications (outcome_id, student_id, decision, recorded_at, entered_at)
SELECT id, student_id, 'verified', %(moment)s, %(moment)s FROM one WHERE %(verified)s
"""
LOCK = "SELECT pg_advisory_xact_lock_shared((extract(epoch FROM clock_timestamp()) * 1e6)::bigint)"


def write_outcomes(url, stop, written, number):
    """Write outcomes as a writer does: its lock first, then the moment, then the rows."""
    codes = itertools.cycle(("10", "70", "75", "80", "71"))
    with psycopg.connect(url) as connection:
        for turn in itertools.count():
            if stop.is_set():
                return
            connection.execute(LOCK)
            moment = connection.execute("SELECT clock_timestamp()").fetchone()[0]
            day = DAYS[0] + dt.timedelta(days=(turn * 7 + number) % 60 - 30)
            connection.execute(
                WRITE,
                {
                    "code": next(codes),
                    "day": day,
                    "moment": moment,
                    "place": (turn * 3 + number) % 20,
                    "verified": turn % 3 > 0,
                },
            )
            connection.commit()
            written.release()


def test_kept_facts_agree_with_the_history_while_others_write(app, writer, monkeypatch):
    take_samples()
    keep()
    stop, written = threading.Event(), threading.Semaphore(0)
    url = f"{writer.info.dsn} password={writer.info.password}"
    writers = [
        threading.Thread(target=write_outcomes, args=(url, stop, written, number))
        for number in range(2)
    ]
    for thread in writers:
        thread.start()
    try:
        for turn in range(6):
            for _ in range(3):
                assert written.acquire(timeout=60)
            assert_both_ways_agree(monkeypatch)
            if turn % 2:
                keep()
    finally:
        stop.set()
        for thread in writers:
            thread.join()

    assert_both_ways_agree(monkeypatch)
    keep()
    with transaction():
        assert all(check.agrees for check in check_facts())
    assert_both_ways_agree(monkeypatch)


def test_import_and_its_undoing_count_at_once_and_when_kept(app, monkeypatch):
    take_samples()
    keep()
    before = answer(DAYS[1])["total"]
    number, other = db.session.execute(
        text("SELECT student_number FROM students ORDER BY id LIMIT 2")
    ).scalars()

    taken = take(
        "outcomes",
        {"student_number": number, "code": "10", "effective_on": "2016-07-01"},
        {"student_number": other, "code": "80", "effective_on": "2016-09-01"},
        verified=True,
    )
    assert taken["created"] == 2
    assert_both_ways_agree(monkeypatch)
    keep()
    assert answer(DAYS[1])["total"]["placed"] == before["placed"] + 2
    assert_both_ways_agree(monkeypatch)

    undo(taken)
    assert_both_ways_agree(monkeypatch)
    keep()
    assert answer(DAYS[1])["total"] == before
    assert_both_ways_agree(monkeypatch)


@pytest.fixture
def edited_scheme(monkeypatch):
    """Let freelancing count as seeking from now on, under every scheme."""
    as_it_was = {
        scheme: dict(destinations.parts_by_code(scheme)) for scheme in destinations.SCHEMES
    }

    def edit():
        monkeypatch.setattr(
            destinations, "parts_by_code", lambda scheme: as_it_was[scheme] | {"76": "seeking"}
        )

    return edit


def test_scheme_that_places_another_code_is_answered_by_the_history_until_kept(
    app, monkeypatch, edited_scheme
):
    take_samples()
    number = db.session.execute(text("SELECT student_number FROM students ORDER BY id")).scalar()
    row = {"student_number": number, "code": "76", "effective_on": "2016-07-01"}
    take("outcomes", row, verified=True)
    keep()
    before = answer(DAYS[1])["total"]

    edited_scheme()
    at_once = answer(DAYS[1])["total"]
    with transaction():
        again = keep_facts()

    assert before["parts"]["flexible"] == 1
    assert at_once["parts"]["flexible"] == 0
    assert at_once["placed"] == before["placed"] - 1
    assert again.students >= before["registered"]
    assert answer(DAYS[1])["total"] == at_once
    assert_both_ways_agree(monkeypatch)
