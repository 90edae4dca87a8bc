"""The sweeper: finds from the rows alone what was lost, what is in doubt, what is due."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, DeliveryEvent, DeliveryState, Notice
from placement.notices.operations.circuit import open_circuit, stop_channel
from placement.notices.operations.sweeping import sweep
from placement.queue import DRAIN_DELIVERIES
from tests.notices.conftest import only_delivery, put, states


def swept(settings, **changes):
    with transaction():
        sweep(dataclasses.replace(settings, **changes))


def past() -> dt.datetime:
    return clock.now() - dt.timedelta(seconds=1)


def test_a_claim_whose_lease_is_over_goes_back(tell, outlet, audience):
    tell(audience[:1])
    put(DeliveryState.CLAIMED, lease_until=past())

    swept(outlet)

    delivery = only_delivery()
    assert (delivery.state, delivery.owner, delivery.reason) == ("pending", None, "lease_over")
    assert delivery.attempts == 0


def test_a_claim_under_its_lease_is_left_alone(tell, outlet, audience):
    tell(audience[:1])
    put(DeliveryState.CLAIMED, lease_until=clock.now() + dt.timedelta(minutes=1))

    swept(outlet)

    assert states() == {"claimed": 1}


@pytest.mark.parametrize(
    ("policy", "state", "reason"),
    [
        pytest.param("resend", "pending", "second_copy", id="resend"),
        pytest.param("ask", "uncertain", "sender_lost", id="ask"),
        pytest.param("never", "uncertain_final", "sender_lost", id="never"),
    ],
)
def test_what_was_being_sent_is_in_doubt_and_treated_by_policy(
    tell, outlet, audience, policy, state, reason
):
    tell(audience[:1])
    db.session.execute(select(Notice)).scalar_one().uncertain_policy = policy
    put(DeliveryState.SENDING, lease_until=past(), sending_at=past())

    swept(outlet)

    delivery = only_delivery()
    assert (delivery.state, delivery.reason) == (state, reason)
    story = [e.to_state for e in db.session.execute(select(DeliveryEvent)).scalars()]
    assert "uncertain" in story


def test_a_second_doubt_is_final(tell, outlet, audience):
    tell(audience[:1])
    put(DeliveryState.SENDING, lease_until=past(), uncertain_resends=1)

    swept(outlet)

    assert states() == {"uncertain_final": 1}


def test_a_second_copy_has_the_same_message_id(tell, send, sink, outlet, audience):
    tell(audience[:1])
    sink.at_mail = lambda _address: None
    send()
    assert states() == {"uncertain": 1}
    sink.at_mail = lambda _address: b""

    swept(outlet)
    send()

    delivery = only_delivery()
    assert (delivery.state, delivery.uncertain_resends) == ("sent", 1)
    assert sink.message_ids == [delivery.message_id]


def test_what_is_too_old_expires(tell, outlet, audience, travel):
    tell(audience)
    travel(hours=49)

    swept(outlet)

    assert states() == {"expired": 5}


def test_a_second_copy_that_came_too_late_leaves_the_first_in_doubt(tell, outlet, audience, travel):
    tell(audience[:1])
    put(DeliveryState.PENDING, uncertain_resends=1)
    travel(hours=49)

    swept(outlet)

    assert states() == {"uncertain_final": 1}


def test_quiet_hours_hold_back_and_let_go(tell, outlet, audience):
    tell(audience)

    swept(outlet, mail_quiet_hours="00:00-23:59")
    assert states() == {"held": 5}
    swept(outlet, mail_quiet_hours="off")

    assert states() == {"pending": 5}


def test_a_sender_in_quiet_hours_sends_nothing(tell, send, sink, audience):
    tell(audience)

    send(mail_quiet_hours="00:00-23:59")

    assert sink.recipients == []


def test_channels_with_work_are_woken(tell, outlet, audience, sent_jobs):
    tell(audience)
    sent_jobs.clear()

    swept(outlet)

    assert sent_jobs == [(DRAIN_DELIVERIES, ("mail", slot)) for slot in range(outlet.senders)]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(lambda: open_circuit(Channel.MAIL), id="open-circuit"),
        pytest.param(lambda: stop_channel(Channel.MAIL, reason="log_in_refused"), id="stopped"),
    ],
)
def test_a_channel_in_trouble_is_not_woken(tell, outlet, audience, sent_jobs, trouble):
    tell(audience)
    with transaction():
        trouble()
    sent_jobs.clear()

    swept(outlet)

    assert sent_jobs == []


def test_nobody_is_woken_for_nothing(outlet, sent_jobs):
    swept(outlet)

    assert sent_jobs == []


def test_a_sweep_twice_is_as_good_as_once(tell, outlet, audience):
    tell(audience)
    put(DeliveryState.SENDING, lease_until=past())

    swept(outlet)
    swept(outlet)

    assert states() == {"pending": 5}
    assert set(db.session.execute(select(Delivery.uncertain_resends)).scalars()) == {1}
