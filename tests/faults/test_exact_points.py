"""F2: a sender is killed at each point of its loop, in the middle of its third mail."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from placement.db import transaction
from placement.notices.models import Channel
from placement.notices.operations.sweeping import sweep
from placement.notices.sender import Drained, Orders, drain
from tests.faults.arena import ROOT, Arena, count, wait_until
from tests.notices.sink import Sink

PEOPLE = 6


@dataclass(frozen=True)
class Left:
    """What a dead sender leaves: how many are called sent, how many in doubt, how many arrived."""

    sent: int
    doubtful: int
    arrived: int


@pytest.fixture(scope="module")
def nursery(settings, endpoints, tmp_path_factory) -> Iterator[Callable[[int, str, int], str]]:
    """Ask for a sender that dies: `nursery(port, point, nth)`."""
    arena = Arena(settings, endpoints, tmp_path_factory.mktemp("nursery"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        cwd=ROOT,
        env=arena.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    def ask(port: int, point: str, nth: int) -> str:
        process.stdin.write(f"{port} {point} {nth}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    yield ask
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.mark.parametrize(
    ("point", "nth", "left"),
    [
        pytest.param("before_claim", 1, Left(sent=0, doubtful=0, arrived=0), id="before-claim"),
        pytest.param("after_claim", 1, Left(sent=0, doubtful=0, arrived=0), id="after-claim"),
        pytest.param("after_rcpt", 3, Left(sent=1, doubtful=1, arrived=2), id="after-rcpt"),
        pytest.param(
            "before_sent_commit", 3, Left(sent=1, doubtful=1, arrived=2), id="before-sent-commit"
        ),
        pytest.param(
            "after_sending_commit",
            3,
            Left(sent=2, doubtful=1, arrived=2),
            id="after-sending-commit",
        ),
        pytest.param("after_354", 3, Left(sent=2, doubtful=1, arrived=2), id="after-354"),
        pytest.param("after_dot", 3, Left(sent=2, doubtful=1, arrived=3), id="after-the-dot"),
        pytest.param("after_250", 3, Left(sent=2, doubtful=1, arrived=3), id="after-250"),
    ],
)
def test_a_death_leaves_one_in_doubt_at_most(
    superuser, settings, announced, nursery, sink, point, nth, left
):
    announced(PEOPLE)

    assert nursery(sink.port, point, nth) == "killed"

    assert count(superuser, "state = 'sent'") == left.sent
    assert count(superuser, "state = 'sending'") == left.doubtful
    assert count(superuser, "state IN ('pending', 'claimed')") == PEOPLE - left.sent - left.doubtful
    assert arrived_at(sink, left.arrived) == left.arrived
    _sweep_after_the_lease(superuser, settings)
    assert count(superuser, "state IN ('claimed', 'sending', 'uncertain')") == 0
    assert count(superuser, "uncertain_resends = 1") == left.doubtful
    _finish(settings, sink)
    assert count(superuser, "state = 'sent'") == PEOPLE
    known_twice = len(sink.message_ids) - len(set(sink.message_ids))
    assert len(set(sink.message_ids)) == PEOPLE
    assert known_twice == left.arrived - left.sent


def arrived_at(sink: Sink, mails: int) -> int:
    """How many mails the server has, once what was on its way is in."""
    wait_until(lambda: len(sink.kept) >= mails, seconds=5, what="the mails on their way")
    return len(sink.kept)


def _sweep_after_the_lease(superuser, settings) -> None:
    superuser.execute(
        "UPDATE deliveries SET lease_until = now() - interval '1 second'"
        " WHERE lease_until IS NOT NULL"
    )
    with transaction():
        sweep(settings)


def _finish(settings, sink: Sink) -> None:
    outlet = dataclasses.replace(
        settings,
        smtp_url=f"smtp://127.0.0.1:{sink.port}",
        mail_from="notices@placement.example",
    )
    assert drain(Channel.MAIL, 0, Orders(settings=outlet)) is Drained.DONE
