"""F3: the broker is killed, comes back empty, and nobody does anything about it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from placement.services.ownership import user_for
from placement.services.ports import HOST, choose_port
from placement.services.programs import valkey_program_for
from tests.faults.arena import CONCURRENCY, SWEEP_SECONDS, unfinished, wait_until
from tests.faults.invariants import check_all, nothing_personal_in_the_broker, read_log

PEOPLE = 800


class Broker:
    """A broker of the test's own, which forgets everything when it is killed."""

    def __init__(self, folder: Path) -> None:
        self.port = choose_port(None)
        self.url = f"redis://{HOST}:{self.port}/0"
        self._program = valkey_program_for(user_for(folder), folder)
        self.start()

    def start(self) -> None:
        words = [str(self._program), "--port", str(self.port), "--bind", HOST]
        words += ["--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        wait_until(self._answers, seconds=10, what="the broker")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)

    def forget(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    yield broker
    broker.kill()


def test_sending_goes_on_by_itself(superuser, arena, announced, broker):
    arena.redis_url = broker.url
    announced(PEOPLE)
    arena.start_sink()
    arena.start_beat()
    arena.start_worker()
    wait_until(lambda: len(read_log(arena.log)) > 20, seconds=30, what="the first mails")

    broker.kill()
    kills = sum(arena.kill_a_sender() for _ in range(CONCURRENCY))
    arena.pause(2 * SWEEP_SECONDS, 2 * SWEEP_SECONDS)
    assert unfinished(superuser) > 0
    broker.start()
    broker.forget()
    wait_until(lambda: not unfinished(superuser), seconds=60, what="everything final")

    check_all(superuser, arena.log, people=PEOPLE, most_doubts=kills)
    nothing_personal_in_the_broker(broker.url)
