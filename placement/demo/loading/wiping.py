"""Dropping an earlier demo, and nothing else."""

import shutil
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from placement import migrate
from placement.demo.loading.accounts import ACCOUNTS_FILE
from placement.demo.loading.loading import BEGUN, DemoRefusedError


def wipe_demo(migrate_url: str, instance: Path) -> None:
    """Drop a demo with all that was done in it; an empty database stays as it is.

    The demo may be of an earlier state of the program, whose tables are others.

    Raises DemoRefusedError for a database that holds anything else.
    """
    engine = create_engine(migrate_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            begun, filled = _what_is_there(connection)
    finally:
        engine.dispose()
    if filled and not begun:
        raise DemoRefusedError(
            "This database holds data that are not the demo's; nothing was dropped.",
            remedy="Give the demo an instance of its own: PLACEMENT_INSTANCE=another/folder.",
        )
    if not begun:
        return
    migrate.downgrade(migrate_url, "base")
    migrate.upgrade(migrate_url)
    for leftover in (instance / ACCOUNTS_FILE, instance / "audit-seal.txt"):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(instance / "demo", ignore_errors=True)


def _what_is_there(connection: Connection) -> tuple[bool, bool]:
    """Whether a demo was begun in the database, and whether it holds anybody's universities."""
    if connection.execute(text("SELECT to_regclass('audit_events')")).scalar() is None:
        return False, False
    begun = connection.execute(
        text("SELECT EXISTS (SELECT FROM audit_events WHERE action = :action)"),
        {"action": BEGUN},
    ).scalar()
    filled = connection.execute(text("SELECT EXISTS (SELECT FROM universities)")).scalar()
    return bool(begun), bool(filled)
