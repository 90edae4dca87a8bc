"""F3: the broker is killed, comes back empty, and nobody does anything about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.arena import SWEEP_SECONDS
from tests.faults.broker import Broker
from tests.faults.invariants import check_all, nothing_personal_in_the_broker
from tests.faults.trials import Trial, lose_the_broker

PEOPLE = 800


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    yield broker
    broker.kill()


def test_sending_goes_on_by_itself(superuser, arena, announced, broker):
    arena.redis_url = broker.url
    announced(PEOPLE)

    told = lose_the_broker(
        Trial(arena, lambda: superuser), broker, times=1, away_seconds=2 * SWEEP_SECONDS
    )

    check_all(superuser, arena.log, people=PEOPLE, most_doubts=told.most_doubts)
    nothing_personal_in_the_broker(broker.url)
