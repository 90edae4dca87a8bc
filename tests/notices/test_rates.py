"""Rates: no second carries more than its share, in all and for each domain."""

import dataclasses
import datetime as dt
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from placement import clock
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery
from placement.notices.operations.claiming import claim_deliveries
from placement.notices.operations.rates import capacity, spend, tokens_of
from tests.factories import make_student
from tests.notices.conftest import states


@pytest.fixture
def crowd(cast):
    return [
        make_student(cast.university, email=f"s{n}@{'big' if n < 12 else 'small'}.example")
        for n in range(16)
    ]


def claim(outlet, **rates):
    limited = dataclasses.replace(outlet, **rates)
    with transaction():
        return claim_deliveries(Channel.MAIL, owner="me", limit=50, settings=limited)


def test_without_limits_a_claim_is_a_batch(tell, outlet, crowd):
    tell(crowd)

    taken = claim(outlet, mail_rate=0, mail_domain_rate=0)

    assert len(taken.deliveries) == 16


def test_a_rate_in_all_lets_a_few_go_and_says_how_long_to_wait(tell, outlet, crowd):
    tell(crowd)

    first = claim(outlet, mail_rate=5, mail_domain_rate=0)
    second = claim(outlet, mail_rate=5, mail_domain_rate=0)

    assert len(first.deliveries) == 1
    assert len(second.deliveries) == 0
    assert 0 < second.wait_seconds <= 0.2


def test_a_full_domain_does_not_hold_up_the_others(tell, outlet, crowd):
    tell(crowd)

    taken = claim(outlet, mail_rate=0, mail_domain_rate=1)

    domains = Counter(d.address.rpartition("@")[2] for d in taken.deliveries)
    assert domains == {"big.example": 1, "small.example": 1}


def test_a_domain_gets_its_next_when_its_time_has_come(tell, outlet, crowd):
    tell(crowd)
    claim(outlet, mail_rate=0, mail_domain_rate=20)

    waiting = claim(outlet, mail_rate=0, mail_domain_rate=20)
    deadline = time.monotonic() + 10
    while not (taken := claim(outlet, mail_rate=0, mail_domain_rate=20)).deliveries:
        assert time.monotonic() < deadline

    assert waiting.deliveries or waiting.wait_seconds is not None
    assert len(taken.deliveries) <= 2


@pytest.mark.parametrize("rate", [1, 2, 10, 40, 1000])
@given(gaps=st.lists(st.floats(0.0005, 1.0), min_size=20, max_size=60))
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_bucket_gives_its_whole_rate_and_no_more(app, rate, gaps):
    # A sender that has to wait comes again within what a bucket holds beside the next message.
    at = begun = clock.now()
    spend({"bucket": 0.0}, at=at)
    given_out = []
    for gap in gaps:
        at += dt.timedelta(seconds=gap * max(1.0, rate / 20) / rate)
        held = tokens_of(["bucket"], rate, at=at)["bucket"]
        given_out.append(int(held))
        spend({"bucket": held - int(held)}, at=at)
    db.session.rollback()

    allowed = rate * (at - begun).total_seconds()
    assert allowed - 1.001 <= sum(given_out) <= allowed + 0.001
    assert max(given_out) <= capacity(rate)


def test_what_nobody_came_for_in_time_is_not_made_up_for(app):
    at = clock.now()
    spend({"bucket": 0.0}, at=at)

    held = tokens_of(["bucket"], 10, at=at + dt.timedelta(hours=8))["bucket"]

    db.session.rollback()
    assert held == capacity(10) == 2


def test_nothing_due_is_not_a_wait(outlet):
    taken = claim(outlet, mail_rate=5, mail_domain_rate=1)

    assert (list(taken.deliveries), taken.wait_seconds) == ([], None)


def test_the_rate_is_kept_while_sending(tell, send, sink, crowd):
    tell(crowd)
    began = time.monotonic()

    send(mail_rate=40, mail_domain_rate=0)

    took = time.monotonic() - began
    assert states() == {"sent": 16}
    assert took >= (16 - 2) / 40
    moments = sorted(db.session.execute(select(Delivery.sending_at)).scalars())
    for index, moment in enumerate(moments):
        within = [m for m in moments[index:] if (m - moment).total_seconds() < 0.25]
        assert len(within) <= 40 * 0.25 + 3
