"""The lookout calls senders stuck when work is there and nothing moves, and never otherwise."""

import dataclasses

import pytest

from placement.db import transaction
from placement.notices.lookout import Lookout
from placement.notices.models import Channel, DeliveryState
from placement.notices.operations.circuit import open_circuit, stop_channel
from placement.notices.operations.claiming import claim_deliveries
from placement.notices.operations.steering import pause_notice
from tests.notices.conftest import only_notice, put

BOUND = 300 + 60


@pytest.fixture
def lookout(outlet):
    return Lookout(outlet, broker_answers=lambda: True)


def _time_passes(lookout, *, seconds: int = BOUND + 1):
    lookout.look(0.0)
    return lookout.look(float(seconds))


def test_due_deliveries_that_do_not_move_are_told_once_a_bound(lookout, tell, audience):
    tell(audience)

    assert lookout.look(0.0) is None
    assert lookout.look(float(BOUND)) is None
    assert lookout.look(BOUND + 1.0) == BOUND + 1
    assert lookout.look(BOUND + 2.0) is None
    assert lookout.look(2 * BOUND + 3.0) == BOUND + 2


@pytest.mark.parametrize("state", [DeliveryState.CLAIMED, DeliveryState.SENDING])
def test_claims_that_nobody_takes_back_are_told(lookout, tell, audience, superuser, state):
    tell(audience)
    put(state)
    superuser.execute("UPDATE deliveries SET owner = 'x', lease_until = now() - interval '1 s'")

    assert _time_passes(lookout) == BOUND + 1


def test_a_move_is_seen(lookout, tell, audience, outlet):
    tell(audience)
    lookout.look(0.0)
    with transaction():
        claim_deliveries(Channel.MAIL, owner="x", limit=1, settings=outlet)

    assert lookout.look(BOUND + 1.0) is None
    assert lookout.look(2 * BOUND + 2.0) == BOUND + 1


@pytest.mark.parametrize("case", ["nothing", "open", "stopped", "paused", "quiet", "not_yet"])
def test_who_waits_is_not_stuck(lookout, tell, audience, outlet, superuser, cast, case):
    if case == "nothing":
        assert _time_passes(lookout) is None
        return
    tell(audience)
    with transaction():
        if case == "open":
            open_circuit(Channel.MAIL)
        elif case == "stopped":
            stop_channel(Channel.MAIL, reason="log_in_refused")
        elif case == "paused":
            pause_notice(only_notice(), actor=None)
    if case == "not_yet":
        superuser.execute("UPDATE deliveries SET next_try_at = now() + interval '1 hour'")
    if case == "quiet":
        quiet = dataclasses.replace(outlet, mail_quiet_hours="00:00-23:59")
        lookout = Lookout(quiet, broker_answers=lambda: True)

    assert _time_passes(lookout) is None


def test_a_broker_that_is_away_is_not_the_fault_of_the_senders(outlet, tell, audience):
    tell(audience)

    assert _time_passes(Lookout(outlet, broker_answers=lambda: False)) is None
