"""F8, F9: the clock jumps while a sender holds its claim; the database's disk is full."""

import datetime as dt
from collections import Counter

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from placement import clock
from placement.db import transaction
from placement.notices.operations.sweeping import sweep
from placement.notices.sender import Drained
from tests.notices.conftest import states

_FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON delivery_events EXECUTE FUNCTION full_disk()
"""


@pytest.fixture(autouse=True)
def right_time():
    yield
    clock.set_offset(dt.timedelta(0))


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_doubles_nobody(tell, send, sink, outlet, audience, hours):
    tell(audience)
    jumped = []

    def jump(point: str) -> None:
        if point != "after_claim" or jumped:
            return
        jumped.append(point)
        clock.set_offset(dt.timedelta(hours=hours))
        with transaction():
            sweep(outlet)
        send(slot=1)
        clock.set_offset(dt.timedelta(0))

    send(at_point=jump)
    send()

    assert states() == {"sent": 5}
    assert max(Counter(sink.message_ids).values()) == 1
    assert len(sink.kept) == 5


def test_a_full_disk_loses_nothing_and_doubles_nobody(
    tell, send, sink, outlet, audience, superuser, monkeypatch
):
    monkeypatch.setattr("placement.notices.sender._LATE_SECONDS", 0.5)
    tell(audience)
    sink.at_mail = lambda _address: _fill(superuser) if len(sink.kept) == 2 else b""

    with pytest.raises((psycopg.Error, DBAPIError)):
        send(seconds=5, stop=lambda: False)
    superuser.execute("DROP TRIGGER full_disk ON delivery_events; DROP FUNCTION full_disk()")
    superuser.execute("UPDATE deliveries SET lease_until = now() WHERE lease_until IS NOT NULL")
    with transaction():
        sweep(outlet)

    assert send() is Drained.DONE
    assert states() == {"sent": 5}
    copies = Counter(sink.message_ids)
    assert len(copies) == 5
    assert sum(copies.values()) <= 5 + 1


def _fill(superuser: psycopg.Connection) -> bytes:
    superuser.execute(_FULL)
    return b""
