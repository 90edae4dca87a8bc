"""Periodic jobs: however many beats run, each slot of time has one run."""

from sqlalchemy import text

from placement.db import db

# Slots are counted from 1970 by the database's clock; rows of earlier days are of no use.
_TAKE_SLOT = text(
    """
    WITH swept AS (
        DELETE FROM periodic_runs WHERE name = :name AND slot < now() - interval '1 day'
    )
    INSERT INTO periodic_runs (name, slot)
    VALUES (:name, to_timestamp(floor(extract(epoch FROM now()) / :seconds) * :seconds))
    ON CONFLICT (name, slot) DO NOTHING RETURNING id
    """
)


def take_slot(name: str, *, seconds: int) -> bool:
    """Whether this is the first run of the job `name` in the current slot of `seconds`."""
    taken = db.session.execute(_TAKE_SLOT, {"name": name, "seconds": max(1, seconds)})
    return taken.first() is not None
