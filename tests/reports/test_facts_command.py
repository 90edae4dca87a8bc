"""`placement report facts`: the state of what is kept, keeping it, and checking it."""

import json

import pytest

import placement.cli.report.keeping as commands
from placement.db import db
from placement.locks import Lock
from tests.factories import make_outcome


@pytest.fixture
def facts(typed):
    """Types `placement report facts …` and gives what came of it."""

    def run(*arguments):
        db.session.commit()
        return typed(commands, "report", "facts", *arguments)

    return run


def test_state_of_keeping_from_the_first_writer_to_a_check(cast, facts, superuser):
    make_outcome(cast.lin_mei)

    waiting = facts().output
    kept = facts("--keep")
    checked = json.loads(facts("--check", "--format", "json").stdout)

    assert "Nothing is kept" in waiting
    assert "wait; their figures are read from the history meanwhile" in waiting
    assert "2016  " in kept.output
    assert "not checked yet" in kept.output
    assert "Nobody waits." in kept.output
    assert checked["agrees"] is True
    assert checked["waiting"] == {"students": 0, "since": None}
    assert [one["differing"] for one in checked["classes"]] == [0]

    superuser.execute("UPDATE facts SET verified_code = '70' WHERE verified_code = '10'")
    differs = facts("--check")

    assert differs.exit_code == 1
    assert "not used, since a check found that they differ" in differs.output
    assert facts("--keep", "--check").exit_code == 0


def test_second_keeper_is_told_to_wait(cast, facts, superuser):
    superuser.execute("SELECT pg_advisory_lock(%s, 0)", [Lock.FACTS.value])
    try:
        refused = facts("--keep")
    finally:
        superuser.execute("SELECT pg_advisory_unlock(%s, 0)", [Lock.FACTS.value])

    assert refused.exit_code == 1
    assert "Wait for it to end" in refused.stderr
