"""The jobs: they end at once where somebody is at work, hand over, and sweep once a slot."""

from sqlalchemy import select

from placement.db import db, transaction
from placement.notices.models import Channel
from placement.notices.post import take_post
from placement.queue import DRAIN_DELIVERIES
from placement.work.models import PeriodicRun
from placement.work.periodic import take_slot
from tasks import notices as jobs
from tests.notices.conftest import states


def test_a_drain_sends_what_is_due(tell, sink, audience):
    tell(audience)

    jobs.drain_deliveries("mail", 0)

    assert states() == {"sent": 5}


def test_a_drain_that_is_not_done_hands_over(tell, audience, sent_jobs, monkeypatch):
    tell(audience)
    sent_jobs.clear()
    monkeypatch.setattr(jobs, "is_ending", lambda: True)

    jobs.drain_deliveries("mail", 1)

    assert sent_jobs == [(DRAIN_DELIVERIES, ("mail", 1))]
    assert states() == {"pending": 5}


def test_a_drain_of_a_taken_slot_ends_and_multiplies_nothing(tell, audience, sent_jobs):
    tell(audience)
    sent_jobs.clear()

    with take_post(Channel.MAIL, 0, owner="somebody", lease_seconds=60):
        jobs.drain_deliveries("mail", 0)

    assert sent_jobs == []
    assert states() == {"pending": 5}


def test_a_slot_that_the_settings_no_longer_have_is_not_used(tell, audience, outlet):
    tell(audience)

    jobs.drain_deliveries("mail", outlet.senders)

    assert states() == {"pending": 5}


def test_a_sweep_runs_once_a_slot_however_many_beats_there_are(tell, outlet, audience, sent_jobs):
    tell(audience)
    sent_jobs.clear()

    jobs.sweep_deliveries()
    jobs.sweep_deliveries()

    assert len(sent_jobs) == outlet.senders
    assert len(db.session.execute(select(PeriodicRun)).all()) == 1


def test_a_worker_that_starts_sweeps_in_any_case(tell, audience, sent_jobs):
    tell(audience)
    jobs.sweep_deliveries()
    sent_jobs.clear()

    jobs.sweep_deliveries("start")

    assert sent_jobs


def test_slots_of_earlier_days_are_forgotten(app, superuser):
    superuser.execute(
        "INSERT INTO periodic_runs (name, slot) VALUES ('x', now() - interval '2 days')"
    )

    with transaction():
        first, second = take_slot("x", seconds=3600), take_slot("x", seconds=3600)

    assert (first, second) == (True, False)
    assert len(db.session.execute(select(PeriodicRun)).all()) == 1
