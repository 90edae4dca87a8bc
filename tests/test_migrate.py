"""Bringing the schema up to date, through the command."""

import pytest


@pytest.fixture
def laid_by_another_state(superuser):
    signed = "SELECT obj_description('alembic_version'::regclass, 'pg_class')"
    own = superuser.execute(signed).fetchone()[0]
    superuser.execute("COMMENT ON TABLE alembic_version IS 'another'")
    yield
    superuser.execute(f"COMMENT ON TABLE alembic_version IS '{own}'")


def test_schema_up_to_date_stays_as_it_is(app, command):
    done = command("db", "upgrade")

    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("laid_by_another_state")
def test_tables_of_an_unreleased_state_are_refused_with_the_way_out(command):
    done = command("db", "upgrade")

    assert done.returncode == 1
    assert "an earlier state of this program" in done.stderr
    assert "--fresh" in done.stderr
    assert "Traceback" not in done.stderr
