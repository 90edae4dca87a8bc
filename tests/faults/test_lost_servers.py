"""F4, F5, F8, F10: servers go away, clocks jump, workers are rolled; nobody missed or doubled."""

import pytest

from placement.db import db
from tests.faults.clocks import compiler
from tests.faults.invariants import check_all
from tests.faults.trials import (
    Outcome,
    Trial,
    hold_the_mail_server,
    lose_the_database,
    lose_the_mail_server,
    roll_the_workers,
    shift_the_clocks,
)

PEOPLE = 1_200

_BREAK_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def trial(superuser, arena, announced) -> Trial:
    announced(PEOPLE)
    return Trial(arena, lambda: superuser)


def survived(trial: Trial, told: Outcome) -> None:
    """Nobody missed, no copy unannounced, doubt no more than the fault explains."""
    check_all(trial.connect(), trial.arena.log, people=PEOPLE, most_doubts=told.most_doubts)


def test_the_database_breaks_off(trial, superuser):
    db.engine.dispose()
    told = lose_the_database(trial, lambda: superuser.execute(_BREAK_OFF), times=3)

    survived(trial, told)


def test_the_mail_server_goes_away(trial):
    told = lose_the_mail_server(trial, away_seconds=1, wait_for_it=False)

    survived(trial, told)


def test_the_mail_server_stands_still(trial):
    told = hold_the_mail_server(trial)

    survived(trial, told)


def test_workers_are_rolled_beside_two_beats(trial):
    told = roll_the_workers(trial, workers=2, beats=2)

    survived(trial, told)


@pytest.mark.skipif(compiler() is None, reason="WRONG CLOCKS NOT TRIED: no C compiler here")
def test_the_clocks_of_the_hosts_are_wrong_and_jump(trial, tmp_path):
    told = shift_the_clocks(trial, tmp_path, hours=(1, -1))

    survived(trial, told)
