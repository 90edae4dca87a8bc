"""Lay the register: tables, scope functions, row-level security, the audit trail's guards.

Written as SQL, since most of it (policies, functions, triggers) has no other form.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parent.parent / "sql" / "0001"


def upgrade() -> None:
    """Make everything in an empty database."""
    for part in ("functions", "tables", "rules"):
        _run((_SQL / f"{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop everything; all data is lost."""
    _run((_SQL / "drop.sql").read_text(encoding="utf-8"))


def _run(script: str) -> None:
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(script)
